"""From file to citation: pages, articles and archives are kept by the index, shown, found and watched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from embeddings import Encoder
from retrieval.answering.quote import Citation
from retrieval.retriever import Retriever
from tests.retrieval.reading.test_statute import RULES
from tests.support.corpus import build_index
from tests.support.document_makers import pdf_of, zip_of
from tests.support.encoders import BagEncoder

PROSE = "Phòng họp mở cửa lúc bảy giờ sáng và đóng cửa lúc năm giờ chiều của mỗi ngày làm việc trong cả tuần."


def test_a_page_is_cited(indexed: Callable[..., Path], folder: Path, encoder: BagEncoder) -> None:
    """What stands on the third page is found there."""
    paragraphs = [f"{PROSE} Lần thứ {number}." for number in range(40)] + ["Chìa khóa kho do bảo vệ giữ."]
    (folder / "so-tay.pdf").write_bytes(pdf_of(paragraphs))

    quote = Retriever(indexed(), encoder).ask("chìa khóa kho").hits[0].quote

    assert quote.text == "Chìa khóa kho do bảo vệ giữ."
    assert f" · trang {quote.citation.page} · đoạn " in quote.citation.line
    assert quote.citation.page == 3


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory, model: Encoder) -> Retriever:
    corpus, index = tmp_path_factory.mktemp("rules"), tmp_path_factory.mktemp("index")
    (corpus / "quy-che.txt").write_text(RULES, encoding="utf-8")
    build_index(corpus, index, model)
    return Retriever(index, model)


@pytest.mark.parametrize(
    ("question", "cited"),
    [
        ("điều 2 khoản 2 quy định gì", "Điều 2, khoản 2"),
        ("khoản 3 điều 2", "Điều 2, khoản 3"),
        ("dieu 3 quy dinh gi", "Điều 3"),
        ("Khoản 1 Điều 4 sửa gì?", "Điều 4, khoản 1"),
    ],
)
def test_a_part_of_a_statute_is_found_and_cited(rules: Retriever, question: str, cited: str) -> None:
    """Whoever asks for an article by its numbers, with marks or without, gets it first, cited as lawyers do."""
    citation = rules.ask(question).hits[0].quote.citation

    assert f"· {cited} · đoạn" in citation.line
    assert f", {cited}, đoạn" in citation.brief


def test_a_changed_archive_is_not_quoted(indexed: Callable[..., Path], folder: Path, encoder: BagEncoder) -> None:
    """The archive is the file that is watched: with other bytes nothing of its members is shown."""
    (folder / "a.zip").write_bytes(zip_of({"x/b.txt": f"Thông báo về phòng họp\n\n{PROSE}\n".encode()}))
    retriever = Retriever(indexed(), encoder)
    before = retriever.ask("giờ mở cửa phòng họp").hits
    (folder / "a.zip").write_bytes(zip_of({"x/b.txt": b"Khac han."}))

    after = retriever.ask("giờ mở cửa phòng họp")

    assert {hit.quote.citation.source for hit in before} == {"a.zip/x/b.txt"}
    assert after.hits == ()
    assert ["a.zip" in notice for notice in after.notices] == [True]


def test_a_title_that_only_a_closed_document_shares_is_not_shared(tmp_path: Path) -> None:
    """The file is named where a second document of that title may be seen, so no file name hints at a closed one."""
    for name in ("cong/a.txt", "kin/b.txt"):
        (tmp_path / "docs" / name).parent.mkdir(parents=True)
        (tmp_path / "docs" / name).write_text(
            f"Nội quy\n\nPhòng họp mở cửa lúc bảy giờ. {name[:3]}\n", encoding="utf-8"
        )
    build_index(tmp_path / "docs", tmp_path / "index", BagEncoder())
    retriever = Retriever(tmp_path / "index", BagEncoder())

    seen = [retriever.passage("cong/a.txt#1", within=within) for within in (None, frozenset({"cong"}))]

    assert [quote.citation.is_title_shared for quote in seen] == [True, False]


def test_letters_that_are_not_the_files_own_are_marked() -> None:
    """Whoever reads the quote knows that a program converted them."""
    citation = Citation("a.pdf", "Quy chế", "", "", None, "paragraph", 1, 9, "", "", page=2, origin="tcvn3")

    assert citation.line == "không rõ ngày · trang 2 · đoạn 1/9 · chuyển từ phông chữ TCVN3"


def test_a_row_of_a_table_has_the_names_of_its_columns(
    indexed: Callable[..., Path], folder: Path, encoder: BagEncoder
) -> None:
    """A paragraph beside the table and the header itself have none."""
    rows = (("Chức vụ", "Hệ số"), ("Trưởng phòng", "0,5"), ("Phó trưởng phòng", "0,3"))
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    page = f"<html><body><h1>Quy chế chi tiêu</h1><p>{PROSE}</p><table>{cells}</table></body></html>"
    (folder / "a.html").write_text(page, encoding="utf-8")
    retriever = Retriever(indexed(), encoder)

    columns = {hit.quote.text: hit.quote.columns for hit in retriever.ask("trưởng phòng họp hệ số chức vụ", k=9).hits}

    assert columns == {
        PROSE: "",
        "Chức vụ | Hệ số": "",
        "Trưởng phòng | 0,5": "Chức vụ | Hệ số",
        "Phó trưởng phòng | 0,3": "Chức vụ | Hệ số",
    }


@pytest.mark.parametrize(
    ("section", "provision"),
    [("Chương II › Điều 5. Nghỉ phép › Khoản 2", "Điều 5, khoản 2"), ("Mở đầu", "đoạn 1/9"), ("", "đoạn 1/9")],
)
def test_a_provision_is_an_article_or_a_paragraph(section: str, provision: str) -> None:
    """Where a line has room for one place only."""
    citation = Citation("a.txt", "Quy chế", "", "", None, "paragraph", 1, 9, section, "")

    assert citation.provision == provision
