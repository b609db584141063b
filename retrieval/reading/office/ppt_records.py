"""
The slides of a .ppt out of its records, with olefile.

[MS-PPT]: a stream of nested records; slides are found by way of the persist directory, as PowerPoint does, because a
file that was saved "quickly" still holds its older slides.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrieval.errors import BrokenError, LockedError
from retrieval.reading.document import LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER = struct.Struct("<HHI")
_SLIDE_ATOM, _TEXT_LIST = 1007, 4080
_SLIDE_PLACE, _SLIDE_SHOW, _CURRENT_EDIT, _DIRECTORY = 1011, 1017, 4085, 6002
_TEXT_KIND, _TEXT_WIDE, _TEXT_NARROW, _TEXT_FROM_LIST = 3999, 4000, 4008, 3998
_SLIDES, _NOTES = 0, 2  # instances of the list of texts
_ENCRYPTED = b"\xdf\xc4\xd1\xf3"
_TITLES = (0, 6)  # kinds of text: a title, a centred title
_HIDDEN = 0x04  # of a slide's show flags
_DEEPEST = 40  # records within one another
_MOST_EDITS = 10_000


@dataclass(slots=True)
class Slide:
    """The texts of a slide, paragraphs separated by line breaks, and of its notes."""

    title: str = ""
    texts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class _Record:
    kind: int
    instance: int
    is_container: bool
    body: memoryview

    def children(self, depth: int = 0) -> Iterator[_Record]:
        """The records directly inside."""
        if depth < _DEEPEST:
            yield from _records(self.body)

    def below(self, depth: int = 0) -> Iterator[_Record]:
        """All records inside that hold no others, in order."""
        for child in self.children(depth):
            if child.is_container:
                yield from child.below(depth + 1)
            else:
                yield child


@dataclass(frozen=True, slots=True)
class _Listed:
    """A slide or its notes in the list; `place` is its key in the directory."""

    number: int
    place: int
    texts: list[tuple[int, str]]


def slides_of(data: bytes, source: str) -> list[Slide]:
    """The slides in the order of the show."""
    import olefile

    with olefile.OleFileIO(io.BytesIO(data)) as file:
        if not file.exists("PowerPoint Document") or not file.exists("Current User"):
            raise BrokenError(f"a .ppt holds slides, {source} does not: open it in its own program and save it again")
        stream = memoryview(file.openstream("PowerPoint Document").read())
        user = file.openstream("Current User").read()
    if user[12:16] == _ENCRYPTED:
        raise LockedError(f"a document can be read without a password, {source} cannot: save it without one")
    return list(_Show(stream, struct.unpack_from("<I", user, 16)[0]).slides())


class _Show:
    """A presentation by its directory of places in the stream."""

    def __init__(self, stream: memoryview, edit: int) -> None:
        self._stream = stream
        self._places, document = _directory(stream, edit)
        root = self._at(document)
        lists = [child for child in root.children() if child.kind == _TEXT_LIST] if root else []
        self._slides = [each for texts in lists if texts.instance == _SLIDES for each in _listed(texts)]
        self._notes = {each.number: each for texts in lists if texts.instance == _NOTES for each in _listed(texts)}

    def slides(self) -> Iterator[Slide]:
        """The slides in order, with their notes."""
        for listed in self._slides:
            record = self._at(listed.place)
            if record is None:
                continue
            slide = Slide(is_hidden=_is_hidden(record))
            texts = list(_texts(record, listed.texts))
            titles = [text for kind, text in texts if kind in _TITLES and text.strip()]
            # Programs other than PowerPoint do not say which text is the title: it stands first, in one line.
            slide.title = titles[0] if titles else next((text for _, text in texts[:1] if _may_be_title(text)), "")
            slide.texts = [text for _, text in texts]
            if slide.title:
                slide.texts.remove(slide.title)
            notes = self._notes.get(_notes_number(record))
            notes_record = self._at(notes.place) if notes else None
            if notes and notes_record:
                slide.notes = [text for _, text in _texts(notes_record, notes.texts) if text.strip("*\u200b ")]
            yield slide

    def _at(self, place: int) -> _Record | None:
        start = self._places.get(place)
        return next(_records(self._stream[start:]), None) if start is not None else None


def _records(data: memoryview) -> Iterator[_Record]:
    place = 0
    while place + _HEADER.size <= len(data):
        version, kind, length = _HEADER.unpack_from(data, place)
        place += _HEADER.size
        yield _Record(kind, version >> 4, version & 0xF == 0xF, data[place : place + length])
        place += length


def _directory(stream: memoryview, edit: int) -> tuple[dict[int, int], int]:
    """Where the newest parts begin, by number, and the document's number."""
    places: dict[int, int] = {}
    document = 0
    for _ in range(_MOST_EDITS):
        record = next(_records(stream[edit:]), None) if edit < len(stream) else None
        if record is None or record.kind != _CURRENT_EDIT or len(record.body) < 20:
            break
        before, directory, number = struct.unpack_from("<III", record.body, 8)
        document = document or number
        listing = next(_records(stream[directory:]), None) if directory < len(stream) else None
        if listing is not None and listing.kind == _DIRECTORY:
            places = {**_listing(listing.body), **places}
        if not before or before >= edit:  # each edit stands behind the one before it
            break
        edit = before
    return places, document


def _listing(body: memoryview) -> dict[int, int]:
    places: dict[int, int] = {}
    at = 0
    while at + 4 <= len(body):
        (head,) = struct.unpack_from("<I", body, at)
        first, count = head & 0xFFFFF, min(head >> 20, (len(body) - at - 4) // 4)
        places.update(enumerate(struct.unpack_from(f"<{count}I", body, at + 4), first))
        at += 4 + 4 * count
        if not count:
            break
    return places


def _listed(texts: _Record) -> list[_Listed]:
    found: list[_Listed] = []
    kind = -1
    for record in texts.children():
        if record.kind == _SLIDE_PLACE and len(record.body) >= 16:
            place, _, _, number = struct.unpack_from("<IIII", record.body)
            found.append(_Listed(number, place, []))
        elif record.kind == _TEXT_KIND and len(record.body) >= 4 and found:
            (kind,) = struct.unpack_from("<I", record.body)
            found[-1].texts.append((kind, ""))
        elif record.kind in (_TEXT_WIDE, _TEXT_NARROW) and found and found[-1].texts:
            found[-1].texts[-1] = (kind, _text(record))
    return found


def _texts(slide: _Record, listed: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The texts of a slide's shapes in order, some of them from the list."""
    kind = -1
    for record in slide.below():
        if record.kind == _TEXT_KIND and len(record.body) >= 4:
            (kind,) = struct.unpack_from("<I", record.body)
        elif record.kind in (_TEXT_WIDE, _TEXT_NARROW):
            yield kind, _text(record)
        elif record.kind == _TEXT_FROM_LIST and len(record.body) >= 4:
            (at,) = struct.unpack_from("<I", record.body)
            yield from listed[at : at + 1]


def _text(record: _Record) -> str:
    """The words; in narrow text each byte is the lower half of a code point."""
    text = bytes(record.body).decode("utf-16-le" if record.kind == _TEXT_WIDE else "latin-1", "replace")
    return text.replace("\r", "\n").replace("\v", " ")


def _may_be_title(text: str) -> bool:
    return "\n" not in text.strip() and 0 < len(text.strip()) <= LONGEST_NAME and text.strip()[-1] not in ".;,:"


def _is_hidden(slide: _Record) -> bool:
    shown = next((each for each in slide.children() if each.kind == _SLIDE_SHOW and len(each.body) >= 12), None)
    return shown is not None and bool(shown.body[10] & _HIDDEN)


def _notes_number(slide: _Record) -> int:
    atom = next((each for each in slide.children() if each.kind == _SLIDE_ATOM and len(each.body) >= 20), None)
    return int(struct.unpack_from("<I", atom.body, 16)[0]) if atom else 0
