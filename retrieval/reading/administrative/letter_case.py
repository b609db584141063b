"""
The letter case of names in capitals, taken from the text around them.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_CHARACTERS = 300_000  # of the text that is searched
_MOST_WORDS = 8  # of a part of a phrase that the text nowhere writes whole


def in_case_of_text(text: str, phrase: str) -> str:
    """
    A phrase as the text writes it in small letters, whole or part by part.

    Example: "LUẬT AN NINH MẠNG", in a text with "Quốc hội ban hành Luật An ninh mạng." -> "Luật An ninh mạng"
    """
    spelling = spelling_in_text(text, phrase)
    if not spelling and not is_shouted(phrase):
        return phrase
    spelling = spelling or " ".join(_parts(_line(text), phrase.split()))
    return spelling[:1].upper() + spelling[1:]


def name_in_case_of_text(text: str, name: str) -> str:
    """
    A name as the text writes it in small letters, else as it is printed.

    Which words of a name have capitals cannot be known from it: "Sở Nội vụ", but "Sở Kế hoạch và Đầu tư".
    """
    if not is_shouted(name):
        return spelling_in_text(text, name) or name
    spelling = spelling_in_text(text, name)
    if not spelling:
        parts = list(_known_parts(_line(text), name.split()))
        spelling = " ".join(part or "" for part in parts) if all(parts) else ""
    return f"{spelling[:1].upper()}{spelling[1:]}" or name


def spelling_in_text(text: str, phrase: str) -> str:
    """A text's most frequent spelling of a phrase in small letters, or ""."""
    line = _line(text)
    return _spelling(line, line.lower(), " ".join(phrase.split()))


def with_small_initial(phrase: str) -> str:
    """A phrase whose first word is written small, unless it is an abbreviation."""
    return phrase[:1].lower() + phrase[1:] if phrase[1:2].islower() or phrase[1:2].isspace() else phrase


def is_shouted(phrase: str) -> bool:
    """Whether most of its words with letters are in capitals."""
    words = [word for word in phrase.split() if sum(map(str.isalpha, word)) > 1]
    return sum(map(str.isupper, words)) * 2 > len(words) if words else phrase.isupper()


def _line(text: str) -> str:
    return " ".join(text[:_MOST_CHARACTERS].split())


def _parts(line: str, words: list[str]) -> Iterator[str]:
    """The longest parts that the text writes in small letters, then the other words."""
    at = 0
    for part in _known_parts(line, words):
        yield part or words[at].lower()
        at += len(part.split()) if part else 1


def _known_parts(line: str, words: list[str]) -> Iterator[str | None]:
    """The longest parts that the text writes small; None for each other word with letters."""
    lowered = line.lower()
    start = 0
    while start < len(words):
        ends = range(min(len(words), start + _MOST_WORDS), start + 1, -1)
        found = ((end, _spelling(line, lowered, " ".join(words[start:end]))) for end in ends)
        end, part = next((each for each in found if each[1]), (start + 1, None))
        yield part if part or any(map(str.isalpha, words[start])) else words[start]
        start = end


def _spelling(line: str, lowered: str, phrase: str) -> str:
    """As `spelling_in_text`, of a text in one line."""
    if len(lowered) != len(line):
        return ""
    wanted, found, at = phrase.lower(), Counter[str](), lowered.find(phrase.lower())
    while at >= 0:
        match = line[at : at + len(wanted)]
        if not is_shouted(match) and not (line[at - 1 : at].isalnum() or line[at + len(wanted) :][:1].isalnum()):
            found[match] += 1
        at = lowered.find(wanted, at + 1)
    return found.most_common(1)[0][0] if found else ""
