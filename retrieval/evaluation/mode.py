"""
How questions are typed in an evaluation: with all, half or none of their diacritics.
"""

from __future__ import annotations

import random
import unicodedata
from typing import Literal

from retrieval.language.analyzer import WORD
from retrieval.language.spelling import nfc

Mode = Literal["full", "half", "bare"]
MODES: tuple[Mode, ...] = ("full", "half", "bare")

_BARE_SHARE = 0.5  # of the words of a half-typed question


def typed_as(text: str, mode: Mode) -> str:
    """The question as it is typed in a mode; full leaves it as it is."""
    if mode == "full":
        return text
    return strip_diacritics(text) if mode == "bare" else half_typed(text)


def half_typed(text: str) -> str:
    """
    Each word without diacritics with probability one half.

    The text is the seed, so that a question is typed alike in every run and in every set.

    Example: "Việt Nam có bao nhiêu tỉnh?" -> "Việt Nam có bao nhieu tỉnh?"
    """
    composed = nfc(text)
    chance = random.Random(composed)  # noqa: S311 - no secret
    return WORD.sub(lambda word: strip_diacritics(word[0]) if chance.random() < _BARE_SHARE else word[0], composed)


def strip_diacritics(text: str) -> str:
    """
    Remove the diacritics, as somebody types who leaves them out; letter case stays.

    Example: "Điện Biên" -> "Dien Bien"
    """
    plain = text.replace("đ", "d").replace("Đ", "D")
    return "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
