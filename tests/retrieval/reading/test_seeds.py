"""The five seed documents, against a table made by reading them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from retrieval.reading.reader import read_document
from retrieval.reading.text.lines import lines_of

if TYPE_CHECKING:
    from retrieval.reading.document import Document

SEEDS = Path(__file__).parents[3] / "seeds"
NAMES = {
    "000": "000_d868b4a2e71b6cdf.txt",
    "001": "001_ed8a76a4f27345eb.txt",
    "002": "002_83270ec817cbd51c.txt",
    "003": "003_440752a034d0820c.txt",
    "004": "004_4c3ef6669cf3b03f.txt",
}


def seed(number: str) -> Document:
    return read_document(SEEDS / NAMES[number], SEEDS)


def uncovered(document: Document) -> list[str]:
    spans = [(block.start, block.end) for block in document.blocks]
    lines = lines_of(document.text)
    return [line.text for line in lines if not any(a <= line.start and line.end <= b for a, b in spans)]


@pytest.mark.parametrize(
    ("number", "title", "publisher", "author", "published"),
    [
        (
            "000",
            "Ngày 8/1, tại Hà Nội, Bộ Quốc phòng tổ chức Hội nghị tổng kết công tác đối ngoại quốc…",
            "",
            "Nguyễn Cường",
            None,
        ),
        ("001", "Kiên định chính sách quốc phòng, bảo vệ Tổ quốc từ sớm, từ xa", "", "", None),
        (
            "002",
            "Bộ Quốc phòng: Hội nghị công tác hội nhập quốc tế và đối ngoại quốc phòng",
            "ĐNA",
            "PV/nguồn BQP",
            None,
        ),
        ("003", "Góp phần nâng cao vị thế đất nước", "", "Duy Quang", date(2017, 8, 25)),
        (
            "004",
            "Toàn quân phấn đấu thực hiện tốt nhiệm vụ đối ngoại quốc phòng năm 2023",
            "QPTD",
            (
                "Thượng tướng HOÀNG XUÂN CHIẾN, Ủy viên Ban Chấp hành Trung ương Đảng, "
                "Ủy viên Quân ủy Trung ương, "
                "Thứ trưởng Bộ Quốc phòng"
            ),
            date(2023, 3, 9),
        ),
    ],
)
def test_metadata_of_a_seed(number: str, title: str, publisher: str, author: str, published: date | None) -> None:
    """Title, publisher, author and date are those that a reader of the page finds, and no others."""
    document = seed(number)

    found = (document.title, document.publisher, document.author, document.published)

    assert (title, publisher, author, published) == found


@pytest.mark.parametrize(("number", "count"), [("000", 9), ("001", 10), ("002", 8), ("003", 6), ("004", 9)])
def test_paragraphs_of_a_seed(number: str, count: int) -> None:
    """The number of paragraphs is the one counted by hand."""
    document = seed(number)

    paragraphs = [block for block in document.blocks if block.kind == "paragraph"]

    assert count == len(paragraphs)


@pytest.mark.parametrize(
    ("number", "lines"),
    [
        ("000", ["|", "Nguyễn Cường"]),
        (
            "001",
            [
                (
                    "Nhiều cán bộ trẻ đã chọn dấn thân, cống hiến trong công việc như một lẽ sống "
                    "để từng ngày thầm lặng "
                    "góp sức vào thành quả chung của TP.HCM."
                )
            ],
        ),
        (
            "002",
            [
                "Thứ Ba, Tháng Tư 16, 2024",
                "* Email: bbt.dongnama@gmail.com *Tòa soạn: 0989011688 - 0768908888",
                "spot_img",
                "ĐNA -",
                "PV/nguồn BQP",
            ],
        ),
        ("003", ["Cập nhật: 25/08/2017 04:38", "Xem lịch sử tin bài", "Duy Quang", "Scroll"]),
    ],
)
def test_lines_of_a_seed_that_are_not_searched(number: str, lines: list[str]) -> None:
    """Exactly the boilerplate and the lines that became metadata are left out."""
    document = seed(number)

    left_out = uncovered(document)

    assert lines == left_out


def test_long_page_loses_its_head_and_everything_below_the_notes() -> None:
    """Of the long page, its head, the dateline, the author and the other articles are left out."""
    document = seed("004")
    tail = lines_of(document.text[document.text.index("Ý kiến bạn đọc (0)") :])

    left_out = uncovered(document)

    assert [
        "Những chủ trương công tác lớn\u00a0Chuyên luận chỉ đạo",
        "QPTD -Thứ Năm, 09/03/2023, 09:48 (GMT+7)",
        document.author,
        "_________________",
        *(line.text for line in tail),
    ] == left_out


@pytest.mark.parametrize(
    ("number", "opening"),
    [
        ("000", "Bộ trưởng Bộ Quốc phòng Phùng Quang Thanh. Ảnh: Nhan Sáng-TTXVN"),
        ("002", "Hội nghị sơ kết công tác hội nhập quốc tế và đối ngoại quốc phòng 6 tháng đầu năm 2022,"),
        ("004", "Thượng tướng Hoàng Xuân Chiến phát biểu chỉ đạo tại Hội nghị tổng kết"),
    ],
)
def test_caption_of_a_seed(number: str, opening: str) -> None:
    """The line below a picture is a caption, with a credit or without."""
    document = seed(number)

    captions = [document.text_of(block) for block in document.blocks if block.kind == "caption"]

    assert [caption.startswith(opening) for caption in captions] == [True]


def test_paragraphs_carry_the_markers_of_their_footnotes() -> None:
    """Markers glued to words link a paragraph to its notes."""
    document = seed("004")

    links = {document.text_of(block)[:12]: block.notes for block in document.blocks if block.notes}

    assert links == {"Năm 2022, bê": ("1", "2"), "3. Tiếp tục ": ("3",)}


def test_footnotes_begin_with_their_markers() -> None:
    """The three notes of the long page are footnotes, its five numbered paragraphs are not."""
    document = seed("004")

    notes = {marker: document.text_of(block)[:12] for marker, block in document.footnotes.items()}

    assert notes == {"1": "1 - Tham mưu", "2": "2 - Năm 2022", "3": "3 - Tham dự "}
