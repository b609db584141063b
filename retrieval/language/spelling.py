"""
Keys for comparing Vietnamese syllables: exact up to tone placement, or folded.

Keys exist only in the index and the query; quotes keep their author's spelling.
"""

import re
import unicodedata
from functools import lru_cache

# Combining grave, acute, tilde, hook above, dot below: the five tone marks, in dictionary order.
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}

# Icelandic eth looks the same as Vietnamese đ on screen and is typed by mistake. NFD leaves all of them alone.
_LOOKALIKES = str.maketrans({"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"})
_STROKES = (("đ", "d"), ("Đ", "D"), ("Ð", "D"), ("ð", "d"), ("Ɖ", "D"), ("ɖ", "d"))

_WORD = 12  # letters; longer texts are no words and not cached

# Decomposed: ASCII and combining marks. U+034F, between them, is none.
_VIETNAMESE = re.compile("[\x00-\x7f\u0300-\u034e\u0350-\u036f]*")

# kỹ = kĩ, sỹ = sĩ, quý = quí: y and i are one sound at the end of these open syllables (and only there: thúy
# is not thúi, and a bare "y" is a word of its own).
_FINAL_Y = re.compile(r"^(h|k|l|m|s|t|v|qu)y$")

# được typed as đuợc or đưọc: "uo" with one horn is not a rime of Vietnamese before a final consonant.
_HALF_HORN = re.compile(r"(uơ|ưo)(?=[cimnptu])")


def nfc(text: str) -> str:
    """The composed form (NFC), to which every text is converted on entry."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """
    The lower-case spelling without diacritics, đ included.

    Example: "Điện Biên Phủ" -> "dien bien phu"
    """
    if text.isascii():
        return text.lower()
    return _cached_fold(text) if len(text) <= _WORD else _fold(text)


def _fold(text: str) -> str:
    for letter, bare in _STROKES:  # `str.translate` takes twenty times as long
        text = text.replace(letter, bare)
    decomposed = unicodedata.normalize("NFD", text)
    if _VIETNAMESE.fullmatch(decomposed):  # looking at each character takes ten times as long
        return decomposed.encode("ascii", "ignore").decode("ascii").lower()
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


_cached_fold = lru_cache(maxsize=1 << 15)(_fold)  # a question's words are folded some four hundred times


def is_bare(token: str) -> bool:
    """Whether a token has no diacritics, so that its writer may have left them out."""
    return fold(token) == token.lower()


@lru_cache(maxsize=1 << 16)
def exact_key(syllable: str) -> str:
    """
    One key for all placements of the same tone mark.

    It is the letters, then a digit for the tone.

    Example: "hoà" and "hòa" -> "hoa1", "toán" and "tóan" -> "toan4", "sỹ" and "sĩ" -> "si3"
    """
    lowered = syllable.translate(_LOOKALIKES).lower()
    tone = ""
    letters = []
    for char in unicodedata.normalize("NFD", lowered):
        if char in _TONES:
            tone = tone or _TONES[char]
        else:
            letters.append(char)
    base = _HALF_HORN.sub("ươ", nfc("".join(letters)))
    return _FINAL_Y.sub(r"\1i", base) + tone


@lru_cache(maxsize=1 << 16)
def folded_key(syllable: str) -> str:
    """
    The key without diacritics, by which a bare question matches accented text.

    Example: "quốc" -> "quoc", "sỹ" -> "si"
    """
    return _FINAL_Y.sub(r"\1i", fold(syllable))
