"""
Parse RTF into paragraphs of runs, and tables of them.

Rich Text Format Specification 1.9.1. Read are text, fonts, raised letters, styles, tables, notes and text boxes;
pictures, hidden and deleted text are not. Headers and footers are kept apart.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from retrieval.reading.office.rtf_document import Paragraph, Row, RtfCell, RtfDocument, Run, Vertical
from retrieval.reading.office.rtf_tokens import tokens_of
from retrieval.reading.office.rtf_vocabulary import (
    CHARACTERS,
    CODE_PAGES,
    MARGINS,
    PRIVATE_USE,
    PROPERTIES,
    SKIPPED,
    STARRED,
    SYMBOL_CHARSET,
    State,
    Way,
)
from retrieval.reading.text.encoding import decode_windows_1252
from retrieval.reading.text.legacy_font import legacy_font_named

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.reading.office.rtf_tokens import Token


@dataclass(frozen=True, slots=True)
class _Font:
    name: str
    charset: int


@dataclass(slots=True)
class _Story:
    """Where paragraphs go: the body, a note, a list number or a text box."""

    items: list[Paragraph | Row] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    cell: list[Paragraph] = field(default_factory=list)
    cells: list[list[Paragraph]] = field(default_factory=list)

    @property
    def paragraphs(self) -> list[Paragraph]:
        """Its paragraphs, those of rows among them."""
        return [
            paragraph
            for item in self.items
            for paragraph in (
                [item] if isinstance(item, Paragraph) else [it for cell in item.cells for it in cell.paragraphs]
            )
        ]


@dataclass(slots=True)
class _RowShape:
    """The cells that a row definition announces."""

    edges: list[tuple[int, Vertical, bool]] = field(default_factory=list)
    vertical: Vertical = ""
    horizontal: bool = False
    is_header: bool = False


def parse_rtf(data: bytes) -> RtfDocument:
    """Parse a whole file; damaged groups are read as far as they make sense."""
    parser = _Parser()
    for token in tokens_of(data):
        parser.take(token)
    return parser.finished()


class _Parser:
    """A state machine over tokens."""

    def __init__(self) -> None:
        self._state = State()
        self._stack: list[tuple[State, Callable[[], None] | None]] = []
        self._at_group_end: Callable[[], None] | None = None
        self._starred = False
        self._skip_left = 0
        self._bytes = b""
        self._high = 0  # the first half of a surrogate pair
        self._fonts: dict[int, _Font] = {}
        self._styles: dict[int, str] = {}
        self._definition = _Definition()
        self._default_font = 0
        self._code_page = "cp1252"
        self._shape = _RowShape()
        self._story = _Story()
        self._stories: list[_Story] = []
        self._notes: list[list[Paragraph]] = []
        self._endnotes: set[int] = set()
        self._margins: list[Paragraph] = []
        self._words: dict[str, Callable[[int], None]] = {
            **dict.fromkeys(("par", "sect", "page", "column"), lambda _: self._end_paragraph()),
            "cell": lambda _: self._end_cell(),
            "nestcell": lambda _: self._end_nested_cell(),
            "row": lambda _: self._end_row(),
            "trowd": lambda _: self._define_row(),
            "cellx": self._define_cell,
            "clvmgf": lambda _: self._merge_cell("first"),
            "clvmrg": lambda _: self._merge_cell("next"),
            "clmrg": lambda _: self._merge_cell(horizontal=True),
            "trhdr": lambda _: self._mark_header(),
            "footnote": lambda _: self._begin_note(),
            "ftnalt": lambda _: self._endnotes.add(len(self._notes) - 1),
            "listtext": lambda _: self._begin_story(self._keep_number),
            "pntext": lambda _: self._begin_story(self._keep_number),
            **dict.fromkeys(("shptxt", "dptxbxtext"), lambda _: self._begin_text_box()),
            **dict.fromkeys(MARGINS, lambda _: self._begin_story(self._keep_margin)),
            "ansicpg": self._take_code_page,
            "mac": lambda _: self._take_code_page(10000),
            "deff": self._take_default_font,
        }

    def take(self, token: Token) -> None:
        """Process one token."""
        if token.kind == "text":
            self._take_bytes(token.text)
            return
        self._flush()
        if token.kind == "open":
            self._open()
        elif token.kind == "close":
            self._close()
        else:
            self._take_word(token.name, token.number)

    def finished(self) -> RtfDocument:
        """The document after the last token."""
        self._flush()
        while self._stack:
            self._close()
        self._finish_story()
        return RtfDocument(self._story.items, self._notes, self._endnotes, self._margins)

    def _open(self) -> None:
        self._stack.append((self._state, self._at_group_end))
        self._at_group_end, self._starred, self._skip_left = None, False, 0

    def _close(self) -> None:
        if self._at_group_end:
            self._at_group_end()
        if self._stack:
            self._state, self._at_group_end = self._stack.pop()
        self._starred, self._skip_left = False, 0

    def _take_word(self, name: str, number: int | None) -> None:
        starred, self._starred = self._starred, name == "*"
        if self._state.way == "skip" or name == "*":
            return
        if name == "u" and number is not None:
            self._take_code_point(number)
        elif (starred and name not in STARRED) or name in SKIPPED:
            self._state = replace(self._state, way="skip")
        elif name in CHARACTERS:
            self._write(CHARACTERS[name])
        else:
            self._take_known(name, 1 if number is None else number)

    def _take_known(self, name: str, number: int) -> None:
        if self._state.way in ("fonts", "styles") and name in ("f", "s", "fcharset"):
            self._definition.take(name, number, self._state.way)
        elif name in PROPERTIES:
            self._state = replace(self._state, **PROPERTIES[name](number))
        elif name in self._words:
            self._words[name](number)

    def _take_code_page(self, number: int) -> None:
        self._code_page = "mac-roman" if number == 10000 else f"cp{number}"
        try:
            codecs.lookup(self._code_page)
        except LookupError:
            self._code_page = "cp1252"

    def _take_default_font(self, number: int) -> None:
        self._default_font = number

    def _take_bytes(self, data: bytes) -> None:
        dropped = min(self._skip_left, len(data))
        self._skip_left -= dropped
        if self._state.way != "skip":
            self._bytes += data[dropped:]

    def _take_code_point(self, number: int) -> None:
        code = number % 0x10000
        self._skip_left = self._state.skip
        high, self._high = self._high, 0
        if 0xD800 <= code < 0xDC00:
            self._high = code
        elif 0xDC00 <= code < 0xE000:
            self._write(chr(0x10000 + ((high - 0xD800) << 10) + code - 0xDC00) if high else "\ufffd")
        else:
            self._write(chr(code))

    def _flush(self) -> None:
        """Write the bytes that were collected: letters of two bytes may stand in two tokens."""
        data, self._bytes = self._bytes, b""
        if data:
            self._write(self._decoded(data))

    def _decoded(self, data: bytes) -> str:
        font = self._font
        if legacy_font_named(font.name):
            return decode_windows_1252(data)
        if font.charset == SYMBOL_CHARSET and self._state.way == "text":
            return "".join(chr(PRIVATE_USE + byte) if byte > 0x20 else chr(byte) for byte in data)
        code_page = CODE_PAGES.get(font.charset, self._code_page)
        return decode_windows_1252(data) if code_page == "cp1252" else data.decode(code_page, "replace")

    @property
    def _font(self) -> _Font:
        number = self._state.font if self._state.font >= 0 else self._default_font
        return self._fonts.get(number, _Font("", 0))

    def _write(self, text: str) -> None:
        state = self._state
        if state.way in ("fonts", "styles"):
            self._define(text)
        elif state.way == "text" and not state.hidden and not state.struck:
            self._story.runs.append(Run(text, self._font.name, state.raised))

    def _define(self, text: str) -> None:
        """Keep a font or style at the semicolon after its name."""
        definition = self._definition
        definition.name += text
        name, ended, _ = definition.name.partition(";")
        if ended and self._state.way == "fonts":
            self._fonts[definition.number] = _Font(name.strip(), definition.charset)
        elif ended:
            self._styles[definition.number] = name.strip()
        if ended:
            self._definition = _Definition()

    def _end_paragraph(self) -> None:
        story, state = self._story, self._state
        if not state.in_table and (story.cells or story.cell):
            self._end_row(is_whole=False)
        paragraph = Paragraph(story.runs, self._styles.get(state.style, ""), state.outline)
        story.runs = []
        if state.in_table:
            story.cell.append(paragraph)
        else:
            story.items.append(paragraph)

    def _end_nested_cell(self) -> None:
        """A table within a cell is read as paragraphs of that cell."""
        self._state = replace(self._state, in_table=True)
        self._end_paragraph()

    def _end_cell(self) -> None:
        self._state = replace(self._state, in_table=True)
        self._end_paragraph()
        self._story.cells.append(self._story.cell)
        self._story.cell = []

    def _end_row(self, *, is_whole: bool = True) -> None:
        """A row is whole at its end; cells of one that never ended are paragraphs."""
        story, shape = self._story, self._shape
        cells, rest = story.cells, story.cell
        story.cells, story.cell = [], []
        if is_whole and cells:
            edges = [*shape.edges, *((0, "", False) for _ in cells[len(shape.edges) :])]
            pairs = zip(cells, edges, strict=False)
            story.items.append(Row([RtfCell(words, *edge) for words, edge in pairs], is_header=shape.is_header))
        else:
            story.items.extend(paragraph for cell in cells for paragraph in cell)
        story.items.extend(rest)

    def _define_row(self) -> None:
        self._shape = _RowShape()

    def _define_cell(self, right: int) -> None:
        shape = self._shape
        shape.edges.append((right, shape.vertical, shape.horizontal))
        shape.vertical, shape.horizontal = "", False

    def _merge_cell(self, vertical: Vertical = "", *, horizontal: bool = False) -> None:
        self._shape.vertical = vertical or self._shape.vertical
        self._shape.horizontal = horizontal or self._shape.horizontal

    def _mark_header(self) -> None:
        self._shape.is_header = True

    def _begin_story(self, keep: Callable[[_Story], None]) -> None:
        """Read the rest of the group into a story of its own, then keep it."""
        self._stories.append(self._story)
        self._story = _Story()
        self._state = replace(self._state, way="text", in_table=False, raised=False)

        def finish() -> None:
            self._finish_story()
            story, self._story = self._story, self._stories.pop()
            keep(story)

        self._at_group_end = finish

    def _finish_story(self) -> None:
        if self._story.runs:
            self._end_paragraph()
        self._end_row(is_whole=False)

    def _begin_note(self) -> None:
        place = len(self._notes)
        self._notes.append([])
        self._story.runs.append(Run("", note=place))

        def keep(story: _Story) -> None:
            self._notes[place] = story.paragraphs

        self._begin_story(keep)

    def _keep_number(self, story: _Story) -> None:
        """A list number that the program computed; a bullet is none."""
        runs = [run for paragraph in story.paragraphs for run in paragraph.runs]
        if any(char.isalnum() for run in runs for char in run.text):
            self._story.runs.extend((*runs, Run(" ")))

    def _keep_margin(self, story: _Story) -> None:
        self._margins.extend(story.paragraphs)

    def _begin_text_box(self) -> None:
        def keep(story: _Story) -> None:
            outer = self._story
            if outer.cells or outer.cell:
                outer.cell.extend(story.paragraphs)
            else:
                outer.items.extend(story.paragraphs)

        if self._state.way == "quiet":
            self._begin_story(keep)


@dataclass(slots=True)
class _Definition:
    """A font or style that is being read."""

    number: int = 0
    charset: int = 0
    name: str = ""

    def take(self, word: str, number: int, way: Way) -> None:
        """Take its number or character set; a style names its font too."""
        if word == "fcharset":
            self.charset = number
        elif (word == "f") == (way == "fonts"):
            self.number = number
