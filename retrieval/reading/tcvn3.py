"""
TCVN3 (ABC), the font encoding of Vietnamese offices before Unicode: "Céng hßa" is "Cộng hòa".

Converted only when nearly every marked word becomes a syllable. Its fonts of capitals share their codes with small
letters, so a single capital's case may be lost: the citation says that the letters were converted.
"""

from __future__ import annotations

import re

from retrieval.reading.encoding import FEWEST, SURE, normalized, share_of_syllables, windows_1252

_CODES = "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢£¤¥¦§"
_LETTERS = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂÊÔƠƯĐ"
_TABLE = str.maketrans(_CODES, _LETTERS)
_WORD = re.compile(r"[^\W\d_]+")


def text_in_tcvn3(data: bytes) -> str:
    """The text if it surely is Vietnamese in TCVN3, else ""."""
    text = normalized(windows_1252(data).translate(_TABLE))
    share, count = share_of_syllables(text)
    return _WORD.sub(_in_one_case, text) if b"\0" not in data and share >= SURE and count >= FEWEST else ""


def _in_one_case(word: re.Match[str]) -> str:
    plain = "".join(char for char in word[0] if char.isascii())
    return word[0].upper() if len(plain) > 1 and plain.isupper() else word[0]
