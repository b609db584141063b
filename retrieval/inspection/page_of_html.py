"""
A file as it was read, as one page of HTML.

Each of the file's pages stands beside what was read there, and what was left out.

The page needs nothing outside itself and runs nothing: the policy in its head forbids what a hostile document might
smuggle in, and every text is escaped beside.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from retrieval.answering.quote import ORIGINS, UNDATED
from retrieval.inspection.coverage import SearchText, letters_of, runs_of_page
from retrieval.inspection.left_out import left_out_before
from retrieval.inspection.outline_boxes import boxes_of
from retrieval.inspection.page_style import STYLE
from retrieval.inspection.paragraphs import KINDS, paragraphs_with_blocks
from retrieval.inspection.remarks import confidence_text, unread_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.inspection.coverage import Run
    from retrieval.inspection.paragraphs import ReadParagraph
    from retrieval.reading.document import Block, Document
    from retrieval.reading.layout.page_layout import PageLayout, Rectangle

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_LONGEST = 300_000  # letters of a file without pages that are compared with all its words: seconds
_REPEATED = 8  # letters: fewer stand everywhere


@dataclass(slots=True)
class HtmlPage:
    """
    Writes the page of one document, part by part.

    Pages are written in their order, each once: a paragraph may end on the next one.
    """

    document: Document
    paragraphs: list[tuple[Block, ReadParagraph]] = field(init=False)
    _texts: list[SearchText] = field(init=False)
    _everything: str = field(init=False)
    _above: tuple[str, ...] = ()  # the section that was named last

    def __post_init__(self) -> None:
        self.paragraphs = list(paragraphs_with_blocks(self.document))
        self._texts = [
            SearchText.of(index, f"{block.marker} {paragraph.text}")
            for index, (block, paragraph) in enumerate(self.paragraphs)
        ]
        self._everything = "\0".join(text.letters for text in self._texts)

    def head(self, pages: int, drawn: int) -> Iterator[str]:
        """The beginning: metadata, what was left out of the file, and what the colours mean."""
        title, document = escape(self.document.title), self.document
        yield (
            f'<!doctype html>\n<html lang="vi"><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>Bản đọc: {title}</title><style>{STYLE}</style></head>\n<body><header><h1>{title}</h1>"
        )
        facts = (f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in self._facts(pages))
        yield f"<dl>{''.join(facts)}</dl>"
        if document.unread:
            yield f'<p class="unread"><b>Phần không đọc:</b> {escape(unread_text(document.unread))}</p>'
        if document.ocr_confidence:
            yield (
                '<p class="limit">Chữ trên trang quét do phần mềm nhận dạng; chữ không nhận ra thì không có '
                "khung nào: cần đối chiếu với hình.</p>"
            )
        if drawn < pages:
            yield (
                f'<p class="limit">Chỉ {drawn} trong số {pages} trang có hình, để tệp này không quá lớn; phần chữ của '
                "mọi trang vẫn đầy đủ.</p>"
            )
        yield _LEGEND if pages else _LEGEND_WITHOUT_PAGES
        yield "</header>\n<main>"

    def page(self, layout: PageLayout) -> Iterator[str]:
        """A page's picture with outlines, what was read, what was left out."""
        number = layout.number
        runs = self._runs(layout)
        lost = [run for run in runs if run.paragraph is None and not run.is_header]
        is_unread = any(part.kind == "page" and part.page == number for part in self.document.unread)
        yield f'\n<section class="page" id="trang-{number}"><h2>Trang {number}</h2><div class="beside">'
        if layout.image:
            yield self._picture(layout, runs, is_unread=is_unread)
        yield '<div class="read">'
        begin = [index for index, (block, _) in enumerate(self.paragraphs) if (block.page or 1) == number]
        yield from self._list(begin, {run.paragraph for run in runs})
        yield from _goes_on(sorted({run.paragraph for run in runs if run.paragraph is not None} - set(begin)))
        yield from self._left_out(lost, is_unread=is_unread)
        yield "</div></div></section>"

    def flow(self, source_text: PageLayout | None) -> Iterator[str]:
        """The text of a file without pages; `source_text`: all words that it has."""
        yield '\n<section class="flow">'
        is_too_long = len(self._everything) > _LONGEST
        if is_too_long:
            yield '<p class="limit">Tệp quá dài: chưa đối chiếu được với toàn bộ chữ trong tệp.</p>'
        # A legacy font's letters are other letters than those that are read.
        is_comparable = source_text is not None and not self.document.origin and not is_too_long
        after = self._lost_after(source_text) if source_text and is_comparable else {}
        yield from map(_lost, after.get(-1, ()))
        for index, before in left_out_before(self.document, [block for block, _ in self.paragraphs]):
            yield from map(_lost, before)
            if index is not None:
                yield from self._list([index], {index})
                yield from map(_lost, after.get(index, ()))
        yield "</section>"

    def foot(self) -> str:
        """The end."""
        return "</main></body></html>\n"

    def _facts(self, pages: int) -> Iterator[tuple[str, str]]:
        document = self.document
        yield "Tệp", document.source
        facts = {
            "Số, ký hiệu": document.number,
            "Cơ quan ban hành": document.publisher,
            "Tác giả": document.author,
            "Ngày": f"{document.published:%d/%m/%Y}" if document.published else UNDATED,
            "Chữ": ORIGINS[document.origin],
            "Nhận dạng": confidence_text(document.ocr_confidence) if document.ocr_confidence else "",
            "Số trang": str(pages) if pages else "",
            "Số đoạn": str(len(self.paragraphs)),
        }
        yield from ((name, value) for name, value in facts.items() if value)

    def _runs(self, layout: PageLayout) -> list[Run]:
        number = layout.number
        here = [
            text
            for text, (block, _) in zip(self._texts, self.paragraphs, strict=True)
            if block.page and block.page <= number <= (block.last_page or block.page)
        ]
        # A header may stand at the foot of the page before its first row.
        near = (block.context for block, _ in self.paragraphs if block.page in (number, number + 1))
        runs = runs_of_page(layout.lines, here, list(dict.fromkeys(filter(None, near))))
        return [run for run in runs if run.paragraph is not None or any(map(str.isalnum, run.text))]

    def _lost_after(self, source_text: PageLayout) -> dict[int, list[str]]:
        """Words that no paragraph holds, by the paragraph before them; -1: none."""
        headers = list(dict.fromkeys(block.context for block, _ in self.paragraphs if block.context))
        found: dict[int, list[str]] = {}
        last = -1
        for run in runs_of_page(source_text.lines, self._texts, headers):
            if run.paragraph is not None:
                last = run.paragraph
            elif not run.is_header and any(map(str.isalnum, run.text)):
                found.setdefault(last, []).append(run.text)
        return found

    def _picture(self, layout: PageLayout, runs: Sequence[Run], *, is_unread: bool) -> str:
        image = base64.b64encode(layout.image).decode()
        parts = [
            f'<div class="sheet" style="aspect-ratio:{layout.width:.0f}/{layout.height:.0f}">',
            f'<img alt="Trang {layout.number}" src="data:image/jpeg;base64,{image}">',
        ]
        by_paragraph: dict[int, list[Run]] = {}
        for run in runs:
            if run.paragraph is not None:
                by_paragraph.setdefault(run.paragraph, []).append(run)
        for index, own in sorted(by_paragraph.items()):
            boxes = boxes_of(own, [run for run in runs if run.paragraph != index])
            parts += self._outlines(index, boxes, layout.number)
        parts += [_box("lost", run.place, run.text) for run in runs if run.paragraph is None and not run.is_header]
        parts += [_box("header", run.place, f"Tên cột: {run.text}") for run in runs if run.is_header]
        parts += [_box("picture", place, "Hình: chữ trong hình không đọc") for place in _pictures(layout, runs)]
        parts += ['<span class="box lost whole">Trang quét chưa đọc được</span>'] if is_unread else []
        return "".join([*parts, "</div>"])

    def _outlines(self, index: int, boxes: Sequence[Rectangle], page: int) -> Iterator[str]:
        block, paragraph = self.paragraphs[index]
        for place, box in enumerate(boxes):
            name = f' id="h{index + 1}"' if place == 0 and page == (block.page or 1) else ""
            label = f"<b>{index + 1}</b>" if place == 0 else ""
            title = escape(f"{index + 1} · {KINDS[paragraph.kind]}")
            yield (
                f'<a class="box {paragraph.kind}"{name} href="#d{index + 1}" title="{title}" style="{_style(box)}">'
                f"{label}</a>"
            )

    def _list(self, indexes: Sequence[int], found: set[int | None]) -> Iterator[str]:
        """Paragraphs with their numbers, below their sections."""
        for index in indexes:
            block, paragraph = self.paragraphs[index]
            section = paragraph.section[:-1] if paragraph.kind == "heading" else paragraph.section
            if section != self._above and paragraph.kind != "heading":
                yield f'<p class="section">{escape(" › ".join(section))}</p>' if section else ""
                self._above = section
            label = "" if paragraph.kind == "paragraph" else KINDS[paragraph.kind]
            notes = f"[{', '.join(paragraph.notes)}]" if paragraph.notes else ""
            is_lost = block.page is not None and index not in found and block.page == (block.last_page or block.page)
            where = "không rõ vị trí trên trang" if is_lost else ""
            about = " ".join(filter(None, (label, notes, where)))
            yield (
                f'<div class="entry {paragraph.kind}" id="d{index + 1}"><a class="number" href="#h{index + 1}">'
                f"{index + 1}</a><div>{f'<small>{escape(about)}</small>' if about else ''}"
                f'<p class="words">{escape(paragraph.text)}</p></div></div>'
            )

    def _left_out(self, lost: Sequence[Run], *, is_unread: bool) -> Iterator[str]:
        if is_unread:
            yield '<p class="lost">Trang quét chưa đọc được.</p>'
        if lost:
            yield '<div class="out"><h3>Chữ bị bỏ qua trên trang này</h3>'
            yield "".join(f'<p class="lost">{escape(run.text)}{self._remark(run)}</p>' for run in lost)
            yield "</div>"

    def _remark(self, run: Run) -> str:
        letters = letters_of(run.text).strip("0123456789")
        is_repeated = len(letters) >= _REPEATED and letters in self._everything
        return " <small>(lặp lại, đã đọc ở chỗ khác)</small>" if is_repeated else ""


def _pictures(layout: PageLayout, runs: Sequence[Run]) -> Iterator[Rectangle]:
    """The pictures, except those below words that were read, as scans and backgrounds are."""
    for place in layout.pictures:
        if not any(run.paragraph is not None and place.meets(run.place) for run in runs):
            yield place


def _goes_on(indexes: Sequence[int]) -> Iterator[str]:
    for index in indexes:
        yield f'<p class="goes-on">Tiếp <a href="#d{index + 1}">đoạn {index + 1}</a></p>'


def _lost(text: str) -> str:
    return f'<p class="lost">{escape(text)}</p>'


def _box(kind: str, place: Rectangle, title: str) -> str:
    return f'<span class="box {kind}" title="{escape(title)}" style="{_style(place)}"></span>'


def _style(place: Rectangle) -> str:
    return (
        f"left:{100 * place.left:.2f}%;top:{100 * place.top:.2f}%;"
        f"width:{100 * (place.right - place.left):.2f}%;height:{100 * (place.bottom - place.top):.2f}%"
    )


_LEGEND = (
    '<p class="legend"><span class="key paragraph">đoạn</span> <span class="key heading">đề mục</span> '
    '<span class="key footnote">chú thích</span> <span class="key header">tên cột của bảng</span> '
    '<span class="key lost">bị bỏ qua</span> <span class="key picture">hình không đọc</span> '
    "Các số chỉ thứ tự đọc.</p>"
)
_LEGEND_WITHOUT_PAGES = (
    '<p class="legend">Các số chỉ thứ tự đọc. Loại tệp này không có hình trang. '
    '<span class="key lost">Chữ bị bỏ qua</span> đứng tại chỗ của nó.</p>'
)
