"""Word documents: what styles, tables, lists and notes say, and what Word shows of tracked changes."""

from __future__ import annotations

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from retrieval.errors import LockedError
from retrieval.passage import Passage, split_document
from retrieval.reading.assembly.list_number import format_number
from retrieval.reading.document import Content, Document
from retrieval.reading.docx.reader import read_word
from retrieval.reading.statute import add_part_headings
from tests.support.document_makers import saved

pytestmark = pytest.mark.slow

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_OFFICE = "application/vnd.openxmlformats"
PROSE = "Phòng họp mở cửa lúc bảy giờ sáng và đóng cửa lúc năm giờ chiều của mỗi ngày làm việc trong tuần."


def content(document: object) -> Content:
    return read_word(saved(document), "a.docx")


def passages(document: object) -> list[Passage]:
    found = content(document)
    outline = found.outline
    return list(split_document(Document("a", "a", outline.title, "", "", None, found.text, "", outline.blocks)))


def test_styles_are_sections() -> None:
    """The title names the document, headings the sections, and neither is a paragraph."""
    document = docx.Document()
    document.add_heading("Quy chế họp", 0)
    document.add_heading("Giờ mở cửa", 1)
    document.add_heading("Ngày thường", 2)
    document.add_paragraph(PROSE)

    found = passages(document)

    assert content(document).outline.title == "Quy chế họp"
    assert [(passage.section, passage.text) for passage in found] == [("Giờ mở cửa › Ngày thường", PROSE)]


def test_a_title_in_the_properties_counts_if_the_text_shows_it() -> None:
    """As the text writes it; an author there is whoever's computer it was, a day that of a template."""
    document = docx.Document()
    for words in (PROSE, "NỘI QUY PHÒNG HỌP"):
        document.add_paragraph(words)
    document.core_properties.title, document.core_properties.author = "Nội quy phòng họp", "Trần Thị Bình"

    outline = content(document).outline

    assert (outline.title, outline.author, outline.published) == ("NỘI QUY PHÒNG HỌP", "", None)


@pytest.mark.parametrize("title", ["Document1", "Mau cong van", "Nội quy cũ"])
def test_another_title_in_the_properties_is_no_title(title: str) -> None:
    """Word takes it from the template, or from the file that was there before."""
    document = docx.Document()
    document.add_heading("Quy chế họp", 0)
    document.core_properties.title = title

    assert content(document).outline.title == "Quy chế họp"


def test_a_table_is_read_row_by_row() -> None:
    """Cells between bars, a merged cell once; the columns' names are the section of the rows below them."""
    document = docx.Document()
    document.add_paragraph(PROSE)
    table = document.add_table(4, 3)
    rows = [
        ("Đơn vị", "Số người", "Ghi chú"),
        ("Văn phòng", "12", "đủ"),
        ("Phòng Kế hoạch", "7", ""),
        ("Cộng", "", "19"),
    ]
    for row, words in zip(table.rows, rows, strict=True):
        for cell, word in zip(row.cells, words, strict=True):
            cell.text = word
    table.cell(3, 0).merge(table.cell(3, 1))

    found = [(passage.text, passage.section) for passage in passages(document)][1:]

    assert [words for words, _ in found] == [
        "Đơn vị | Số người | Ghi chú",
        "Văn phòng | 12 | đủ",
        "Phòng Kế hoạch | 7 | –",
        "Cộng | 19",
    ]
    assert {section for _, section in found} == {""}, "a row with a merged cell makes the table uneven"


def test_the_columns_of_an_even_table_are_context() -> None:
    """Their names are found and cited with each row, and are no part of its words."""
    document = docx.Document()
    document.add_paragraph(PROSE)
    table = document.add_table(2, 2)
    for cell, word in zip(
        [*table.rows[0].cells, *table.rows[1].cells], ["Đơn vị", "Số người", "Kho", "7"], strict=True
    ):
        cell.text = word

    found = passages(document)[2]

    assert (found.text, found.section) == ("Kho | 7", "Đơn vị | Số người")


def with_table(document: object, *rows: tuple[str, ...]) -> object:
    """Adds a table."""
    table = document.add_table(len(rows), len(rows[0]))
    for row, words in zip(table.rows, rows, strict=True):
        for cell, word in zip(row.cells, words, strict=True):
            cell.text = word
    return table


def test_an_empty_cell_keeps_its_place() -> None:
    """The value of the third column does not move under the second."""
    document = docx.Document()
    document.add_paragraph(PROSE)
    with_table(document, ("Đơn vị", "Năm trước", "Năm sau"), ("Hà Nội", "", "5"), ("Huế", "7", ""))

    assert [passage.text for passage in passages(document)][2:] == ["Hà Nội | – | 5", "Huế | 7 | –"]


def test_names_are_no_columns_unless_the_table_says_so() -> None:
    """A list of people is no table under its first person; a row that repeats on each page is a header."""
    document = docx.Document()
    document.add_paragraph(PROSE)
    with_table(document, ("Trưởng ban", "Nguyễn Văn A"), ("Phó ban", "Trần Văn B"))
    document.add_paragraph(PROSE)
    said = with_table(document, ("Chức vụ", "Họ tên"), ("Phó ban", "Trần Văn B"))
    said.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {W}/>"))

    assert [passage.section for passage in passages(document)] == ["", "", "", "", "", "Chức vụ | Họ tên"]


def test_a_row_of_a_table_is_no_part_of_a_statute() -> None:
    """ "Chương 2" in a timetable is quoted as a row and heads nothing."""
    document = docx.Document()
    document.add_paragraph(PROSE)
    rows = [("Chương 1: Tổng quan", "mười hai tiết"), ("Chương 2: Quản lý", "tám tiết"), ("Ôn tập", "bốn tiết")]
    with_table(document, *rows)
    found = content(document)

    blocks = add_part_headings(found.text, found.outline).blocks

    assert [(block.kind, found.text[block.start : block.end]) for block in blocks][1:] == [
        ("paragraph", " | ".join(row)) for row in rows
    ]


def with_list(document: object, more: str = "", *uses: str) -> None:
    """Adds the list 90, "Điều 1." above "1.", with more said of its inner level, and 91 and so on that override it."""
    numbering = document.part.numbering_part.element
    abstract = parse_xml(
        f'<w:abstractNum {W} w:abstractNumId="90">'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Điều %1."/></w:lvl>'
        f'<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/>{more}<w:lvlText w:val="%2."/></w:lvl>'
        "</w:abstractNum>"
    )
    numbering.insert(0, abstract)
    for name, overrides in enumerate(("", *uses), 90):
        xml = f'<w:num {W} w:numId="{name}"><w:abstractNumId w:val="90"/>{overrides}</w:num>'
        numbering.append(parse_xml(xml))


def number(paragraph: object, level: int, name: int = 90) -> None:
    """Puts a paragraph into a list."""
    properties = paragraph._p.get_or_add_pPr()
    properties.append(parse_xml(f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="{name}"/></w:numPr>'))


def test_a_use_of_a_list_starts_where_it_says() -> None:
    """A start or a level of its own counts from there, and the list that it is a use of goes on as before."""
    document = docx.Document()
    start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    level = '<w:start w:val="3"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="Mục %1:"/>'
    with_list(document, "", start, f'<w:lvlOverride w:ilvl="0"><w:lvl w:ilvl="0">{level}</w:lvl></w:lvlOverride>')
    for name in (90, 91, 91, 92, 90):
        number(document.add_paragraph(PROSE), 0, name)

    lines = content(document).text.split("\n\n")

    assert [line.removesuffix(f" {PROSE}") for line in lines] == [
        "Điều 1.",
        "Điều 5.",
        "Điều 6.",
        "Mục III:",
        "Điều 2.",
    ]


def test_an_inner_start_keeps_the_outer_count() -> None:
    """Only the level that a use names begins anew."""
    document = docx.Document()
    with_list(document, "", '<w:lvlOverride w:ilvl="1"><w:startOverride w:val="4"/></w:lvlOverride>')
    for level, name in [(0, 90), (1, 90), (1, 91), (1, 91), (0, 90)]:
        number(document.add_paragraph(PROSE), level, name)

    lines = content(document).text.split("\n\n")

    assert [line.removesuffix(f" {PROSE}") for line in lines] == ["Điều 1.", "1.", "4.", "5.", "Điều 2."]


def test_a_level_that_never_restarts_counts_on() -> None:
    """Articles are numbered through a law's chapters where the list says so."""
    document = docx.Document()
    with_list(document, '<w:lvlRestart w:val="0"/>')
    for level in (0, 1, 1, 0, 1):
        number(document.add_paragraph(PROSE), level)

    lines = content(document).text.split("\n\n")

    assert [line.removesuffix(f" {PROSE}") for line in lines] == ["Điều 1.", "1.", "2.", "Điều 2.", "3."]


def test_numbers_in_cells_are_counted_once() -> None:
    """A list goes on through a table, also in cells without words; a cell over two rows has one number."""
    document = docx.Document()
    with_list(document)
    number(document.add_paragraph(PROSE), 0)
    table = document.add_table(2, 3)
    for row in (0, 1):
        table.cell(row, 1).text = f"Việc {row}"
        number(table.cell(row, 0).paragraphs[0], 0)
    table.cell(0, 2).text = "Chung"
    number(table.cell(0, 2).paragraphs[0], 0)
    table.cell(0, 2).merge(table.cell(1, 2))
    number(document.add_paragraph(PROSE), 0)

    assert content(document).text.split("\n\n") == [
        f"Điều 1. {PROSE}",
        "Điều 2. | Việc 0 | Điều 3. Chung",
        "Điều 4. | Việc 1 | Điều 3. Chung",
        f"Điều 5. {PROSE}",
    ]


def test_a_deleted_paragraph_is_not_counted() -> None:
    """What Word shows after the change is accepted is the number that is cited."""
    document = docx.Document()
    with_list(document)
    for mark in ("", "<w:rPr><w:del w:id='3' w:author='a'/></w:rPr>", ""):
        paragraph = document.add_paragraph("" if mark else PROSE)
        number(paragraph, 0)
        if mark:
            paragraph._p.pPr.append(parse_xml(mark.replace("<w:rPr", f"<w:rPr {W}")))

    assert content(document).text.split("\n\n") == [f"Điều 1. {PROSE}", f"Điều 2. {PROSE}"]


def test_words_own_numbers_are_written_out() -> None:
    """Numbered lists count on, inner levels begin anew, and "Điều 2." comes out though it stands nowhere."""
    document = docx.Document()
    with_list(document)
    for level, words in [(0, "Phạm vi"), (1, PROSE), (1, PROSE), (0, "Thi hành"), (1, PROSE)]:
        number(document.add_paragraph(words), level)

    lines = content(document).text.split("\n\n")

    assert lines == ["Điều 1. Phạm vi", f"1. {PROSE}", f"2. {PROSE}", "Điều 2. Thi hành", f"1. {PROSE}"]


@pytest.mark.parametrize(
    ("count", "form", "expected"),
    [(4, "upperRoman", "IV"), (1990, "lowerRoman", "mcmxc"), (27, "lowerLetter", "aa"), (3, "upperLetter", "C"),
     (7, "decimalZero", "07"), (12, "decimal", "12"), (5, "something new", "5")],
)  # fmt: skip
def test_formats_of_numbers(count: int, form: str, expected: str) -> None:
    """As Word's own documentation of ST_NumberFormat writes them."""
    assert format_number(count, form) == expected


def test_tracked_changes_are_read_as_word_shows_them() -> None:
    """What was inserted counts, what was deleted is gone, and so are running headers."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Lưu hành nội bộ"
    paragraph = document.add_paragraph("Phòng họp mở cửa lúc ")
    for xml in (
        "<w:ins {}><w:r><w:t>bảy giờ.</w:t></w:r></w:ins>",
        "<w:del {}><w:r><w:delText>chín</w:delText></w:r></w:del>",
    ):
        paragraph._p.append(parse_xml(xml.format(W)))

    assert content(document).text == "Phòng họp mở cửa lúc bảy giờ."


def test_superscripts_stay_apart_from_the_number_before_them() -> None:
    """10 to the power of 5 is not 105, minus 3 not 10-3, and a note's mark is no digit of the year."""
    document = docx.Document()
    paragraph = document.add_paragraph("Từ 10")
    for words, is_raised in [("5", True), (" đến 10", False), ("-3", True), (" năm 2022", False), ("1", True)]:
        paragraph.add_run(words).font.superscript = is_raised

    assert content(document).text == "Từ 10⁵ đến 10⁻³ năm 2022¹"


def test_superscripts_by_a_character_style() -> None:
    """A style raises what is set in it, also one based on it; what a run says of itself counts more."""
    document = docx.Document()
    power = document.styles.add_style("Luy thua", WD_STYLE_TYPE.CHARACTER)
    power.font.superscript = True
    document.styles.add_style("Luy thua do", WD_STYLE_TYPE.CHARACTER).base_style = power
    paragraph = document.add_paragraph("Từ 10")
    paragraph.add_run("5", style="Luy thua")
    paragraph.add_run(" đến 10")
    paragraph.add_run("7", style="Luy thua do")
    paragraph.add_run(" năm 202")
    said = paragraph.add_run("2", style="Luy thua")
    said._r.rPr.append(parse_xml(f'<w:vertAlign {W} w:val="baseline"/>'))

    assert content(document).text == "Từ 10⁵ đến 10⁷ năm 2022"


def with_notes(document: object, kind: str, notes: dict[int, str]) -> None:
    """Adds the part that holds the notes: their XML by their ids, which Word gives in the order of writing."""
    inner = "".join(f'<w:{kind} w:id="{name}">{xml}</w:{kind}>' for name, xml in notes.items())
    package = document.part.package
    xml = f"<w:{kind}s {W}>{inner}</w:{kind}s>".encode()
    part = Part(PackURI(f"/word/{kind}s.xml"), f"{_OFFICE}-officedocument.wordprocessingml.{kind}s+xml", xml, package)
    document.part.relate_to(part, f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}s")


def refer(paragraph: object, kind: str, name: int) -> None:
    paragraph._p.append(parse_xml(f'<w:r {W}><w:{kind}Reference w:id="{name}"/></w:r>'))


def test_a_note_keeps_its_hyphens_and_its_paragraphs_apart() -> None:
    """What parts two words or two numbers in a note is not lost, be it a hyphen, a line break or a new paragraph."""
    document = docx.Document()
    refer(document.add_paragraph(PROSE), "footnote", 2)
    words = "<w:t>Giai đoạn 2011</w:t><w:noBreakHyphen/><w:t>2013: 15</w:t><w:br/><w:t>20 người.</w:t>"
    xml = f"<w:p><w:r>{words}</w:r></w:p><w:p><w:r><w:t>Hết.</w:t></w:r></w:p>"
    with_notes(document, "footnote", {2: xml})

    assert [passage.text for passage in passages(document)][1:] == ["Giai đoạn 2011-2013: 15 20 người. Hết."]


def test_notes_are_numbered_by_their_references() -> None:
    """The note referred to first is the first whatever its id, endnotes count apart, one without reference is gone."""
    document = docx.Document()
    first, second = document.add_paragraph(PROSE), document.add_paragraph(f"Hai. {PROSE}")
    for paragraph, kind, name in [(first, "footnote", 7), (second, "footnote", 2), (second, "endnote", 4)]:
        refer(paragraph, kind, name)
    note = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
    with_notes(document, "footnote", {2: note.format("Sau."), 5: note.format("Thừa."), 7: note.format("Trước.")})
    with_notes(document, "endnote", {4: note.format("Cuối bài.")})

    found = [(passage.kind, passage.paragraph, passage.marker, passage.text) for passage in passages(document)]

    assert found[2:] == [
        ("footnote", 1, "1", "Trước."),
        ("footnote", 2, "2", "Sau."),
        ("footnote", 2, "i", "Cuối bài."),
    ]
    assert [len(passage.notes) for passage in passages(document)[:2]] == [1, 2]


def test_what_was_moved_stands_where_it_went() -> None:
    """The old place of a tracked move is empty."""
    document = docx.Document()
    for way in ("moveFrom", "moveTo"):
        xml = f"<w:{way} {W}><w:r><w:t>Câu đã chuyển {way}.</w:t></w:r></w:{way}>"
        document.add_paragraph(PROSE)._p.append(parse_xml(xml))

    assert content(document).text.split("\n\n") == [PROSE, f"{PROSE}Câu đã chuyển moveTo."]


def test_content_controls_are_read_and_contents_are_not() -> None:
    """A form's fields hold paragraphs in their place, one in another too; a table of contents only repeats headings."""
    document = docx.Document()
    document.add_paragraph(PROSE)
    inner = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
    control = "<w:sdt {}>{}<w:sdtContent>{}</w:sdtContent></w:sdt>"
    gallery = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    nested = inner.format("Mức chi là 500.000 đồng.") + control.format("", "", inner.format("Trong tỉnh."))
    for xml in (control.format(W, gallery, inner.format("Mục lục")), control.format(W, "", nested)):
        body = document.element.body
        body.insert(len(body) - 1, parse_xml(xml))
    document.add_paragraph(f"Cuối. {PROSE}")

    assert content(document).text.split("\n\n") == [
        PROSE,
        "Mức chi là 500.000 đồng.",
        "Trong tỉnh.",
        f"Cuối. {PROSE}",
    ]


def test_a_sentence_in_the_style_of_a_heading_is_a_paragraph() -> None:
    """What is quoted must not vanish into the section above it."""
    document = docx.Document()
    document.add_heading("Công tác phí", 1)
    document.add_heading(PROSE, 2)
    document.add_heading("Quy định " + "rất dài " * 30, 2)

    found = [(block.kind, block.level) for block in content(document).outline.blocks]

    assert found == [("heading", 2), ("paragraph", 0), ("paragraph", 0)]


def test_what_is_furniture_on_a_web_page_is_text_in_a_document() -> None:
    """A hotline, key words and a page's number were written into the document by its authors: they are quoted."""
    document = docx.Document()
    written = [PROSE, "Đường dây nóng: 069.552.123", "Từ khóa: ngân sách", "Lượt xem: 350", f"Hai. {PROSE}"]
    for words in written:
        document.add_paragraph(words)

    assert [passage.text for passage in passages(document)] == written


def test_legal_styles_keep_their_parts() -> None:
    """Styles of one's own that give an outline level are headings."""
    document = docx.Document()
    document.add_heading("Quy chế họp", 0)
    style = document.styles.add_style("Điều khoản", WD_STYLE_TYPE.PARAGRAPH)
    paragraph = document.add_paragraph("Giờ mở cửa", style=style)
    paragraph._p.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {W} w:val="0"/>'))
    document.add_paragraph(PROSE)

    assert [passage.section for passage in passages(document)] == ["Giờ mở cửa"]


def test_the_old_format_and_a_password_are_named() -> None:
    """Both are Office's older container, which python-docx would only call broken."""
    with pytest.raises(LockedError, match=r"a\.docx.*password"):
        read_word(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "a.docx")


def test_a_row_that_only_continues_the_one_above_is_not_repeated() -> None:
    """Programs split merged rows further, for their borders."""
    document = docx.Document()
    table = document.add_table(3, 2)
    for column, words in enumerate(("Tên", "Giá")):
        table.cell(0, column).merge(table.cell(1, column)).text = words
        table.cell(2, column).text = f"{words} của xe"

    rows = [words for words in content(document).text.split("\n\n") if " | " in words]

    assert rows == ["Tên | Giá", "Tên của xe | Giá của xe"]
