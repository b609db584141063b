"""
Chat shorthand ("ko", "ntn"), expanded before a question is searched.

A closed list, for queries only; capitals are left alone because they may be abbreviations.
"""

import re
from dataclasses import dataclass
from functools import cache

from retrieval.language import data_file
from retrieval.language.analyzer import WORD
from retrieval.language.errors import LanguageDataError
from retrieval.language.spelling import nfc

_SOURCE = "shorthand.toml"
# Beside one of these a token is part of a code, an address or a fraction: "k/h", "r&d", "k-9", "ko.vn", "5.k".
_GLUED_BEFORE = re.compile(r"(?:[-/&@_'’]|\w\.)$")
_GLUED_AFTER = re.compile(r"[-/&@_'’]|\.\w")
_NUMBER_BEFORE = re.compile(r"\d\s*$")


@dataclass(frozen=True, slots=True)
class Replacement:
    """A shorthand in the question and its meaning."""

    typed: str
    understood: str


def expand_shorthand(text: str) -> tuple[str, list[Replacement]]:
    """
    Expand the shorthand in a text; returns the text and the replacements, in order.

    Example: "quy định ntn" -> "quy định như thế nào"; "giá 5 k" stays
    """
    meanings = load_shorthand()
    replaced: list[Replacement] = []

    def written_out(match: re.Match[str]) -> str:
        meaning = meanings.get(nfc(match[0]))
        if meaning is None or not _stands_alone(match):
            return match[0]
        replaced.append(Replacement(match[0], meaning))
        return meaning

    return WORD.sub(written_out, text), replaced


def _stands_alone(match: re.Match[str]) -> bool:
    """
    Whether a token is a word, not a unit or a part of a code.

    A unit stands after a number.
    """
    before, after = match.string[: match.start()], match.string[match.end() :]
    if len(match[0]) == 1 and _NUMBER_BEFORE.search(before):
        return False
    return not (_GLUED_BEFORE.search(before) or _GLUED_AFTER.match(after))


@cache
def load_shorthand() -> dict[str, str]:
    """The meaning of each form in data/shorthand.toml."""
    entries = data_file.tables(data_file.read_toml(_SOURCE), "shorthand", source=_SOURCE)
    meanings: dict[str, str] = {}
    for entry in entries:
        meaning = data_file.word(entry, "means", source=_SOURCE)
        for typed in data_file.words(entry, "typed", source=_SOURCE):
            if meanings.setdefault(typed, meaning) != meaning:
                raise LanguageDataError(f"a shorthand has one meaning, {_SOURCE} gives {typed!r} two: remove one")
    return meanings
