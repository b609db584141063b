"""From a quote to pictures of its pages: only of the file that was indexed, out of archives too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from retrieval.answering.answer import to_json
from retrieval.errors import PagelessError, StaleQuote, UnknownPassage
from retrieval.reading.pdf.page_image import PageRequest, draw_pages
from retrieval.reading.sandbox.process import Sandbox
from retrieval.retriever import Retriever
from tests.support.corpus import build_index
from tests.support.document_makers import pdf_of, zip_of
from tests.support.encoders import BagEncoder

pytestmark = pytest.mark.slow

KEY = "Chìa khóa kho do bảo vệ giữ."
PROSE = "Phòng họp mở cửa lúc bảy giờ sáng và đóng cửa lúc năm giờ chiều của mỗi ngày làm việc trong cả tuần."
TALE = " ".join(f"Câu chuyện thứ {number} kể rằng {PROSE[:-1].lower()}," for number in range(40)) + " hết chuyện."


@pytest.fixture(scope="module")
def paper() -> bytes:
    """A short paragraph, and one that runs over two pages."""
    return pdf_of([PROSE, KEY, TALE])


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def test_the_pictures_of_a_quote_are_those_of_its_words(
    indexed: Callable[..., Path], folder: Path, encoder: BagEncoder, sandbox: Sandbox, paper: bytes
) -> None:
    """Marked, and the same from a file and from an archive."""
    (folder / "a.pdf").write_bytes(paper)
    (folder / "b.zip").write_bytes(zip_of({"x/khác.pdf": pdf_of([KEY, PROSE]), "x/c.txt": b"Khac han."}))
    retriever = Retriever(indexed(), encoder)
    hit = retriever.ask("chìa khóa kho").hits[0]

    shown = {
        quote.citation.source: retriever.page_images(quote, sandbox=sandbox) for quote in (hit.quote, *hit.duplicates)
    }

    assert shown == {
        "a.pdf": tuple(draw_pages(paper, "a.pdf", PageRequest(KEY, 1, 1))),
        "b.zip/x/khác.pdf": tuple(draw_pages(pdf_of([KEY, PROSE]), "b.pdf", PageRequest(KEY, 1, 1))),
    }
    assert all(picture.marked for pictures in shown.values() for picture in pictures)


def test_a_paragraph_over_two_pages_is_cited_by_both(
    indexed: Callable[..., Path], folder: Path, encoder: BagEncoder, sandbox: Sandbox, paper: bytes
) -> None:
    """In its line, in the sentence about it, in JSON, and in as many pictures."""
    (folder / "a.pdf").write_bytes(paper)
    retriever = Retriever(indexed(), encoder)

    answer = retriever.ask("câu chuyện hết chuyện", k=1)

    (quote,) = (hit.quote for hit in answer.hits)
    (printed,) = to_json(answer)["hits"]
    assert quote.text == TALE
    assert " · trang 1–2 · đoạn 3/3" in quote.citation.line
    assert ", trang 1–2, đoạn 3/3" in quote.citation.brief
    assert (printed["page"], printed["last_page"]) == (1, 2)
    assert [(each.page, each.marked) for each in retriever.page_images(quote, sandbox=sandbox)] == [
        (1, True),
        (2, True),
    ]


@pytest.mark.parametrize("name", ["a.pdf", "a.zip"])
@pytest.mark.parametrize("change", ["changed", "gone", "a folder"])
def test_a_file_that_is_not_the_one_indexed_is_not_shown(
    indexed: Callable[..., Path],
    folder: Path,
    encoder: BagEncoder,
    sandbox: Sandbox,
    paper: bytes,
    name: str,
    change: str,
) -> None:
    """The error is the one of quoting."""
    file = folder / name
    file.write_bytes(paper if name == "a.pdf" else zip_of({"b.pdf": paper}))
    retriever = Retriever(indexed(), encoder)
    quote = retriever.ask("chìa khóa kho").hits[0].quote
    file.unlink()
    if change == "changed":
        file.write_bytes(pdf_of([PROSE, KEY]) if name == "a.pdf" else zip_of({"b.pdf": pdf_of([PROSE, KEY])}))
    elif change == "a folder":
        file.mkdir()

    with pytest.raises(StaleQuote, match="run `trichdan index`"):
        retriever.page_images(quote, sandbox=sandbox)


def test_a_kept_version_has_no_page(
    indexed: Callable[..., Path], folder: Path, encoder: BagEncoder, sandbox: Sandbox, paper: bytes
) -> None:
    """A file that broke is quoted as it was before; the reason names it, and no index that would mend it."""
    (folder / "a.pdf").write_bytes(paper)
    index = indexed()
    (folder / "a.pdf").write_bytes(b"%PDF-1.7 half a file")
    build_index(folder, index, encoder)
    retriever = Retriever(index, encoder)
    quote = retriever.ask("chìa khóa kho").hits[0].quote

    with pytest.raises(PagelessError, match=r"a\.pdf can no longer be read.* put a whole file in its place"):
        retriever.page_images(quote, sandbox=sandbox)


def test_a_quote_of_an_earlier_index_is_not_shown(
    indexed: Callable[..., Path], folder: Path, encoder: BagEncoder, sandbox: Sandbox, paper: bytes
) -> None:
    """The file was indexed anew, and its paragraph of that number is another one."""
    (folder / "a.pdf").write_bytes(paper)
    index = indexed()
    retriever = Retriever(index, encoder)
    quote = retriever.ask("chìa khóa kho").hits[0].quote
    (folder / "a.pdf").write_bytes(pdf_of([KEY, PROSE]))
    build_index(folder, index, encoder)

    with pytest.raises(StaleQuote, match="ask again"):
        retriever.page_images(quote, sandbox=sandbox)


def test_what_may_not_be_seen_is_not_shown(
    indexed: Callable[..., Path], folder: Path, encoder: BagEncoder, sandbox: Sandbox, paper: bytes
) -> None:
    """In the words in which one is refused that is not there."""
    (folder / "a.pdf").write_bytes(paper)
    retriever = Retriever(indexed(), encoder)
    quote = retriever.ask("chìa khóa kho").hits[0].quote

    with pytest.raises(UnknownPassage, match="any more"):
        retriever.page_images(quote, sandbox=sandbox, within=frozenset({"quy-che"}))


def test_a_format_without_pages_names_its_file(
    indexed: Callable[..., Path], folder: Path, encoder: BagEncoder, sandbox: Sandbox
) -> None:
    """So that it can be opened by itself."""
    retriever = Retriever(indexed(ghi=f"Thông báo\n\n{KEY}\n"), encoder)
    quote = retriever.ask("chìa khóa kho").hits[0].quote

    with pytest.raises(PagelessError) as refused:
        retriever.page_images(quote, sandbox=sandbox)

    assert str(refused.value) == (
        "a page is shown of a PDF, ghi.txt is in a format without pages: "
        f"open the file itself, {folder.resolve() / 'ghi.txt'}"
    )
