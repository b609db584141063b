"""
Decode text files: UTF-8, UTF-16 with a mark, or Windows-1258.

UTF-8 and marked UTF-16 prove themselves. Windows-1258 accepts almost any bytes, so its result has to be Vietnamese:
nearly every non-ASCII word must be a syllable of the language.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from retrieval.errors import EmptyError, EncodingError
from retrieval.language.spelling import fold
from retrieval.language.syllable import is_syllable

_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_WORD = re.compile(r"[^\W\d_]+")
_MARKED = set("ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_STOPS = ("c", "ch", "p", "t")
_BEFORE_STOPS = (["\u0301"], ["\u0323"])
_ABBREVIATION = re.compile("[bcdfghjklmnpqrstvwxzđ]+")  # "nđ", "qđ": no vowel, so no syllable, and no evidence
MIN_SYLLABLE_SHARE = 0.95  # of the words with diacritics; in a wrong encoding about a tenth are syllables
MIN_MARKED_WORDS = 5  # words with diacritics; fewer may be one foreign name
_WINDOWS_1252 = {byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xA0)}


def decode(data: bytes, source: str) -> str:
    """Decode a file's bytes to NFC with "\\n" newlines; EncodingError or EmptyError otherwise."""
    text = normalize(_utf_16(data, source) or _utf_8(data, source))
    if not text.strip():
        raise EmptyError(f"a document holds text, {source} is blank: fill it or remove it")
    return text


def normalize(text: str) -> str:
    """Normalise to NFC with "\\n" newlines, the form of every Document's text."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def decode_windows_1252(data: bytes) -> str:
    """
    Decode Windows-1252, with its five undefined bytes as Latin-1, as in browsers.
    """
    return data.decode("latin-1").translate(_WINDOWS_1252)


def syllable_share(text: str) -> tuple[float, int]:
    """The share of non-ASCII words that are Vietnamese syllables, and their number; abbreviations do not count."""
    words = [word for word in _WORD.findall(text.lower()) if not word.isascii() and not _ABBREVIATION.fullmatch(word)]
    return sum(map(_is_vietnamese, words)) / max(1, len(words)), len(words)


def _is_vietnamese(word: str) -> bool:
    """Whether a small word is a syllable with at most one tone, before c, ch, p and t the rising or the heavy one."""
    if not all(char.isascii() or char in _MARKED for char in word) or not is_syllable(fold(word)):
        return False
    tones = [char for char in unicodedata.normalize("NFD", word) if char in _TONES]
    return len(tones) < 2 and (not word.endswith(_STOPS) or tones in _BEFORE_STOPS)


def _utf_16(data: bytes, source: str) -> str:
    """The text after a UTF-16 byte order mark, "" if there is none."""
    encoding = _UTF_16.get(data[:2])
    if encoding is None:
        return ""
    try:
        text = data[2:].decode(encoding)
    except UnicodeDecodeError as error:
        raise EncodingError(
            f"a text that is marked as UTF-16 is UTF-16, {source} is not from offset {error.start + 2} on: "
            "save it again with the encoding UTF-8"
        ) from None
    if "\0" in text:
        raise EncodingError(f"a document is text, {source} holds NUL characters: save it as plain text in UTF-8")
    return text


def _utf_8(data: bytes, source: str) -> str:
    if b"\0" in data:
        raise EncodingError(f"a document is text, {source} holds NUL bytes: save it as plain text in UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = _windows_1258(data)
        if text:
            return text
        raise EncodingError(
            f"a document is UTF-8, UTF-16 with its mark, or Windows-1258, {source} is none of them surely "
            f"(byte {data[error.start]:#04x} at offset {error.start}): save it again with the encoding UTF-8"
        ) from None


def _windows_1258(data: bytes) -> str:
    """The text if it is Vietnamese in Windows-1258 (combining tones); else ""."""
    try:
        text = unicodedata.normalize("NFC", data.decode("cp1258"))
    except UnicodeDecodeError:
        return ""
    share, count = syllable_share(text)
    return text if share >= MIN_SYLLABLE_SHARE and count >= MIN_MARKED_WORDS else ""
