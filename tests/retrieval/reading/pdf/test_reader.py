"""PDF: pages, paragraphs out of lines, headings by their size, and what is refused with its reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from fpdf.enums import AccessPermission

from retrieval.errors import LockedError, ScannedError
from retrieval.reading.assembly.content import in_one_line
from retrieval.reading.document import Block, Content
from retrieval.reading.pdf.reader import read_pdf
from retrieval.reading.text.lines import lines_of
from tests.support.document_makers import Paper, pdf_of

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PROSE = (
    "Phòng họp mở cửa lúc bảy giờ sáng và đóng cửa lúc năm giờ chiều của mỗi ngày làm việc; người đăng ký nhận chìa "
    "khóa ở Văn phòng, giữ gìn tài sản trong phòng và trả lại chìa khóa ngay sau khi cuộc họp kết thúc trong ngày."
)


def content(paper: Paper) -> Content:
    return read_pdf(paper.finished(), "a.pdf")


def three_pages(line_of: Callable[[int, int], str], head: str = "") -> Paper:
    """Three full pages of lines, each made from its page and its place there."""
    paper = Paper(footer="{}")
    paper.set_auto_page_break(auto=False)
    for page in range(1, 4):
        if page > 1:
            paper.add_page()
        paper.set_font("Deja", size=11)
        if head:
            paper.text(25, 20, head)
        for place in range(40):
            paper.text(25, 26 + 6 * place, line_of(page, place))
    return paper


def set_as(lines: Sequence[str]) -> Paper:
    """A page with these lines, broken just so."""
    paper = Paper()
    paper.set_font("Deja", size=11)
    for number, line in enumerate(lines):
        paper.text(25, 60 + 6 * number, line)
    return paper


def words(found: Content, kind: str) -> list[str]:
    return [found.text[block.start : block.end] for block in found.outline.blocks if block.kind == kind]


def block_of(found: Content, opening: str) -> Block:
    return next(block for block in found.outline.blocks if found.text.startswith(opening, block.start))


def test_each_paragraph_knows_its_page_and_edges_are_gone() -> None:
    """Forty numbered paragraphs on several pages, each whole, without page number; the header once, last."""
    turned = [PROSE.split()[number:] + PROSE.split()[:number] for number in range(40)]
    paragraphs = [f"Việc thứ {number}: {' '.join(words)} hết." for number, words in enumerate(turned)]

    paper = Paper("Sổ tay nội bộ", "- {} -")
    for paragraph in paragraphs:
        paper.write_paragraph(paragraph)

    found = content(paper)

    pages = [block.page for block in found.outline.blocks if block.kind == "paragraph"][:-1]
    assert words(found, "paragraph") == [*paragraphs, "Sổ tay nội bộ"]
    assert pages == sorted(pages)
    assert (pages[0], pages[-1]) == (1, paper.pages_count)


def test_a_paragraph_that_goes_over_a_page_is_one() -> None:
    """It is cited by the page where it begins, and a header of two pages, kept on both, does not get into it."""
    long = " ".join(f"Câu số {number} nói rằng {PROSE[:-1].lower()}," for number in range(25)) + " hết."
    found = read_pdf(pdf_of([PROSE, long], "Sổ tay nội bộ", "- {} -"), "a.pdf")

    assert words(found, "paragraph") == [PROSE, long, "Sổ tay nội bộ", "Sổ tay nội bộ"]
    assert block_of(found, "Câu số 0").page == 1


def test_rows_at_the_edges_are_no_headers() -> None:
    """Rows of a table that differ in their numbers only are all kept, the page numbers are not."""
    rows = {
        (page, place): f"Năm {1800 + 40 * page + place}: {7 * place} người" for page in (1, 2, 3) for place in range(40)
    }

    text = content(three_pages(lambda page, place: rows[page, place])).text

    assert re.findall(r"Năm \d+: \d+ người", text) == list(rows.values())
    assert re.sub(r"Năm \d+: \d+ người", "", text).split() == []


def test_a_year_at_the_top_of_a_page_ends_its_sentence() -> None:
    """A bare number is a page's only where it counts the pages."""

    def line_of(page: int, place: int) -> str:
        if (page, place) == (2, 0):
            return "2022"
        if (page, place) == (3, 0):
            return "2023."
        return f"Hai bên {'abc'[page - 1]} đã ký kết với nhau các hiệp định về hợp tác song phương trong năm"

    text = content(three_pages(line_of)).text

    assert "trong năm 2022" in text
    assert "trong năm 2023." in text


def test_a_line_at_the_head_of_every_page_is_kept_once() -> None:
    """A unit of measure belongs to the text; its repetitions do not, nor does it get into a sentence."""
    unit = "Đơn vị tính: triệu đồng, đã trừ thuế"
    found = content(three_pages(lambda page, place: f"Nội dung {'abc'[page - 1]} của việc {place} là một", unit))

    assert found.text.count(unit) == 1
    assert found.text.split("\n\n")[-1] == unit


def test_forms_of_one_page_keep_their_numbers() -> None:
    """Numbers that count forms are not the pages' numbers, though they rise with them."""
    paper = Paper()
    for number in (1, 2, 3):
        paper.text(25, 25, f"Mẫu số {number}")
        paper.write_paragraph(PROSE)
        if number < 3:
            paper.add_page()

    assert re.findall(r"Mẫu số \d", content(paper).text) == ["Mẫu số 1", "Mẫu số 2", "Mẫu số 3"]


def test_large_and_bold_lines_are_headings() -> None:
    """The largest is the title, a bold line the section of what follows."""
    paper = Paper()
    paper.write_paragraph("Nội quy phòng họp", size=20)
    paper.write_paragraph("Giờ mở cửa", style="B")
    paper.write_paragraph(PROSE)
    paper.write_paragraph(PROSE)

    found = content(paper)

    assert found.outline.title == "Nội quy phòng họp"
    assert words(found, "heading") == ["Nội quy phòng họp", "Giờ mở cửa"]
    assert words(found, "paragraph") == [PROSE, PROSE]


def test_a_centred_heading_of_several_lines_is_one() -> None:
    """Though none of its lines is full; a short one above, the kind of the document, stays apart."""
    paper = Paper()
    for line in (
        "THÔNG TƯ",
        "QUY ĐỊNH VỀ QUẢN LÝ LAO ĐỘNG, TIỀN LƯƠNG, TIỀN THƯỞNG",
        "ĐỐI VỚI VIÊN CHỨC, NGƯỜI LAO ĐỘNG",
    ):
        paper.set_font("Deja", "B", 11)
        paper.cell(0, 6, line, align="C", new_x="LMARGIN", new_y="NEXT")
    for _ in range(3):
        paper.write_paragraph(PROSE)

    assert words(content(paper), "heading") == [
        "THÔNG TƯ",
        "QUY ĐỊNH VỀ QUẢN LÝ LAO ĐỘNG, TIỀN LƯƠNG, TIỀN THƯỞNG ĐỐI VỚI VIÊN CHỨC, NGƯỜI LAO ĐỘNG",
    ]


def test_running_heads_of_left_and_right_pages_are_known_for_one() -> None:
    """A head with its number at either side, though only two pages of each are there."""
    paper = Paper()
    paper.set_auto_page_break(auto=False)
    for page in range(47, 51):
        if page > 47:
            paper.add_page()
        paper.set_font("Deja", size=9)
        head = f"{page} Công báo/Ngày 28-02-2025" if page % 2 == 0 else f"Công báo/Ngày 28-02-2025 {page}"
        paper.text(25 if page % 2 else 60, 20, head)
        paper.set_y(60)
        paper.write_paragraph(PROSE)

    assert words(content(paper), "paragraph") == [*[PROSE] * 4, "Công báo/Ngày 28-02-2025 47"]


def test_letter_spaced_headings_are_put_together() -> None:
    """Words are told by the wider gaps, whether the letters were set apart by spaces or by the typesetter."""
    paper = Paper()
    paper.write_paragraph("C Ộ N G   H Ò A   X Ã   H Ộ I", size=16)
    paper.set_char_spacing(5)
    paper.write_paragraph("ĐỘC LẬP   TỰ DO", size=14)
    paper.set_char_spacing(0)
    paper.write_paragraph(PROSE)

    text = content(paper).text

    assert "CỘNG HÒA XÃ HỘI" in text
    assert "ĐỘC LẬP TỰ DO" in text


def test_first_line_indents_part_paragraphs() -> None:
    """Without a gap between them, as official papers are set."""
    paper = Paper()
    paper.set_font("Deja", size=11)
    for _ in range(3):
        paper.multi_cell(0, 6, " " * 8 + PROSE, new_x="LMARGIN", new_y="NEXT")

    assert words(content(paper), "paragraph") == [PROSE] * 3


def test_space_between_paragraphs_parts_them() -> None:
    """Where every item is set apart, a line that could have held one more word ends no paragraph."""
    paper, height = Paper(), 40
    paper.set_auto_page_break(auto=False)
    paper.set_font("Deja", size=11)
    first, last = "{}. Bộ Công an chủ trì và phối hợp thực hiện việc hợp tác{}, trừ của", "Bộ Quốc phòng."
    for number in range(1, 8):
        for line in (first.format(number, " quốc tế" * (number % 2)), last):
            paper.text(25, height, line)
            height += 6
        height += 6

    paragraphs = words(content(paper), "paragraph")

    assert paragraphs == [f"{first.format(number, ' quốc tế' * (number % 2))} {last}" for number in range(1, 8)]


def test_a_line_in_brackets_ends_before_an_article() -> None:
    """However full it is: "(Ban hành kèm theo …)" stands alone above "Điều 1."."""
    lines = ("(Ban hành kèm theo Quyết định số 215/QĐ-BVLH ngày 05/3/2025)", "Điều 1. Phạm vi", "Quy chế này quy định.")

    assert "Điều 1. Phạm vi" in content(set_as(lines)).text.split("\n\n")


def test_a_part_after_a_semicolon_goes_on_overleaf() -> None:
    """In small letters and without a mark; an item and a capital open a paragraph of their own."""
    paper = Paper()
    paper.set_auto_page_break(auto=False)
    pages = (
        ("1. Người dùng được báo bằng văn bản về thời điểm nghỉ theo quy định này;",),
        ("trước ba tháng, cơ quan quản lý ra quyết định và gửi cho người đó biết;",),
        ("a) Người dùng được báo bằng văn bản về thời điểm nghỉ theo quy định này;",),
        ("Cơ quan quản lý ra quyết định.",),
    )
    for number, lines in enumerate(pages):
        if number:
            paper.add_page()
        paper.set_font("Deja", size=11)
        paper.text(25, 40, lines[0])

    paragraphs = words(content(paper), "paragraph")

    assert paragraphs == [f"{pages[0][0]} {pages[1][0]}", pages[2][0], pages[3][0]]


def test_wide_gaps_in_a_sentence_are_no_columns() -> None:
    """Two lines whose words were typed with several spaces, one below the other by chance."""
    lines = (
        "Người nào vi phạm quy định của Luật này thì tùy theo mức độ mà bị xử lý hoặc truy",
        "cứu    trách nhiệm hình sự, nếu gây thiệt hại thì phải bồi thường theo quy định",
        "của          pháp luật.",
    )

    paragraphs = words(content(set_as(lines)), "paragraph")

    assert paragraphs == [" ".join(" ".join(lines).split())]


def test_hyphens_at_the_ends_of_lines_stay() -> None:
    """Names and years keep their hyphen and get no space; nor is a soft hyphen between years lost."""
    lines = [
        "Bộ Quốc phòng đã cử lực lượng sang nước Cộng hòa Nam Xu-",
        "đăng trong giai đoạn từ năm hai nghìn mười một cho tới 2011-",
        "2013 và cũng đã sang thăm chính thức nước Cộng hòa Cu-",
        "ba cùng với các nước khác; soft 2014\u00ad2016 nữa là hết.",
    ]

    found = content(set_as(lines))

    expected = (
        "Bộ Quốc phòng đã cử lực lượng sang nước Cộng hòa Nam Xu-đăng trong giai đoạn từ năm hai nghìn mười một cho "
        "tới 2011-2013 và cũng đã sang thăm chính thức nước Cộng hòa Cu-ba cùng với các nước khác; soft 2014-2016 "
        "nữa là hết."
    )
    assert words(found, "paragraph") == [expected]


@pytest.mark.parametrize(
    ("elsewhere", "joined"),
    [
        ("The organization is here.", "The organization"),
        ("The organi-zation and the organization.", "The organi-zation"),
        ("Nothing.", "The organi-zation"),
    ],
)
def test_a_divided_word_is_joined_where_the_document_knows_it(elsewhere: str, joined: str) -> None:
    """A hyphen is dropped only where the document writes the word without one elsewhere, and never with one."""
    found = content(
        set_as([elsewhere, "", "Here is, at the end of a line of words, what they call The organi-", "zation."])
    )

    assert words(found, "paragraph")[-1].endswith(f"what they call {joined}.")


def test_a_soft_hyphen_between_digits_is_a_hyphen() -> None:
    """In every format that is put together from pieces; within a word it is left out."""
    assert in_one_line("2011\u00ad2013, tổ\u00adng") == "2011-2013, tổng"


@pytest.mark.parametrize(
    ("number", "raised", "expected"), [("năm 2022", "1", "năm 2022¹ là"), ("10", "15", "10¹⁵ là"), ("H", "2", "H² là")]
)
def test_raised_digits_stay_apart_from_numbers(number: str, raised: str, expected: str) -> None:
    """A note's marker is no digit of the year before it, nor is a power."""
    paper = Paper()
    before = f"Cả nước có diện tích trồng trọt là {number}"
    paper.set_font("Deja", size=11)
    paper.text(25, 60, before)
    right = 25 + paper.get_string_width(before)
    paper.set_font("Deja", size=6)
    paper.text(right, 58.5, raised)
    paper.set_font("Deja", size=11)
    paper.text(right + 4, 60, " là 30 nghìn ha theo báo cáo.")

    assert expected in " ".join(content(paper).text.split())


def test_a_sentence_that_ends_with_a_raised_marker_ends() -> None:
    """Its note does not keep the sentence open."""
    assert lines_of("Hai bên đã ký kết với nhau.¹")[0].ends_sentence


def test_statutes_keep_their_lines_apart() -> None:
    """Short points below one another are not run together."""
    points = [
        "Điều 2. Người đăng ký",
        "1. Người đăng ký gồm:",
        "a) Trưởng phòng;",
        "b) Thư ký cuộc họp.",
        "2. Sổ ở kho.",
    ]
    paper = Paper()
    for point in points:
        paper.write_paragraph(point, gap=0)

    assert content(paper).text.split("\n\n") == points


def test_a_scan_is_refused_with_its_remedy() -> None:
    """Pages without letters."""
    paper = Paper()
    paper.rect(20, 20, 100, 100)

    with pytest.raises(ScannedError, match=r"a\.pdf.*scanned.*ocrmypdf"):
        content(paper)


def test_a_password_is_named() -> None:
    """Encrypted, and not to be opened without."""
    paper = Paper()
    paper.write_paragraph(PROSE)
    paper.set_encryption("chu", "mat", permissions=AccessPermission.none())

    with pytest.raises(LockedError, match=r"password, a\.pdf"):
        content(paper)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Microsoft Word - noi_quy.doc", "NỘI QUY CỦA PHÒNG HỌP"),
        ("Mẫu công văn", "NỘI QUY CỦA PHÒNG HỌP"),
        ("Nội quy của phòng họp", "Nội quy của phòng họp"),
    ],
)
def test_properties_count_only_where_the_page_shows_them(title: str, expected: str) -> None:
    """Programs and templates fill them in: the author is one's login, the date the template's."""
    paper = Paper()
    paper.set_title(title)
    paper.set_author("Trần Thị Bình")
    paper.write_paragraph("NỘI QUY CỦA PHÒNG HỌP", size=16)
    paper.write_paragraph(PROSE)

    outline = content(paper).outline

    assert (outline.title, outline.author, outline.published) == (expected, "", None)


def test_sections_with_roman_numerals_are_of_one_rank() -> None:
    """Also where another heading follows the first of them at once."""
    paper = Paper()
    for words, style in (
        *(
            ("KẾ HOẠCH TRỒNG CÂY", "B"),
            (PROSE, ""),
            ("I. MỤC TIÊU", "B"),
            ("1. Mục tiêu chung", "B"),
            ("Trồng một vạn cây xanh trong năm.", ""),
        ),
        *(("II. NHIỆM VỤ", "B"), ("Sở Nông nghiệp chuẩn bị cây giống cho các xã.", "")),
    ):
        paper.write_paragraph(words, style=style)
    content = read_pdf(paper.finished(), "a.pdf")

    levels = [block.level for block in content.outline.blocks if content.text[block.start] == "I"]

    assert levels == [2, 2]
