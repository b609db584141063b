"""
Encode text for legacy fonts, by the fonts' published tables.

Independent of the reader's own tables.

TCVN 5712:1993, VN3, and the table of VNI for Windows, both as Unicode letters beside the characters shown by Windows.
"""

from __future__ import annotations

import unicodedata

_TCVN3 = dict(
    zip(
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
        map(
            chr,
            bytes.fromhex(
                "b5b6b7b8b9a8bbbcbdbec6a9c7c8c9cacbaecccecfd0d1aad2d3d4d5d6d7d8dcdddedfe1e2e3e4abe5e6e7e8e9"
                "aceaebecedeeeff1f2f3f4adf5f6f7f8f9fafbfcfdfea1a2a3a4a5a6a7"
            ),
        ),
        strict=True,
    )
)
_SINGLE = dict(zip("ìíỉĩịỵơưđÌÍỈĨỊỴƠƯĐ", "ìíæóòîôöñÌÍÆÓÒÎÔÖÑ", strict=True))
_PLAIN = {"\u0300": "ø", "\u0301": "ù", "\u0309": "û", "\u0303": "õ", "\u0323": "ï", "": ""}
_ROOF = {"\u0300": "à", "\u0301": "á", "\u0309": "å", "\u0303": "ã", "\u0323": "ä", "": "â"}
_BOWL = {"\u0300": "è", "\u0301": "é", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë", "": "ê"}


def in_tcvn3(text: str) -> str:
    """The characters of a TCVN3 font; its marked capitals are small letters in a font of capitals."""
    return "".join(_TCVN3.get(char) or _TCVN3.get(char.lower(), char) for char in text)


def in_vni(text: str) -> str:
    """The characters of a VNI font: a letter, then its mark, both capitals or both small."""
    return "".join(map(_vni, text))


def _vni(char: str) -> str:
    if char in _SINGLE:
        return _SINGLE[char]
    parts = unicodedata.normalize("NFD", char)
    tone = next((mark for mark in parts if mark in _PLAIN), "")
    marks = _ROOF if "\u0302" in parts else _BOWL if "\u0306" in parts else _PLAIN
    base = _SINGLE.get(unicodedata.normalize("NFC", parts[0] + "\u031b"), parts[0]) if "\u031b" in parts else parts[0]
    mark = marks[tone]
    return base + (mark.upper() if char.isupper() else mark)


# RFC 1456, rows of the table by their first byte; VPS after the chart of the Vietnamese Unicode project.
_VISCII = {0x02: "Ẳ", 0x05: "ẴẪ", 0xD0: "Đ", 0xF0: "đ", 0xA1: "ắằặấầẩậẽẹếềểễệốồổỗ", 0xB5: "ộờởị", 0xBD: "ơớ"}
_VISCII |= {0xC6: "ẳẵ", 0xCF: "ỳ", 0xD1: "ứ", 0xD5: "ạỷừử", 0xDB: "ỹỵ", 0xDE: "ỡư", 0xE4: "ảăữẫ", 0xEB: "ẻ"}
_VISCII |= {0xEE: "ĩỉ", 0xF1: "ự", 0xF6: "ỏọụ", 0xFB: "ũủ", 0xFE: "ợ"}
_VPS = {0x86: "ọỗ", 0x89: "ếềểệ", 0x9A: "ýỷỵ", 0xA1: "ắằẳẵặ", 0xA7: "ớ", 0xA9: "ờởỡ", 0xAE: "ợ", 0xB0: "ổ", 0xB6: "ộ"}
_VPS |= {
    0xBA: "ửữ",
    0xBF: "ựầ",
    0xC3: "ấẩẫậđẻ",
    0xCB: "ẹỉễị",
    0xD2: "ồố",
    0xD5: "ỏơ",
    0xD8: "ừứ",
    0xDB: "ũư",
    0xE4: "ảạă",
}
_VPS |= {0xEB: "ẽ", 0xEF: "ĩ", 0xF1: "Đ", 0xF8: "ụ", 0xFB: "ủ", 0xFF: "ỳ", 0xCF: "ỹ"}


def in_viscii(text: str) -> bytes:
    """The bytes of VISCII."""
    return _in_code_page(text, _VISCII)


def in_vps(text: str) -> bytes:
    """The bytes of VPS."""
    return _in_code_page(text, _VPS)


def _in_code_page(text: str, rows: dict[int, str]) -> bytes:
    table = {letter: byte for first, row in rows.items() for byte, letter in enumerate(row, first)}
    return bytes(table.get(char, ord(char)) for char in text)
