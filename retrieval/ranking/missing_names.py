"""
Naming: a state, a place or a body that the question names, and that none of the first passages does.

"Who is Japan's minister of defence?" is not answered by a paragraph about another country's, however alike the rest
is. Passages leave out much of what was asked, but hardly ever a name: of 882 questions of the development sets that
name a listed one and have the right passage among the first three, four find it in none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from retrieval.language.analyzer import WORD
from retrieval.language.spelling import exact_key, folded_key

MISSING_NAME_BOOST = (
    -4.0
)  # of the confidence, in log odds, set by hand: the development sets hold no questions of this kind


def missing_names(names: Sequence[Sequence[str]], texts: Iterable[str]) -> tuple[str, ...]:
    """
    The names that no text holds in any of their wordings, each as it was typed, which is its first wording.
    Example: [("Nhật Bản", "Japan"), ("Lào", "Laos")], ["Đoàn Lào đến thăm."] -> ("Nhật Bản",)
    """
    if not names:
        return ()
    held = list(texts)
    return tuple(wordings[0] for wordings in names if not any(_holds(text, name) for name in wordings for text in held))


def _holds(text: str, name: str) -> bool:
    """Whether the words of a name stand side by side in a text: "Xin-ga-po" in "ở Xin ga po"."""
    # A bare syllable is many words ("Nhật", "nhất"), two in a row are hardly ever others.
    key = folded_key if len(WORD.findall(name)) > 1 else exact_key
    words, sought = (f" {' '.join(map(key, WORD.findall(part)))} " for part in (text, name))
    return sought in words
