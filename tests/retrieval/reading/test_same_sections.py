"""One statute has the same sections and paragraphs whatever the format that it was saved in."""

from __future__ import annotations

import html
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.passage import split_document
from retrieval.reading.files.sidecar import Sidecar
from retrieval.reading.provision import article_in
from retrieval.reading.reader import READERS
from tests.benchmarks.producers import with_libreoffice
from tests.support.document_makers import docx_of, saved
from tests.support.documents import document_of

pytestmark = pytest.mark.slow

SENTENCES = (
    "Phòng họp mở cửa từ 07 giờ 30 phút đến 17 giờ các ngày làm việc trong tuần.",
    "Người đăng ký là cán bộ ghi tên vào sổ trước giờ họp ít nhất một ngày.",
    "Cụm từ “phòng họp” gồm cả hội trường; mức chi là 1.500.000 đồng mỗi buổi.",
    "Việc sử dụng ngoài giờ do Chánh Văn phòng quyết định theo Điều 3 của Quy chế này.",
)
NAMES = ("Phạm vi điều chỉnh", "Giải thích từ ngữ", "Trách nhiệm của đơn vị", "Hiệu lực thi hành")
CHAPTERS = ("QUY ĐỊNH CHUNG", "SỬ DỤNG PHÒNG HỌP")
TITLE = "QUY CHẾ QUẢN LÝ PHÒNG HỌP"


@dataclass(frozen=True, slots=True)
class Part:
    """A line of a statute: the level of its heading as in HTML, 0 for a paragraph, and the place that is cited."""

    words: str
    level: int = 0
    cited: str = ""


@st.composite
def statutes(draw: st.DrawFn) -> list[Part]:
    """A title, chapters perhaps, articles with khoản, điểm or paragraphs."""
    parts = [Part(TITLE, 1), Part(draw(st.sampled_from(SENTENCES)))]
    has_chapters = draw(st.booleans())
    for number in range(1, draw(st.integers(2, 5)) + 1):
        if has_chapters and number in (1, 3):
            roman = "I" if number == 1 else "II"
            parts.append(Part(f"Chương {roman}. {CHAPTERS[number // 2]}", 2))
        parts.append(Part(f"Điều {number}. {draw(st.sampled_from(NAMES))}", 3))
        parts += draw(below(f"Điều {number}"))
    return parts


@st.composite
def below(draw: st.DrawFn, article: str) -> list[Part]:
    """What stands in an article."""
    words = st.sampled_from(SENTENCES)
    parts = [Part(draw(words), cited=article) for _ in range(draw(st.integers(0, 1)))]
    for clause in range(1, draw(st.integers(0 if parts else 1, 3)) + 1):
        cited = f"{article}, khoản {clause}"
        parts.append(Part(f"{clause}. {draw(words)}", cited=cited))
        parts += [Part(f"{letter}) {draw(words)}", cited=cited) for letter in "abc"[: draw(st.integers(0, 3))]]
    return parts


def as_text(parts: Sequence[Part]) -> bytes:
    return "\n".join(part.words for part in parts).encode()


def as_markdown(parts: Sequence[Part]) -> bytes:
    return "\n".join(f"\n{'#' * part.level} {part.words}" if part.level else part.words for part in parts).encode()


def as_word(parts: Sequence[Part]) -> bytes:
    return docx_of([part.words for part in parts])


def as_styled_word(parts: Sequence[Part]) -> bytes:
    document = docx.Document()
    for part in parts:
        document.add_heading(part.words, part.level - 1) if part.level else document.add_paragraph(part.words)
    return saved(document)


def as_page(parts: Sequence[Part]) -> bytes:
    tags = (f"h{part.level}" if part.level else "p" for part in parts)
    return page("".join(f"<{tag}>{html.escape(part.words)}</{tag}>" for tag, part in zip(tags, parts, strict=True)))


def as_lines_of_a_page(parts: Sequence[Part]) -> bytes:
    return page("<br>\n".join(f"<a name=x></a>{html.escape(part.words)}" for part in parts))


def as_a_sites_page(parts: Sequence[Part]) -> bytes:
    inner = "".join(f"<p><a name=x><b>{html.escape(part.words)}</b></a></p>" for part in parts)
    return page(f"<nav><a href=/>Trang chủ</a></nav><div>{inner}</div><footer>Liên hệ</footer>")


def page(body: str) -> bytes:
    return f"<html><head><meta charset=utf-8></head><body>{body}</body></html>".encode()


WAYS: dict[str, tuple[str, Callable[[Sequence[Part]], bytes]]] = {
    "text": (".txt", as_text),
    "markdown": (".md", as_markdown),
    "Word": (".docx", as_word),
    "Word with styles": (".docx", as_styled_word),
    "page": (".html", as_page),
    "page with line breaks": (".html", as_lines_of_a_page),
    "page of a site": (".html", as_a_sites_page),
}


def cited(data: bytes, suffix: str) -> list[tuple[str, str]]:
    """Each line by the place that is cited for it; a khoản stands with its điểm."""
    name = f"a{suffix}"
    document = document_of(READERS[suffix](data, name), name, sidecar=Sidecar(), sha256="")
    return [
        (article_in(passage.section), " ".join(line.split()))
        for passage in split_document(document)
        for line in passage.text.split("\n")
        if line.strip()
    ]


def without_point(place: str) -> str:
    """The khoản of an điểm that stands alone because its khoản is long."""
    return place.partition(", điểm")[0]


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=15, deadline=None)
@given(parts=statutes())
def test_each_line_is_cited_with_its_place(way: str, parts: list[Part]) -> None:
    """In text, Markdown, Word and web pages, however they are marked up."""
    suffix, write = WAYS[way]

    found = [(without_point(place), words) for place, words in cited(write(parts), suffix) if place]

    assert found == [(part.cited, part.words) for part in parts if part.cited]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("formats", [("docx",), ("odt", "docx"), ("odt", "html"), ("docx", "html")])
def test_what_libreoffice_saves_is_cited_alike(formats: tuple[str, ...], tmp_path: Path) -> None:
    """Its own web pages too, which put an anchor before each heading."""
    parts = [
        *(Part(TITLE, 1), Part(SENTENCES[0]), Part(f"Chương I. {CHAPTERS[0]}", 2), Part(f"Điều 1. {NAMES[0]}", 3)),
        *(Part(SENTENCES[1], cited="Điều 1"), Part(f"Điều 2. {NAMES[1]}", 3)),
        *(Part(f"1. {SENTENCES[2]}", cited="Điều 2, khoản 1"), Part(f"a) {SENTENCES[0]}", cited="Điều 2, khoản 1")),
        *(Part(f"2. {SENTENCES[3]}", cited="Điều 2, khoản 2"), Part(f"Điều 3. {NAMES[3]}", 3)),
        Part(SENTENCES[0], cited="Điều 3"),
    ]
    with_libreoffice(*formats)({"statute": as_page(parts).decode()}, tmp_path)

    found = cited((tmp_path / f"statute.{formats[-1]}").read_bytes(), f".{formats[-1]}")

    assert [entry for entry in found if entry[0]] == [(part.cited, part.words) for part in parts if part.cited]
