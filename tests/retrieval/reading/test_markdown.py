"""Markdown's block structure as blocks of the text."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from retrieval.reading.markdown import outline_of_markdown

LONG = "Tổ chức thực hiện đầy đủ, đúng tiến độ các nội dung đã được phê duyệt trong kế hoạch công tác năm, " * 3


def spans(text: str) -> list[tuple[str, str]]:
    return [(block.kind, text[block.start : block.end]) for block in outline_of_markdown(text).blocks]


def test_headings_and_paragraphs() -> None:
    """Both kinds of heading are headings with levels, and paragraphs end at blank lines and headings."""
    text = "# Báo cáo #\nMột\nhai.\n\nKết quả\n-------\n\nBa.\n### Nhỏ\n***\nBốn."

    outline = outline_of_markdown(text)

    found = [(block.level, text[block.start : block.end]) for block in outline.blocks]
    assert found == [(1, "Báo cáo"), (0, "Một\nhai."), (2, "Kết quả"), (0, "Ba."), (3, "Nhỏ"), (0, "Bốn.")]


def test_front_matter() -> None:
    """Simple keys between the rules are metadata and are not searched."""
    text = '---\ntitle: "Báo cáo năm"\nauthor: Phòng 1\ndate: 2024-03-12\ntags: [a]\n---\n# Khác\n\nMột.\n'

    outline = outline_of_markdown(text)

    found = (outline.title, outline.author, outline.published, len(outline.blocks))
    assert ("Báo cáo năm", "Phòng 1", date(2024, 3, 12), 2) == found


def test_title_is_the_first_heading_of_level_one() -> None:
    """A smaller heading above it is not the title."""
    outline = outline_of_markdown("## Mục lục\n\n# Báo cáo\n\nMột.\n")

    assert outline.title == "Báo cáo"


def test_tight_list_is_one_paragraph() -> None:
    """A list of short items, with the line above it, is read as one."""
    text = "Gồm:\n- một\n- hai\n\nHết."

    found = spans(text)

    assert found == [("paragraph", "Gồm:\n- một\n- hai"), ("paragraph", "Hết.")]


def test_list_of_long_items() -> None:
    """Each item of a list with long items is a paragraph."""
    text = f"- {LONG}\n- hai\n"

    found = spans(text)

    assert [("paragraph", f"- {LONG}".strip()), ("paragraph", "- hai")] == found


def test_code_and_tables_are_whole() -> None:
    """Fenced code is one block, blank lines and marks inside included, and so is a table."""
    code = "```sh\n# không phải đề mục\n\n- a\n```"
    table = "| a | b |\n|---|---|\n| 1 | 2 |"

    found = spans(f"{code}\n\n{table}\n")

    assert [("paragraph", code), ("paragraph", table)] == found


def test_footnotes() -> None:
    """A paragraph carries the markers of the footnotes it refers to."""
    text = "Một[^a] và hai[^b].\n\n[^a]: Chú thích.\n"

    outline = outline_of_markdown(text)

    found = [(block.kind, block.marker, block.notes) for block in outline.blocks]
    assert found == [("paragraph", "", ("a",)), ("footnote", "a", ())]


PIECES = st.sampled_from(["# A", "text", "- item", "```", "---", "===", "| a |", "[^1]: n", "x[^1]", "", "<!-- c -->"])


@given(st.lists(PIECES | st.text(max_size=20), max_size=14).map("\n".join))
def test_blocks_are_ordered_spans_without_white_space(text: str) -> None:
    """Of any text, blocks are stripped, non-empty, in order, and do not overlap."""
    blocks = outline_of_markdown(text).blocks

    found = [text[block.start : block.end] for block in blocks]
    borders = [border for block in blocks for border in (block.start, block.end)]

    assert (found, borders) == ([span.strip() for span in found if span.strip()], sorted(borders))


def test_each_article_and_clause_of_a_statute_is_a_block() -> None:
    """Without blank lines between them too, and in bold letters; another text keeps its short lists whole."""
    first = "### **Điều 1. Phạm vi**\n1. Họp sáng.\n2. Họp chiều:\na) Phòng lớn.\n"
    text = f"{first}\n**Điều 2.** Phòng mở.\nĐiều 3. Có\nhai ghế.\n"

    found = [(block.kind, text[block.start : block.end]) for block in outline_of_markdown(text).blocks]

    assert found == [
        ("heading", "Điều 1. Phạm vi"),
        ("paragraph", "1. Họp sáng."),
        ("paragraph", "2. Họp chiều:"),
        ("paragraph", "a) Phòng lớn."),
        ("heading", "Điều 2."),
        ("paragraph", "Phòng mở."),
        ("paragraph", "Điều 3. Có\nhai ghế."),
    ]
    assert len(outline_of_markdown("1. Họp sáng.\n2. Họp chiều.\n").blocks) == 1
