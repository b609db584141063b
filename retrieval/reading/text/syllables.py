"""
Tell encodings and legacy fonts by the share of words that are Vietnamese syllables.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from retrieval.language.spelling import fold
from retrieval.language.syllable import is_syllable

MIN_SYLLABLE_SHARE = 0.95  # of the words with diacritics; in a wrong encoding about a tenth are syllables
MIN_MARKED_WORDS = 5  # words with diacritics; fewer may be one foreign name
_WORD = re.compile(r"[^\W\d_]+")
_MARKED = set("ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_STOPS = ("c", "ch", "p", "t")
_BEFORE_STOPS = (["\u0301"], ["\u0323"])
_ABBREVIATION = re.compile("[bcdfghjklmnpqrstvwxzđ]+")  # "nđ", "qđ": no vowel, so no syllable, and no evidence


def syllable_share(text: str) -> tuple[float, int]:
    """The share of non-ASCII words that are Vietnamese syllables, and their number."""
    words = [word for word in _WORD.findall(text.lower()) if not word.isascii() and not _ABBREVIATION.fullmatch(word)]
    return sum(map(_is_vietnamese, words)) / max(1, len(words)), len(words)


@lru_cache(maxsize=1 << 16)  # words repeat
def _is_vietnamese(word: str) -> bool:
    """Whether a small word is a syllable with a tone that its final allows."""
    if not all(char.isascii() or char in _MARKED for char in word) or not is_syllable(fold(word)):
        return False
    tones = [char for char in unicodedata.normalize("NFD", word) if char in _TONES]
    return len(tones) < 2 and (not word.endswith(_STOPS) or tones in _BEFORE_STOPS)
