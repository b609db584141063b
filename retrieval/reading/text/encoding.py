"""
Decode text files: UTF-8, UTF-16 and UTF-32 with and without a mark, or Windows-1258.

UTF-8 and marked UTF-16 and UTF-32 prove themselves, and without a mark the zero bytes of Latin letters tell. A byte or
two that were damaged on the way are a remark. Windows-1258 accepts almost any bytes, so its result has to be
Vietnamese: nearly every non-ASCII word must be a syllable of the language.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

from retrieval.errors import EmptyError, EncodingError
from retrieval.reading.text.mojibake import repair_mojibake
from retrieval.reading.text.syllables import MIN_MARKED_WORDS, MIN_SYLLABLE_SHARE, syllable_share

# Longest marks first: that of UTF-32 begins like that of UTF-16.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_UNMARKED = {"utf-32-le": (4, 3), "utf-32-be": (4, 0), "utf-16-le": (2, 1), "utf-16-be": (2, 0)}  # size, zero's place
_ZEROS = 0.4  # smallest share of the high bytes that are zero; in Vietnamese text three of four
_STRAY_ZEROS = 0.02  # largest share among the other bytes
_PLAIN = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff\ue000-\uf8ff]")
_MOST_BAD = 8  # bytes of an otherwise certain UTF-8: one that is wrong spoils a letter of three
_GOOD_PER_BAD = 10  # fewest letters of several bytes for each bad one
_DAMAGED = re.compile("\ufffd+")
_ETH_WORD = re.compile(r"[^\W\d_]*[\u00d0\u00f0][^\W\d_]*")
_WINDOWS_1252 = {byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xA0)}


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A text in NFC with "\n" newlines, and how many of its bytes could not be read."""

    text: str
    bad_bytes: int = 0


def decode(data: bytes, source: str) -> str:
    """Decode a file's bytes to NFC with "\n" newlines; EncodingError or EmptyError otherwise."""
    return decode_text(data, source).text


def decode_text(data: bytes, source: str) -> DecodedText:
    """The same, with the number of bytes that could not be read."""
    wide = _wide(data, source)
    found, bad_bytes = (wide, 0) if wide else _utf_8(data, source)
    text = normalize(repair_mojibake(found, source))
    if not text.strip():
        raise EmptyError(f"a document holds text, {source} is blank: fill it or remove it")
    return DecodedText(text, bad_bytes)


def normalize(text: str) -> str:
    """Normalise to NFC with "\\n" newlines, the form of every Document's text."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def restore_d(text: str) -> str:
    """
    Replace the Icelandic letter that looks like Đ in Vietnamese words and in abbreviations.

    Example: "Ðiều 5 NÐ-CP" with U+00D0 -> the same with U+0110
    """
    return _ETH_WORD.sub(_with_d, text) if "\u00d0" in text or "\u00f0" in text else text


def _with_d(word: re.Match[str]) -> str:
    replaced = word[0].replace("\u00d0", "Đ").replace("\u00f0", "đ")
    is_word = syllable_share(replaced)[0] == 1 or replaced.isupper()
    return replaced if is_word else word[0]


def decode_windows_1252(data: bytes) -> str:
    """
    Decode Windows-1252, with its five undefined bytes as Latin-1, as in browsers.
    """
    return data.decode("latin-1").translate(_WINDOWS_1252)


def _wide(data: bytes, source: str) -> str:
    """The text in UTF-16 or UTF-32, "" if it is in neither."""
    mark, encoding = next(((mark, name) for mark, name in _MARKS.items() if data.startswith(mark)), (b"", ""))
    encoding = encoding or next((name for name in _UNMARKED if _looks_like(data, name)), "")
    if not encoding:
        return ""
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise EncodingError(
            f"a text that is marked as {encoding[:6].upper()} is in it, {source} is not from offset "
            f"{error.start + len(mark)} on: save it again with the encoding UTF-8"
        ) from None
    if "\0" in text or (not mark and _PLAIN.search(text)):
        raise EncodingError(f"a document is text, {source} holds NUL characters: save it as plain text in UTF-8")
    return text


def _looks_like(data: bytes, encoding: str) -> bool:
    """Whether the bytes that are zero in Latin letters are, and the others are not."""
    size, place = _UNMARKED[encoding]
    if len(data) % size or b"\0" not in data or len(data) < 2 * size:
        return False
    columns = [data[at::size] for at in range(size)]
    zeros = [column.count(0) / len(column) for column in columns]
    low = size - 1 - place if size == 4 else 1 - place
    others = [share for at, share in enumerate(zeros) if at not in (place, low) and size == 4]
    return zeros[place] >= _ZEROS and zeros[low] <= _STRAY_ZEROS and all(share >= _ZEROS for share in others)


def _utf_8(data: bytes, source: str) -> tuple[str, int]:
    if b"\0" in data:
        raise EncodingError(f"a document is text, {source} holds NUL bytes: save it as plain text in UTF-8")
    try:
        return data.decode("utf-8-sig"), 0
    except UnicodeDecodeError as error:
        text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
        bad = text.count("\ufffd")
        if bad <= _MOST_BAD and _letters(text) >= _GOOD_PER_BAD * bad:
            return _DAMAGED.sub("\ufffd", text), len(_DAMAGED.findall(text))
        text = _windows_1258(data)
        if text:
            return text, 0
        raise EncodingError(
            f"a document is UTF-8, UTF-16, UTF-32 or Windows-1258, {source} is none of them surely "
            f"(byte {data[error.start]:#04x} at offset {error.start}): save it again with the encoding UTF-8"
        ) from None


def _letters(text: str) -> int:
    """How many letters took several bytes."""
    return sum(not char.isascii() and char.isalpha() for char in text)


def _windows_1258(data: bytes) -> str:
    """The text if it is Vietnamese in Windows-1258 (combining tones); else ""."""
    try:
        text = unicodedata.normalize("NFC", data.decode("cp1258"))
    except UnicodeDecodeError:
        return ""
    share, count = syllable_share(text)
    return text if share >= MIN_SYLLABLE_SHARE and count >= MIN_MARKED_WORDS else ""
