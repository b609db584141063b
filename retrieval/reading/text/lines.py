"""
Lines of a text: stripped stretches between newlines, with their offsets.

Saved pages are read line by line because a browser writes one line per element. In hard-wrapped text the lines of a
paragraph are joined first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from retrieval.language.sentence import split_sentences

# The end of a sentence, then closing quotes or brackets and a footnote number.
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*[\d¹²³⁴⁵⁶⁷⁸⁹⁰]{0,2}$")
_LIST_ITEM = re.compile(r"^(?:[-+*•–]\s|\d{1,3}[.)]\s|[a-zđ][.)]\s)")
_PROSE = 100  # characters: a sentence this long is a paragraph, not a headline
_WIDEST_WRAP = 120  # characters; editors and mail programs wrap at 65 to 100


@dataclass(frozen=True, slots=True)
class Line:
    """A nonblank line: source[start:end] == text; `gap`: a blank line precedes."""

    text: str
    start: int
    end: int
    gap: bool = False

    @property
    def ends_sentence(self) -> bool:
        """Whether it ends like a sentence."""
        return _SENTENCE_END.search(self.text) is not None

    @property
    def is_prose(self) -> bool:
        """Whether it is certainly a paragraph: long and ending like a sentence."""
        return self.ends_sentence and len(self.text) >= _PROSE

    @property
    def words(self) -> list[str]:
        """Its syllables, punctuation left on."""
        return self.text.split()


def lines_of(text: str) -> list[Line]:
    """The nonblank lines of a text, in order."""
    lines: list[Line] = []
    offset, gap = 0, False
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            start = offset + len(raw) - len(raw.lstrip())
            lines.append(Line(stripped, start, start + len(stripped), gap))
        gap = not stripped
        offset += len(raw) + 1
    return lines


def unwrapped_lines_of(text: str) -> list[Line]:
    """The lines of a text; hard-wrapped lines of one paragraph are joined."""
    lines = lines_of(text)
    if not _is_hard_wrapped(lines):
        return lines
    width = _width(lines)
    joined: list[Line] = []
    for line, previous in zip(lines, [None, *lines], strict=False):
        if previous is not None and _continues(previous, line, width):
            first = joined.pop()
            joined.append(Line(text[first.start : line.end], first.start, line.end, first.gap))
        else:
            joined.append(line)
    return joined


def shortened(text: str, limit: int = 90) -> str:
    """Shorten a text at a word to at most `limit` characters, with an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    at_word = head if text[limit - 1] == " " else head.rpartition(" ")[0] or head
    return at_word.rstrip(" ,;:-–—") + "…"


def first_sentence(text: str) -> str:
    """
    The first sentence of a text.

    Example: "Một. Hai." -> "Một."
    """
    sentences = split_sentences(text)
    return text[sentences[0].start : sentences[0].end] if sentences else text.strip()


def _is_hard_wrapped(lines: list[Line]) -> bool:
    pairs = [(a, b) for a, b in pairwise(lines) if not b.gap]
    width = _width(lines)
    if len(pairs) < 2 or not 40 <= width <= _WIDEST_WRAP:
        return False
    # Verse also breaks in mid-sentence, but capitalises lines or varies their length.
    continued = [(a, b) for a, b in pairs if _continues(a, b, width) and _breaks_off(a, b)]
    return len(continued) >= 2 and 2 * len(continued) >= len(pairs)


def _breaks_off(line: Line, following: Line) -> bool:
    return not line.ends_sentence and following.text[0].islower()


def _width(lines: list[Line]) -> int:
    return max((len(line.text) for line in lines), default=0)


def _continues(line: Line, following: Line, width: int) -> bool:
    if following.gap or _LIST_ITEM.match(following.text):
        return False
    # Programs break where the next word no longer fits; people a little earlier.
    return len(line.text) + 1 + len(following.words[0]) > 0.85 * width
