"""Items of a list carry the sentence that leads into it, and nothing else does."""

from __future__ import annotations

import docx
import pytest
from docx.shared import Cm

from retrieval.passage import split_document
from retrieval.reading.document import LONGEST_NAME, Document
from retrieval.reading.files.sidecar import Sidecar
from retrieval.reading.lead_in import is_lead_in
from retrieval.reading.provision import article_in, lead_in_of
from retrieval.reading.reader import READERS
from tests.support.document_makers import html_of, pdf_of, rtf_of, saved
from tests.support.documents import document_of

LEAD = "Trước khi nghỉ lễ, các phòng cần thực hiện:"
ITEMS = ("Tắt các thiết bị điện;", "Niêm phong phòng làm việc.")
BEFORE = "Văn phòng thông báo lịch nghỉ lễ Quốc khánh đến toàn thể người lao động của công ty."
AFTER = "Đề nghị các phòng nghiêm túc thực hiện thông báo này của lãnh đạo công ty."


def read(data: bytes, suffix: str) -> Document:
    return document_of(READERS[suffix](data, f"a{suffix}"), f"a{suffix}", sidecar=Sidecar(), sha256="")


def led(document: Document) -> dict[str, str]:
    """Each paragraph with the sentence that leads into its list."""
    return {" ".join(each.text.split()): lead_in_of(each.section) for each in split_document(document)}


def text(*lines: str) -> dict[str, str]:
    return led(read("\n".join((BEFORE, *lines, AFTER)).encode(), ".txt"))


def as_word() -> bytes:
    document = docx.Document()
    for words in (BEFORE, LEAD):
        document.add_paragraph(words)
    for words in ITEMS:
        document.add_paragraph(words, style="List Bullet")
    return saved(document, [AFTER])


def as_page() -> bytes:
    items = "".join(f"<li>{words}</li>" for words in ITEMS)
    return f"<meta charset=utf-8><body><p>{BEFORE}</p><p>{LEAD}</p><ul>{items}</ul><p>{AFTER}</p></body>".encode()


DASHED = [f"- {words}" for words in ITEMS]
WAYS = {
    "Word": (".docx", as_word()),
    "page": (".html", as_page()),
    "page of dashes": (".html", html_of((BEFORE, LEAD, *DASHED, AFTER), "Thông báo")),
    "text": (".txt", "\n".join((BEFORE, LEAD, *DASHED, AFTER)).encode()),
    "PDF": (".pdf", pdf_of((BEFORE, LEAD, *DASHED, AFTER))),
    "PDF without bullets": (".pdf", pdf_of((BEFORE, LEAD, *ITEMS, AFTER))),
    "RTF": (".rtf", rtf_of((BEFORE, LEAD, *DASHED, AFTER))),
}


@pytest.mark.parametrize("way", WAYS)
def test_items_carry_their_lead_in_in_every_format(way: str) -> None:
    """By the file's own list, by dashes, or by semicolons alone."""
    suffix, data = WAYS[way]

    found = led(read(data, suffix))

    assert {words.lstrip("- "): lead for words, lead in found.items() if lead} == dict.fromkeys(ITEMS, LEAD)


def test_a_list_of_markdown_carries_its_lead_in() -> None:
    """A list with short items is one paragraph."""
    items = "\n".join(DASHED)
    found = led(read(f"# Thông báo\n\n{LEAD}\n\n{items}\n\n{AFTER}\n".encode(), ".md"))

    assert {words: lead for words, lead in found.items() if lead} == {" ".join(DASHED): LEAD}


def test_a_nested_list_carries_both_sentences() -> None:
    """The nearest last, and the outer list goes on behind it."""
    found = text(
        "1. Hồ sơ gồm:", "a) Đơn;", "b) Giấy tờ sau đây:", "- Căn cước;", "- Hộ chiếu;", "c) Ảnh.", "2. Lệ phí."
    )

    assert found["a) Đơn;"] == found["c) Ảnh."] == "Hồ sơ gồm:"
    assert found["- Căn cước;"] == found["- Hộ chiếu;"] == "Hồ sơ gồm: › Giấy tờ sau đây:"
    assert found["2. Lệ phí."] == ""


def test_a_list_in_word_nests_by_its_levels() -> None:
    """Bullets of a second level have no mark of their own."""
    document = docx.Document()
    document.add_paragraph(BEFORE)
    document.add_paragraph(LEAD)
    document.add_paragraph("Nộp danh sách trực về:", style="List Bullet")
    document.add_paragraph("Phòng Hành chính;", style="List Bullet 2")
    document.add_paragraph("Khóa cửa.", style="List Bullet")

    found = led(read(saved(document), ".docx"))

    assert (found["Khóa cửa."], found["Phòng Hành chính;"]) == (LEAD, f"{LEAD} › Nộp danh sách trực về:")


@pytest.mark.parametrize(
    "lines",
    [
        (LEAD, "Một đoạn văn bình thường không thuộc danh sách nào cả, có dấu chấm ở cuối."),
        ("Ông nói: mọi việc đều tốt.", "- Không phải một mục."),
        ("2. Sửa đổi khoản 1 như sau:", "3. Bãi bỏ khoản 2."),
        (LEAD, "5. Mục thứ năm của một danh sách khác"),
    ],
)
def test_what_no_sentence_leads_into_has_no_context(lines: tuple[str, ...]) -> None:
    """Neighbours of the sentence, and lists that begin elsewhere."""
    assert set(text(*lines).values()) == {""}


def test_a_long_sentence_is_bounded() -> None:
    """Every item repeats it."""
    lead = f"{'Các đơn vị thuộc và trực thuộc công ty ' * 8}gồm:"

    found = text(lead, "- Phòng Tổ chức;", "- Phòng Kế hoạch.")["- Phòng Tổ chức;"]

    assert len(found) <= LONGEST_NAME
    assert is_lead_in(found)


def test_only_the_last_sentence_leads() -> None:
    """What stands before it is not repeated."""
    found = text("Phòng trực ngày đêm. Số điện thoại trực như sau:", "- Bảo vệ: 101.")

    assert found["- Bảo vệ: 101."] == "Số điện thoại trực như sau:"


def test_a_lead_in_that_names_an_article_is_not_cited_for_it() -> None:
    """It is a sentence, not the article's heading."""
    section = "Điều 2. Sửa đổi › Khoản 1 › Điều 5 được sửa đổi như sau:"

    assert (article_in(section), lead_in_of(section)) == ("Điều 2, khoản 1", "Điều 5 được sửa đổi như sau:")


STATUTE = ("QUY CHẾ TRỰC", "Điều 1. Ca trực", "Mỗi ngày có hai ca.", "Điều 2. Phụ cấp")
CLAUSES = ("Người trực được hưởng phụ cấp.", "Phụ cấp trả cùng lương.")


def test_a_sentence_outside_of_the_numbered_list_belongs_to_the_article() -> None:
    """Word numbers the khoản; one that is indented like them goes on with the last."""
    document = docx.Document()
    for words in STATUTE:
        document.add_paragraph(words)
    for words in CLAUSES:
        document.add_paragraph(words, style="List Number")
    document.add_paragraph("Kể cả tháng nghỉ phép.").paragraph_format.left_indent = Cm(1)
    document.add_paragraph("Thủ trưởng quyết định mức phụ cấp.")

    cited = {each.text: article_in(each.section) for each in split_document(read(saved(document), ".docx"))}

    assert cited["Kể cả tháng nghỉ phép."] == "Điều 2, khoản 2"
    assert cited["Thủ trưởng quyết định mức phụ cấp."] == "Điều 2"


def test_a_paragraph_behind_a_list_of_a_page_belongs_to_the_article() -> None:
    """One inside an item goes on with it."""
    lines = "".join(f"<p>{words}</p>" for words in STATUTE)
    items = f"<ol><li>{CLAUSES[0]}</li><li><p>{CLAUSES[1]}</p><p>Kể cả tháng nghỉ phép.</p></li></ol>"
    page = f"<meta charset=utf-8><body>{lines}{items}<p>Thủ trưởng quyết định mức phụ cấp.</p></body>"

    cited = {each.text: article_in(each.section) for each in split_document(read(page.encode(), ".html"))}

    assert cited["Kể cả tháng nghỉ phép."] == "Điều 2, khoản 2"
    assert cited["Thủ trưởng quyết định mức phụ cấp."] == "Điều 2"


def test_the_sentence_before_a_table_belongs_to_the_article() -> None:
    """Typed numbers do not tell where a khoản ends, so no more is cited than is sure."""
    document = docx.Document()
    for words in (*STATUTE, "1. Người trực được hưởng phụ cấp.", "Phụ cấp do công ty trả.", "Mức phụ cấp như sau:"):
        document.add_paragraph(words)
    for cells in (("Ca", "Mức"), ("Ngày", "150.000 đồng")):
        table = document.tables[0] if document.tables else document.add_table(0, 2)
        for cell, words in zip(table.add_row().cells, cells, strict=True):
            cell.text = words

    cited = {each.text: article_in(each.section) for each in split_document(read(saved(document), ".docx"))}

    assert cited["Phụ cấp do công ty trả."] == "Điều 2, khoản 1"
    assert cited["Mức phụ cấp như sau:"] == cited["Ngày | 150.000 đồng"] == "Điều 2"
