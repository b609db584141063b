"""The sheet: letters, tables, columns and notes of a PDF, told by their places on the paper."""

from __future__ import annotations

from pathlib import Path

from retrieval.passage import split_document
from retrieval.reading.document import Content
from retrieval.reading.pdf.reader import read_pdf
from retrieval.reading.reader import read_document
from tests.support.document_makers import Paper, pdf_of

PROSE = "Phòng họp mở cửa lúc bảy giờ sáng và đóng cửa lúc năm giờ chiều của mỗi ngày làm việc trong tuần."


def lines_at(*placed: tuple[float, float, str], size: float = 11) -> Content:
    """A page with words at these places, written in this order: millimetres from its left and upper edge."""
    paper = Paper()
    for x, y, words in placed:
        paper.set_font("Deja", size=size)
        paper.text(x, y, words)
    return read_pdf(paper.finished(), "a.pdf")


def paragraphs_of(content: Content) -> list[str]:
    return [content.text[block.start : block.end] for block in content.outline.blocks if block.start < block.end]


def test_letters_of_another_font_stand_in_their_words() -> None:
    """
    LibreOffice writes the letters that a font lacks behind the rest of their line: they are put where the paper shows
    them.
    """
    paper = Paper()
    paper.set_font("Deja", size=11)
    words = ("Phòng h", "ọ", "p m", "ở", " cửa lúc bảy giờ sáng hằng ngày.")
    places = [30 + sum(map(paper.get_string_width, words[:at])) for at in range(len(words))]
    for at in (0, 2, 4, 1, 3):
        paper.text(places[at], 40, words[at])

    content = read_pdf(paper.finished(), "a.pdf")

    assert content.text == "Phòng họp mở cửa lúc bảy giờ sáng hằng ngày."


def test_short_paragraphs_with_gaps_stay_apart() -> None:
    """Where most steps lead from one paragraph to the next, they are not taken for those from line to line."""
    paper = Paper()
    paragraphs = [f"{PROSE[:-1]} số {number}{number}{number}." for number in range(1, 5)]
    for words in paragraphs:
        paper.write_paragraph(words, size=10)

    assert paragraphs_of(read_pdf(paper.finished(), "a.pdf")) == paragraphs


def test_the_last_letter_before_a_full_stop_stands_before_it() -> None:
    """One narrow letter that the font lacks, written behind the mark that ends its sentence."""
    paper = Paper()
    paper.set_font("Deja", size=11)
    words = ("Phòng họp ở bên b", "ờ", " h", ".", "ồ")
    before = {"Phòng họp ở bên b": (), "ờ": words[:1], " h": words[:2], "ồ": words[:3], ".": (*words[:3], "ồ")}
    places = {part: 30 + sum(map(paper.get_string_width, parts)) for part, parts in before.items()}
    for part in words:
        paper.text(places[part], 40, part)

    assert read_pdf(paper.finished(), "a.pdf").text == "Phòng họp ở bên bờ hồ."


def test_one_short_word_alone_on_its_line_is_put_together_too() -> None:
    """Half of the steps in "h", ".", "ồ" lead back; on paper that lies upside down nearly all do."""
    paper = Paper()
    paper.set_font("Deja", size=11)
    paper.text(30, 40, PROSE[:80])
    paper.set_char_spacing(paper.get_string_width("ồ") * paper.k)  # what another font's letter leaves free
    paper.text(30, 45, "h.")
    paper.set_char_spacing(0)
    paper.text(30 + paper.get_string_width("h"), 45, "ồ")

    assert read_pdf(paper.finished(), "a.pdf").text == f"{PROSE[:80]} hồ."


def test_capitals_need_more_room_than_small_letters() -> None:
    """A line with room for nine small letters and not for "EPA/TTXVN" was broken there, and goes on."""
    paper = Paper()
    paper.set_font("Deja", size=11)
    first, second = (
        "Ứng cử viên Marine Le Pen phát biểu khởi động chiến dịch ở Lyon. Ảnh:",
        "EPA/TTXVN hôm qua đưa tin.",
    )
    end = 20 + paper.get_string_width(f"{first} EPA/TTXVN") - 0.5  # millimetres: half a one too few
    paper.text(20, 40, first)
    paper.text(20, 45, second)
    for y, words in enumerate((PROSE, PROSE), 12):
        paper.text(end - paper.get_string_width(words), 5 * y, words)

    assert paragraphs_of(read_pdf(paper.finished(), "a.pdf"))[0] == f"{first} {second}"


def test_a_table_is_read_row_by_row() -> None:
    """What stands side by side is one paragraph, as in a DOCX, whatever the widths of the names above."""
    rows = [("Phòng", "Sức chứa", "Giá"), ("Phòng A101", "20", "150.000"), ("Hội trường lớn", "300", "1.850.000")]

    content = lines_at(
        *(
            (30 + 55 * column, 40 + 7 * row, words)
            for row, cells in enumerate(rows)
            for column, words in enumerate(cells)
        )
    )

    assert paragraphs_of(content) == [" | ".join(cells) for cells in rows]


LEFT = [
    "Phòng họp được mở cửa từ",
    "bảy giờ sáng và đóng cửa",
    "lúc năm giờ chiều của mỗi",
    "ngày làm việc trong tuần,",
    "trừ những ngày nghỉ lễ do",
    "cơ quan công bố.",
]
RIGHT = [
    "Người phụ trách giữ chìa",
    "khóa của phòng và bàn giao",
    "lại cho bộ phận trực chậm",
    "nhất mười lăm phút sau khi",
    "cuộc họp kết thúc, kể cả",
    "ngoài giờ.",
]


def test_columns_that_are_written_line_by_line_are_read_one_after_the_other() -> None:
    """Two columns of running text are no table, though every line of the file goes over both."""
    content = lines_at(
        *(
            (x, 40 + 6 * row, words)
            for row, pair in enumerate(zip(LEFT, RIGHT, strict=True))
            for x, words in zip((30, 110), pair, strict=True)
        )
    )

    assert paragraphs_of(content) == [" ".join(LEFT), " ".join(RIGHT)]


def test_a_note_at_the_foot_of_a_page_interrupts_no_sentence() -> None:
    """It is a footnote of the paragraph that it stands below, which goes on overleaf."""
    paper = Paper()
    paper.set_font("Deja", size=11)
    paper.text(30, 40, "Phòng họp được mở cửa từ bảy giờ sáng và đóng cửa lúc năm giờ chiều của mỗi")
    paper.text(30, 46, "ngày làm việc trong tuần")
    place = 30 + paper.get_string_width("ngày làm việc trong tuần")
    paper.set_font("Deja", size=6)
    paper.text(place, 44, "1")
    paper.set_font("Deja", size=11)
    paper.text(place + 1.5, 46, ", và theo yêu cầu của Chánh Văn phòng thì còn mở cả")
    paper.set_font("Deja", size=8)
    paper.text(30, 230, "1 Trừ ngày nghỉ lễ.")
    paper.add_page()
    paper.set_font("Deja", size=11)
    paper.text(30, 40, "ngoài giờ và vào ngày nghỉ.")

    content = read_pdf(paper.finished(), "a.pdf")

    paragraph, note = content.outline.blocks
    assert content.text[paragraph.start : paragraph.end].endswith(
        "trong tuần¹, và theo yêu cầu của Chánh Văn phòng thì còn mở cả ngoài giờ và vào ngày nghỉ."
    )
    assert paragraph.notes == ("1",)
    assert (note.kind, note.marker, content.text[note.start : note.end]) == ("footnote", "1", "Trừ ngày nghỉ lễ.")


def test_what_runs_along_the_edges_is_no_part_of_the_last_article(tmp_path: Path) -> None:
    """A header that is kept once, at the end, is cited without an article."""
    words = PROSE.lower().rstrip(".").split()
    bodies = [" ".join(["Nay", *words[n % 20 :], *words[: n % 20]]) + "." for n in range(1, 61)]
    lines = [line for n, body in enumerate(bodies, 1) for line in (f"Điều {n}. Nội dung", body)]
    (tmp_path / "a.pdf").write_bytes(pdf_of(lines, "Tài liệu nội bộ của cơ quan"))

    passages = split_document(read_document(tmp_path / "a.pdf", tmp_path))

    assert {passage.section for passage in passages if passage.text == "Tài liệu nội bộ của cơ quan"} == {""}
    assert passages[-2].section == "Điều 60. Nội dung"
