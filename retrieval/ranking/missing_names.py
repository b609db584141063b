"""
States, places and bodies that the question names but none of the first passages does.

"Who is Japan's minister of defence?" is not answered by a paragraph about another country's. Passages leave out much of
what was asked, but hardly ever a name: of the 882 development questions that contain a listed name and have the right
passage among the first three, four find it in none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from retrieval.language.analyzer import WORD
from retrieval.language.spelling import exact_key, folded_key

MISSING_NAME_BOOST = (
    -4.0
)  # to the confidence, in log odds; set by hand, since the development sets have no such questions


def missing_names(names: Sequence[Sequence[str]], texts: Iterable[str]) -> tuple[str, ...]:
    """
    The names that no text contains in any wording, each as typed.

    The first wording of a name is the typed one.

    Example: [("Nhật Bản", "Japan"), ("Lào", "Laos")], ["Đoàn Lào đến thăm."] -> ("Nhật Bản",)
    """
    if not names:
        return ()
    held = list(texts)
    return tuple(wordings[0] for wordings in names if not any(_holds(text, name) for name in wordings for text in held))


def _holds(text: str, name: str) -> bool:
    """
    Whether a text contains the words of a name side by side.

    Example: "ở Xin ga po", "Xin-ga-po" -> True
    """
    # One bare syllable may be many words ("Nhật", "nhất"); two in a row hardly ever are.
    key = folded_key if len(WORD.findall(name)) > 1 else exact_key
    words, sought = (f" {' '.join(map(key, WORD.findall(part)))} " for part in (text, name))
    return sought in words
