"""
Join the lines of a paragraph, deciding about the hyphens at their ends.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.reading.pdf.characters import HYPHEN

if TYPE_CHECKING:
    from collections.abc import Iterable

_OPEN = re.compile(rf"\w[-{HYPHEN}]$")
_OPEN_NUMBER = re.compile(r"(?<=\d)/$")  # of a document: "01/2024/" "TT-BTC"
_WORD_BEFORE = re.compile(rf"(?<![\w-])[^\W\d_]+(?={HYPHEN}$)")
_WORD_AFTER = re.compile(r"[^\W\d_]+")


def join_lines(lines: Iterable[str], known: frozenset[str] = frozenset()) -> str:
    """
    The lines as one paragraph.

    `known`: the words of the document, which tell a typesetter's hyphen from a word's own.
    """
    words = ""
    for line in lines:
        if _is_line_end_hyphen(words, line, known):
            words = words.removesuffix(HYPHEN) + line
        elif _keeps_hyphen(words, line):
            words = f"{words[:-1]}-{line}"
        elif _OPEN_NUMBER.search(words) and line[:1].isalnum():
            words += line
        else:
            words = f"{words} {line}" if words else line
    return words.replace(HYPHEN, "-")


def _keeps_hyphen(words: str, following: str) -> bool:
    """Whether a final hyphen joins: "2011-" "2013" yes, "kinh tế -" "xã hội" no."""
    return _OPEN.search(words) is not None and following[:1].isalnum()


def _is_line_end_hyphen(words: str, following: str, known: frozenset[str]) -> bool:
    """
    Whether a final hyphen is the typesetter's, not the word's own ("Nam Xu-đăng").

    Only the document can tell: it has "organization" elsewhere, and "organi-zation" nowhere.
    """
    before, after = _WORD_BEFORE.search(words), _WORD_AFTER.match(following)
    if not before or not after or not (before[0] + after[0]).isascii() or not after[0].islower():
        return False
    return before[0] + after[0] in known and f"{before[0]}-{after[0]}" not in known
