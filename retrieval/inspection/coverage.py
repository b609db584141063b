"""
Which paragraph each word of a page was read into, if any.

The words of the file's pages are compared with the paragraphs letter by letter, without asking the reader what it did
with them: what it dropped or changed shows. Each letter of a paragraph can stand for one place only. The longest runs
of words choose first, and what may belong to several paragraphs goes to the nearest.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from retrieval.reading.layout.page_layout import Rectangle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.reading.layout.page_layout import LayoutWord

_DROPPED = {ord(char): None for char in "-\u2010\u2011\u00ad"}  # hyphens: joining lines removes some
_ALIKE = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹Ðð", "0123456789Đđ")  # the reader may have told one from the other by its neighbours
_MARKS: Final = ".,;:!?()[]{}|\"'“”‘’«»…–*•"  # beside words
_SHORT: Final = 6  # letters: a shorter run must be whole words of the paragraph
_ACROSS: Final = 0.01  # weight of a gap beside words: the cells of a row are further apart than its lines
_END = "\0"  # between two paragraphs, and in place of letters that have a place
_CHAIN: Final = 20  # letters of lines that follow one another; fewer may do so by chance
_PASSES: Final = 8  # over lines whose place is known once that of the line before or after is
_MOST_TRIES: Final = 200  # places of the same words that are looked at


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one line that were read into one paragraph, or into none."""

    words: tuple[LayoutWord, ...]
    paragraph: int | None  # its index; None if the words were left out
    is_header: bool = False  # words that name the column of a table's rows

    @property
    def place(self) -> Rectangle:
        """The rectangle around the words."""
        place = self.words[0].place
        for word in self.words[1:]:
            place = place.joined(word.place)
        return place

    @property
    def text(self) -> str:
        """The words."""
        return " ".join(word.text for word in self.words)


@dataclass(slots=True)
class SearchText:
    """A paragraph that may stand on the page, and which letters were found."""

    index: int
    letters: str
    edges: frozenset[int]  # offsets at which words begin or end
    used: bytearray  # one byte for each letter

    @property
    def free(self) -> str:
        """The letters, those with a place blanked out."""
        return "".join(_END if used else letter for letter, used in zip(self.letters, self.used, strict=True))

    @classmethod
    def of(cls, index: int, text: str) -> SearchText:
        """Prepare a text for comparison."""
        letters = [letters_of(word) for word in _words(text)]
        edges = frozenset(accumulate(map(len, letters), initial=0))
        whole = "".join(letters)
        return cls(index, whole, edges, bytearray(len(whole)))


def letters_of(text: str) -> str:
    """The letters that two texts of the same words share, however their lines were joined."""
    bare = "".join(text.split()).translate(_DROPPED).translate(_ALIKE)
    return unicodedata.normalize("NFC", bare)


def runs_of_page(
    lines: Sequence[Sequence[LayoutWord]], texts: Sequence[SearchText], headers: Sequence[str]
) -> list[Run]:
    """
    The words of a page by paragraph, line by line.

    Args:
        lines: the page's words.
        texts: the paragraphs that begin, go on or end on the page; what is found is marked in them.
        headers: the names of the columns of its tables.
    """
    matcher = _Matcher(texts, SearchText.of(-1, " ".join(headers)))
    longest = sorted(range(len(lines)), key=lambda place: -sum(len(word.text) for word in lines[place]))
    found = {place: [run] for place, run in matcher.chains(lines).items()}
    for order, is_beside in ((longest, False), *[(range(len(lines)), True)] * _PASSES):
        missing = [place for place in order if place not in found]
        sure = {place: [run] for place in missing if (run := matcher.only(lines[place], is_beside=is_beside))}
        found |= sure
        if is_beside and not sure:
            break
    found |= {place: list(matcher.parts(lines[place])) for place in longest if place not in found}
    return [run for place in range(len(lines)) for run in found[place]]


@dataclass(slots=True)
class _Matcher:
    """The paragraphs of a page as one string."""

    texts: Sequence[SearchText]
    header: SearchText
    whole: str = ""
    starts: list[int] = field(default_factory=list)
    places: dict[int, list[Rectangle]] = field(default_factory=dict)  # found so far, by position in `texts`

    def __post_init__(self) -> None:
        self.whole = _END.join(text.free for text in self.texts)
        self.starts = list(accumulate((len(text.letters) + 1 for text in self.texts), initial=0))[:-1]

    def chains(self, lines: Sequence[Sequence[LayoutWord]]) -> dict[int, Run]:
        """Lines that follow one another in a paragraph as on the page."""
        letters = [letters_of("".join(word.text for word in line)) for line in lines]
        found: dict[int, Run] = {}
        for chain in sorted(self._chains(letters), key=lambda chain: -sum(len(letters[place]) for place in chain)):
            first = lines[chain[0]]
            free = list(self._free("".join(letters[place] for place in chain)))
            if not free:
                continue  # a longer one took its place
            position, start, _ = min(free, key=lambda at: (self._distance(first, at[0]), at))
            for place in chain:
                end = start + len(letters[place])
                found[place] = self._take(lines[place], position, start, end)
                start = end
        return found

    def _chains(self, letters: Sequence[str]) -> Iterator[range]:
        first = 0
        while first < len(letters):
            end, whole = first, ""
            while end < len(letters) and (whole + letters[end]) in self.whole:
                whole += letters[end]
                end += 1
            if end - first > 1 and len(whole) >= _CHAIN:
                yield range(first, end)
            first = max(end, first + 1)

    def only(self, words: Sequence[LayoutWord], *, is_beside: bool) -> Run | None:
        """A whole line with one place; `is_beside`: one beside words that have theirs."""
        free = list(self._free(letters_of("".join(word.text for word in words))))
        if is_beside:
            free = [at for at in free if self._is_beside(*at)]
        return self._take(words, *free[0]) if len(free) == 1 else None

    def parts(self, words: Sequence[LayoutWord]) -> Iterator[Run]:
        """A line in the fewest parts that have a place, or none."""
        lost: list[LayoutWord] = []
        first = 0
        while first < len(words):
            run = self._longest(words[first:])
            if run is None:
                lost.append(words[first])
                first += 1
                continue
            if lost:
                yield Run(tuple(lost), None)
                lost = []
            yield run
            first += len(run.words)
        if lost:
            yield Run(tuple(lost), None)

    def _longest(self, words: Sequence[LayoutWord]) -> Run | None:
        """The longest run of words from the first on that has a place."""
        for count in range(self._bound(words), -1, -1):
            # At last one word without the marks around it, which may be read into another place.
            text = "".join(word.text for word in words[:count]) if count else words[0].text.strip(_MARKS)
            letters = letters_of(text)
            free = list(self._free(letters))
            if free:
                taken = words[: max(1, count)]
                nearest = min(free, key=lambda at: (not self._is_beside(*at), self._distance(taken, at[0]), at))
                return self._take(taken, *nearest)
            if (
                letters
                and letters in self.header.letters
                and _is_whole(self.header, self.header.letters.find(letters), letters)
            ):
                return Run(tuple(words[: max(1, count)]), None, is_header=True)
        return None

    def _bound(self, words: Sequence[LayoutWord]) -> int:
        """How many words can have a place: a longer run is never found more often."""
        letters = ""
        for count, word in enumerate(words):
            letters += letters_of(word.text)
            if letters not in self.whole and letters not in self.header.letters:
                return count
        return len(words)

    def _free(self, letters: str) -> Iterator[tuple[int, int, int]]:
        """Places of letters that nothing stands for yet: the text's position, first and last offset."""
        start = self.whole.find(letters) if letters else -1
        tries = 0
        while start >= 0 and tries < _MOST_TRIES:
            position = bisect_right(self.starts, start) - 1
            text, offset = self.texts[position], start - self.starts[position]
            if _is_whole(text, offset, letters):
                tries += 1
                yield position, offset, offset + len(letters)
            start = self.whole.find(letters, start + 1)

    def _take(self, words: Sequence[LayoutWord], position: int, start: int, end: int) -> Run:
        text = self.texts[position]
        text.used[start:end] = b"\1" * (end - start)
        first = self.starts[position] + start
        self.whole = f"{self.whole[:first]}{_END * (end - start)}{self.whole[first + end - start :]}"
        run = Run(tuple(words), text.index)
        self.places.setdefault(position, []).append(run.place)
        return run

    def _is_beside(self, position: int, start: int, end: int) -> bool:
        """Whether the letters before or after a place have theirs: lines go on one another."""
        used = self.texts[position].used
        return bool((start and used[start - 1]) or (end < len(used) and used[end]))

    def _distance(self, words: Sequence[LayoutWord], position: int) -> float:
        """How far words are from those found of a paragraph."""
        place = Run(tuple(words), None).place
        return min((_gap(place, other) for other in self.places.get(position, ())), default=0.1)


def _is_whole(text: SearchText, offset: int, letters: str) -> bool:
    """Whether letters are whole words, or many."""
    return len(letters) >= _SHORT or {offset, offset + len(letters)} <= text.edges


def _gap(one: Rectangle, other: Rectangle) -> float:
    across = max(one.left, other.left) - min(one.right, other.right)
    down = max(one.top, other.top) - min(one.bottom, other.bottom)
    return _ACROSS * max(0.0, across) + max(0.0, down)


def _words(text: str) -> Iterator[str]:
    """The words of a text, and the marks before and after each."""
    for token in text.split():
        bare = token.strip(_MARKS)
        before, _, after = token.partition(bare) if bare else (token, "", "")
        yield from filter(None, (before, bare, after))
