"""Pages and plain texts of many layouts: boilerplate goes, the rest stays."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.reading.article.article import outline_of_page
from retrieval.reading.text.lines import lines_of

if TYPE_CHECKING:
    from retrieval.reading.document import Outline

FIRST = (
    "Sáng 12/3, tại Hà Nội, Cục Đối ngoại tổ chức hội nghị triển khai nhiệm vụ "
    "công tác đối ngoại năm 2024 của toàn quân."
)
SECOND = (
    "Hội nghị đánh giá kết quả công tác đối ngoại quốc phòng trong năm qua "
    "và thống nhất các nhiệm vụ trọng tâm của năm nay."
)
THIRD = (
    "Các đại biểu cho rằng công tác đối ngoại quốc phòng cần tiếp tục đổi mới, "
    "chủ động và tích cực hơn trong thời gian tới."
)
ARTICLE = f"{FIRST}\n\n{SECOND}\n\n{THIRD}\n"
TITLE = "Triển khai nhiệm vụ công tác đối ngoại năm 2024"


def kinds(text: str) -> dict[str, str]:
    return {text[block.start : block.end]: block.kind for block in outline_of_page(text).blocks}


def paragraphs(text: str) -> list[str]:
    return [span for span, kind in kinds(text).items() if kind == "paragraph"]


def metadata(outline: Outline) -> tuple[str, str, str, date | None]:
    return outline.title, outline.publisher, outline.author, outline.published


def test_portal_page() -> None:
    """A portal's menu, date, buttons, counters and contact lines are not part of the article."""
    text = (
        f"Trang chủ » Tin tức » Đối ngoại\nTiếng Việt\nEnglish\n\n{TITLE}\n"
        f"Ngày đăng: 12/03/2024 - Lượt xem: 1.234\n"
        f"Chia sẻ\n\n{ARTICLE}\nTừ khóa: đối ngoại, quốc phòng\nIn trang\nVề đầu trang\n"
        "Bản quyền thuộc Cổng thông tin điện tử\nĐiện thoại tòa soạn: 069.123.456 - Email: bbt@example.vn\n"
    )

    found = metadata(outline_of_page(text)), paragraphs(text)

    assert ((TITLE, "", "", date(2024, 3, 12)), [FIRST, SECOND, THIRD]) == found


def test_news_page_with_related_articles() -> None:
    """The publisher stands with the date, the author below, and teasers of other articles after them."""
    text = (
        f"Báo Quân đội nhân dân - Thứ ba, 12/03/2024 | 10:25 GMT+7\n{TITLE}\n\n{ARTICLE}\n"
        f"Bài, ảnh: Nguyễn Văn An\n"
        "Tin liên quan\nMột bài khác về chuyện khác\n"
        "Bài khác ấy kể một câu chuyện dài, không dính dáng gì đến bài này.\n"
    )

    found = metadata(outline_of_page(text)), paragraphs(text)

    expected = (TITLE, "Báo Quân đội nhân dân", "Nguyễn Văn An", date(2024, 3, 12))
    assert (expected, [FIRST, SECOND, THIRD]) == found


def test_box_of_other_articles_inside_an_article() -> None:
    """Headlines under "Xem thêm" go, the paragraphs after them stay."""
    text = f"{TITLE}\n\n{FIRST}\nXem thêm\nMột bài khác về chuyện khác\n{SECOND}\n{THIRD}\n"

    found = paragraphs(text)

    assert found == [FIRST, SECOND, THIRD]


def test_dated_headlines_without_a_header() -> None:
    """Dated headlines, newest first, at the end of a page are other articles."""
    headlines = "".join(f"Một bài báo cũ hơn về công tác đối ngoại {day:02}/11/2024\n" for day in (18, 14, 13))

    found = paragraphs(f"{TITLE}\n\n{ARTICLE}\n{headlines}")

    assert found == [FIRST, SECOND, THIRD]


def test_timetable_of_a_memo() -> None:
    """A timetable has dates at the end of its lines too, and stays."""
    plan = [f"Hoàn thành phần việc của tổ và báo cáo bằng văn bản {day:02}/11/2024" for day in (13, 14, 18)]

    found = paragraphs(f"{TITLE}\n\n{FIRST}\n" + "\n".join(plan))

    assert [FIRST, *plan] == found


def test_memo() -> None:
    """A short memo keeps all its lines, contact line and signature included."""
    lines = [
        "Thời gian: 8 giờ ngày 12/3/2024",
        "Địa điểm: Phòng họp số 2",
        "Nội dung: bàn giao hồ sơ; chuẩn bị hội nghị tháng tư.",
        "Liên hệ: đồng chí Nam, điện thoại 069 123 456, email nam@example.vn",
        "NGƯỜI LẬP",
        "Trần Văn Nam",
    ]
    text = "Kế hoạch họp giao ban\n\n" + "\n".join(lines) + "\n"

    found = outline_of_page(text).title, paragraphs(text)

    assert ("Kế hoạch họp giao ban", lines) == found


LAW = """QUỐC HỘI
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Luật số: 22/2018/QH14
Hà Nội, ngày 8 tháng 6 năm 2018
LUẬT
QUỐC PHÒNG
Căn cứ Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam;
Chương I
NHỮNG QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh
Luật này quy định nguyên tắc, chính sách, hoạt động cơ bản về quốc phòng.
Điều 2. Giải thích từ ngữ
1. Quốc phòng là công cuộc giữ nước bằng sức mạnh tổng hợp của toàn dân tộc.
a) Tiềm lực chính trị, tinh thần;
Điều 3. Luật này có hiệu lực từ ngày 1 tháng 1 năm 2019.
"""


def test_nothing_of_a_law_is_lost() -> None:
    """Every line of a legal text lies in a block."""
    blocks = outline_of_page(LAW).blocks

    lost = [line for line in lines_of(LAW) if not any(b.start <= line.start and line.end <= b.end for b in blocks)]

    assert lost == []


def test_title_and_date_of_a_law() -> None:
    """A law is called by its kind and name, not by the office above it, and is dated by its place line."""
    outline = outline_of_page(LAW)

    found = outline.title, outline.published

    assert ("LUẬT QUỐC PHÒNG", date(2018, 6, 8)) == found


def test_headings_of_a_law() -> None:
    """Chapters and short articles are headings, a chapter together with its name; whole sentences are not."""
    outline = outline_of_page(LAW)

    found = [(LAW[block.start : block.end], block.level) for block in outline.blocks if block.level > 1]

    assert found == [
        ("Chương I\nNHỮNG QUY ĐỊNH CHUNG", 3),
        ("Điều 1. Phạm vi điều chỉnh", 6),
        ("Điều 2. Giải thích từ ngữ", 6),
    ]


def test_poem() -> None:
    """Verses are paragraphs of their own, the poet is the author, a title set apart is the title."""
    verses = [
        "Trong đầm gì đẹp bằng sen",
        "Lá xanh bông trắng lại chen nhị vàng",
        "Nhị vàng bông trắng lá xanh",
        "Gần bùn mà chẳng hôi tanh mùi bùn.",
    ]
    text = "Hoa sen\n\n" + "\n".join(verses) + "\n\nTố Hữu\n"

    found = outline_of_page(text).title, paragraphs(text), outline_of_page(text).author

    assert ("Hoa sen", verses, "Tố Hữu") == found


def test_poem_without_a_title_keeps_its_first_verse() -> None:
    """The first verse is no title, however short."""
    text = "Mình về mình có nhớ ta\nMười lăm năm ấy thiết tha mặn nồng.\n"

    found = paragraphs(text)

    assert text.splitlines() == found


def test_english_page() -> None:
    """The same rules read an English page."""
    body = (
        "The two ministries agreed on Monday to widen their cooperation in training, "
        "medicine and search and rescue work."
    )
    head = "Ministries agree on wider cooperation\nPublished: March 9, 2023\nShare"
    text = f"{head}\n\n{body}\n\nBy John Smith\nRead more\n"

    found = metadata(outline_of_page(text)), paragraphs(text)

    assert (("Ministries agree on wider cooperation", "", "John Smith", date(2023, 3, 9)), [body]) == found


def test_hard_wrapped_text() -> None:
    """Lines broken at a fixed width are one paragraph, and the block spans their newlines."""
    first = (
        "Công tác đối ngoại quốc phòng được triển khai toàn diện,\n"
        "đồng bộ và đạt nhiều kết quả quan trọng, góp phần giữ\n"
        "vững môi trường hòa bình, ổn định để xây dựng đất nước."
    )
    second = "Trong thời gian tới, các đơn vị tiếp tục phát huy kết quả\nđã đạt được và khắc phục những hạn chế."

    found = paragraphs(f"{first}\n\n{second}\n")

    assert [first, second] == found


def test_page_in_nfd_reads_as_in_nfc_after_normalisation() -> None:
    """Rules are written in NFC, and the reader normalises before they are asked."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFD", f"{TITLE}\nCập nhật: 12/03/2024\n\n{ARTICLE}"))

    found = metadata(outline_of_page(text))

    assert (TITLE, "", "", date(2024, 3, 12)) == found


def test_page_that_opens_with_its_publisher() -> None:
    """Without a title line the first sentence is the title, without the publisher before it."""
    text = f"(QPTD) - {FIRST}\n{SECOND}\n"

    found = metadata(outline_of_page(text))

    title = "Sáng 12/3, tại Hà Nội, Cục Đối ngoại tổ chức hội nghị triển khai nhiệm vụ công tác đối…"
    assert (title, "QPTD", "", None) == found


def test_section_about_opinions_in_a_report() -> None:
    """A heading that is named like a part of a page does not cut off the report below it."""
    text = f"Báo cáo quý I\n\n{FIRST}\n\nÝ kiến bạn đọc\n\n{SECOND}\n\n{THIRD}\n"

    found = paragraphs(text)

    assert found == [FIRST, SECOND, THIRD]


def test_crosshead_between_paragraphs() -> None:
    """A short line between two paragraphs heads the second."""
    found = kinds(f"{TITLE}\n\n{FIRST}\nNhững kết quả nổi bật\n{SECOND}\n")

    assert found["Những kết quả nổi bật"] == "heading"


@pytest.mark.parametrize(
    "line",
    [
        "Quang cảnh hội nghị. Ảnh: TTXVN",
        "Đoàn công tác tại thao trường (Ảnh: Minh Đức)",
        "Ảnh minh họa",
        "Một góc thành phố. Nguồn ảnh: qdnd.vn",
        "Quy trình cấp phép. Đồ họa: Lan Anh",
        "Đồng chí Nguyễn Văn A phát biểu tại hội nghị",
    ],
)
def test_captions(line: str) -> None:
    """A picture's line is a caption."""
    found = kinds(f"{TITLE}\n\n{FIRST}\n{line}\n{SECOND}\n")

    assert found[line] == "caption"


@pytest.mark.parametrize(
    "line",
    [
        "Lượt xem: 123",
        "1.234 lượt xem",
        "(0)",
        "Chia sẻ",
        "Bình luận",
        "In trang",
        "Từ khóa: quốc phòng",
        "Tags:",
        "Đọc thêm",
        "Về đầu trang",
        "Scroll",
        "spot_img",
        "Quảng cáo",
        ">> Một bài khác về chuyện khác",
        "Hotline: 0989011688",
        "* * *",
        "Xuất bản: 09/03/2023",
    ],
)
def test_furniture_inside_an_article(line: str) -> None:
    """Buttons, counters and the like are left out everywhere."""
    found = list(kinds(f"{TITLE}\n\n{FIRST}\n{line}\n{SECOND}\n"))

    assert found == [TITLE, FIRST, SECOND]


@pytest.mark.parametrize(
    "line",
    [
        "Giới thiệu",
        "Việt Nam",
        "Tổng kinh phí 12 tỷ đồng",
        "a) Tiềm lực chính trị;",
        "Gồm các nội dung sau:",
        "Số: 806-NQ/QUTW",
        "Người dân có thể gọi đường dây nóng 0989011688 để được hướng dẫn.",
    ],
)
def test_odd_lines_that_stay(line: str) -> None:
    """Without positive evidence a line stays."""
    found = kinds(f"{TITLE}\n\n{FIRST}\n{line}\n{SECOND}\n")

    assert line in found


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Nguyễn Cường", "Nguyễn Cường"),
        ("PV", "PV"),
        ("Theo TTXVN", "Theo TTXVN"),
        ("PV/nguồn BQP", "PV/nguồn BQP"),
        ("Lan Anh - Minh Đức", "Lan Anh - Minh Đức"),
        ("Tin, ảnh: Hoàng Hà", "Hoàng Hà"),
        ("Nguồn: qdnd.vn", "Nguồn: qdnd.vn"),
        ("Đại tá, TS Trần Văn Bình, Học viện Quốc phòng", "Đại tá, TS Trần Văn Bình, Học viện Quốc phòng"),
        ("Đó là mục tiêu chung", ""),
        ("Hà Nội", ""),
    ],
)
def test_bylines(line: str, author: str) -> None:
    """A name or a source below the last paragraph is the author; other short lines are not."""
    found = outline_of_page(f"{TITLE}\n\n{ARTICLE}\n{line}\n").author

    assert author == found


@pytest.mark.parametrize(
    ("head", "published"),
    [
        (f"Thứ Ba, Tháng Tư 16, 2024\n\n{TITLE}\n", None),
        (f"Thứ Ba, 16/04/2024 10:25\nTìm kiếm\n{TITLE}\n", None),
        (f"{TITLE}\n\nThứ Ba, 16/04/2024 | 10:25\n", date(2024, 4, 16)),
        (f"Thứ Ba, 16/04/2024 | 10:25\n{TITLE}\n", date(2024, 4, 16)),
        (f"Thứ Ba, 16/04/2024\n\n{TITLE}\nCập nhật lúc 08:00, 15/04/2024\n", date(2024, 4, 15)),
        (f"{TITLE}\nCập nhật: 31/02/2024\n", None),
        (f"{TITLE}\n", None),
    ],
)
def test_dates(head: str, published: date | None) -> None:
    """A date counts beside the title or with a label; the day on which a page was saved does not."""
    found = outline_of_page(f"{head}\n{ARTICLE}").published

    assert published == found


def test_last_paragraph_of_the_article_stays() -> None:
    """A last sentence that has words in common with the article is no teaser."""
    last = "Hội nghị cũng công bố quyết định khen thưởng các tập thể làm tốt công tác đối ngoại quốc phòng."

    found = paragraphs(f"{TITLE}\n\n" + f"{ARTICLE}\n" * 3 + last)

    assert last == found[-1]


LINES = st.sampled_from(
    [
        TITLE,
        FIRST,
        SECOND,
        THIRD,
        "Scroll",
        "Chương I",
        "Ảnh: TTXVN",
        "1 - Chú thích",
        "Ý kiến bạn đọc (0)",
        "",
        "\u00a0",
    ]
) | st.text(max_size=60)


@given(st.lists(LINES, max_size=14).map("\n".join))
def test_blocks_are_ordered_spans_without_white_space(text: str) -> None:
    """Of any text, blocks are stripped, non-empty, in order, and do not overlap."""
    blocks = outline_of_page(text).blocks

    spans = [text[block.start : block.end] for block in blocks]
    borders = [border for block in blocks for border in (block.start, block.end)]

    assert (spans, borders) == ([span.strip() for span in spans if span.strip()], sorted(borders))
