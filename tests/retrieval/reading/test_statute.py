"""Statutes: the parts become the section, a khoản stands with its điểm, and amendments quoted inside stay apart."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.passage import Passage, split_document
from retrieval.reading.article.article import outline_of_page
from retrieval.reading.document import Document
from retrieval.reading.statute import add_part_headings, article_in
from retrieval.reading.text.headings import part_level

RULES = """Quy chế sử dụng phòng họp của cơ quan
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh
Quy chế này quy định việc đăng ký và sử dụng các phòng họp của cơ quan.
Điều 2. Giải thích từ ngữ
Trong Quy chế này, các từ ngữ dưới đây được hiểu như sau:
1. Phòng họp là phòng có từ mười chỗ ngồi trở lên.
2. Người đăng ký là cán bộ ghi tên vào sổ, gồm:
a) Trưởng phòng;
b) Người được trưởng phòng giao việc;
c) Thư ký cuộc họp.
3. Sổ đăng ký do Văn phòng giữ.
Chương II
SỬ DỤNG
Điều 3. Quy chế này có hiệu lực từ ngày ký.
Điều 4. Sửa đổi quy chế cũ
1. Sửa đổi khoản 2 Điều 7 như sau:
“2. Phòng họp được mở trước giờ họp mười lăm phút.
3. Người giữ phòng đóng cửa sau giờ họp.”.
2. Bãi bỏ Điều 9.
"""


def passages(text: str) -> list[Passage]:
    outline = add_part_headings(text, outline_of_page(text))
    document = Document("a.txt", "a.txt", outline.title, "", "", None, text, "", outline.blocks)
    return list(split_document(document))


def place_of(words: str, text: str = RULES) -> str:
    return next(passage.section for passage in passages(text) if words in passage.text)


@pytest.mark.parametrize(
    ("words", "section"),
    [
        ("việc đăng ký", "Chương I QUY ĐỊNH CHUNG › Điều 1. Phạm vi điều chỉnh"),
        ("Trong Quy chế này", "Chương I QUY ĐỊNH CHUNG › Điều 2. Giải thích từ ngữ"),
        ("mười chỗ", "Chương I QUY ĐỊNH CHUNG › Điều 2. Giải thích từ ngữ › Khoản 1"),
        ("Thư ký", "Chương I QUY ĐỊNH CHUNG › Điều 2. Giải thích từ ngữ › Khoản 2"),
        ("Sổ đăng ký do", "Chương I QUY ĐỊNH CHUNG › Điều 2. Giải thích từ ngữ › Khoản 3"),
        ("từ ngày ký", "Chương II SỬ DỤNG › Điều 3"),
        ("mười lăm phút", "Chương II SỬ DỤNG › Điều 4. Sửa đổi quy chế cũ › Khoản 1"),
        ("Bãi bỏ", "Chương II SỬ DỤNG › Điều 4. Sửa đổi quy chế cũ › Khoản 2"),
    ],
)
def test_each_paragraph_knows_its_part(words: str, section: str) -> None:
    """Headings, paragraphs that open with their number, and quoted amendments, which are no parts of this text."""
    assert place_of(words) == section


def test_a_clause_stands_with_its_points() -> None:
    """Whoever asks for the khoản reads its điểm as well, word for word."""
    whole = next(passage for passage in passages(RULES) if "Người đăng ký" in passage.text)

    assert whole.text == RULES[RULES.index("2. Người đăng ký") : RULES.index("\n3. Sổ")]
    assert RULES[whole.start : whole.end] == whole.text


def test_an_amendment_stands_with_what_it_quotes() -> None:
    """Its words end where the quotation marks close."""
    whole = next(passage for passage in passages(RULES) if "mười lăm phút" in passage.text)

    assert whole.text.startswith("1. Sửa đổi")
    assert whole.text.endswith("sau giờ họp.”.")


def test_a_long_clause_is_divided_at_its_points() -> None:
    """Each điểm that no longer fits is a passage of its own and says which it is."""
    points = [f"{letter}) {'việc cần làm ' * 60}{letter};" for letter in "abcdđe"]
    text = "\n".join(
        ["QUY CHẾ HỌP", "Điều 1. Việc", "1. Các việc gồm:", *points, "2. Hết.", "Điều 2. Thi hành", "Ngay."]
    )

    found = [(passage.section.split(" › ")[1:], passage.text[:2]) for passage in passages(text)]

    assert found == [
        (["Khoản 1"], "1."),
        *((["Khoản 1", f"Điểm {letter}"], f"{letter})") for letter in "cdđe"),
        (["Khoản 2"], "2."),
        ([], "Ng"),
    ]


def test_a_quotation_that_is_never_closed_ends_at_the_next_article() -> None:
    """One forgotten mark does not cost the rest of the statute its structure."""
    text = RULES.replace("sau giờ họp.”.", "sau giờ họp.") + "Điều 5. Thi hành\n1. Văn phòng thi hành Quy chế này.\n"

    assert place_of("Văn phòng thi hành", text).endswith("Điều 5. Thi hành › Khoản 1")


def test_a_numbered_list_outside_an_article_is_no_statute() -> None:
    """A memo's points keep their own paragraphs and get no section."""
    text = "Ghi nhớ về cuộc họp sáng nay\n\n1. Mở cửa trước giờ họp.\n\na) Bật đèn.\n\n2. Đóng cửa sau giờ họp.\n"

    assert {passage.section for passage in passages(text)} == {""}


LAW = """LUẬT THỬ
Điều 1. Giải thích từ ngữ
1. Phòng họp là phòng có bàn ghế.
2. Người họp là người ngồi ở đó.
{}
Điều 2. Thi hành
Ngay.
"""


def citations(text: str) -> list[str]:
    return [f"{article_in(passage.section)}: {passage.text}" for passage in passages(text)]


@pytest.mark.parametrize(
    "third",
    ["3. (Được bãi bỏ)", "3. “Sổ họp” là sổ ghi.", '3. "Sổ họp" là sổ ghi.', "3.(Được bãi bỏ)", "3. 05 ngày là hạn."],
)
def test_a_clause_may_open_with_a_mark(third: str) -> None:
    """A bracket, a quotation mark or a figure behind the number, and the khoản below keep their own numbers."""
    found = citations(LAW.format(f"{third}\n4. Người giữ sổ là Văn phòng."))

    assert found[2:4] == [f"Điều 1, khoản 3: {third}", "Điều 1, khoản 4: 4. Người giữ sổ là Văn phòng."]


def test_a_clause_may_be_left_out() -> None:
    """The one that follows is cited by the number that it has."""
    assert citations(LAW.format("4. Người giữ sổ là Văn phòng."))[2].startswith("Điều 1, khoản 4: ")


def test_a_number_that_does_not_fit_costs_the_clause() -> None:
    """Lists inside a khoản leave it unclear which number is whose: only the Điều is sure."""
    found = citations(LAW.format("1. Một việc khác.\n2. Hai việc khác.\n3. Ba việc khác."))

    assert found[1:5] == [
        "Điều 1, khoản 2: 2. Người họp là người ngồi ở đó.",
        "Điều 1: 1. Một việc khác.",
        "Điều 1: 2. Hai việc khác.",
        "Điều 1: 3. Ba việc khác.",
    ]


def test_figures_open_no_clause() -> None:
    """Amounts, dates and numbers of two parts stay in the khoản where they stand."""
    found = citations(LAW.format("3.1. Phần nhỏ của khoản này.\n3.500 đồng là mức chi."))

    assert [place.split(":")[0] for place in found[2:4]] == ["Điều 1, khoản 2"] * 2


def test_a_letter_that_does_not_fit_costs_the_point() -> None:
    """An điểm that was left out is no matter; a letter that comes again is."""
    long = "việc cần làm " * 130
    points = [f"{letter}) {long}{letter};" for letter in "acab"]

    found = citations(LAW.format("\n".join(["3. Gồm:", *points])))

    assert [place.split(":")[0].removeprefix("Điều 1, khoản 3") for place in found[2:7]] == [
        "",
        ", điểm a",
        ", điểm c",
        "",
        "",
    ]


@pytest.mark.parametrize("end", ["PHỤ LỤC", "Phụ lục", "PHỤ LỤC DANH SÁCH PHÒNG HỌP", "Nơi nhận:\n- Như trên;"])
def test_what_follows_the_law_is_no_article(end: str) -> None:
    """The annex and those who receive the law have numbers of their own."""
    found = citations(LAW.format("") + f"1. Ngay lập tức được thi hành.\n{end}\n2. Mẫu sổ họp.\n")

    assert "Điều 2, khoản 1: 1. Ngay lập tức được thi hành." in found
    assert found[-1] == ": 2. Mẫu sổ họp."


def test_straight_marks_quote_too() -> None:
    """What stands between them is another law's, and moves no place in this one."""
    text = RULES.replace("“2. Phòng", '"2. Phòng').replace("giờ họp.”.", 'giờ họp.".')

    found = citations(text)

    assert found[-2].startswith("Điều 4, khoản 1: 1. Sửa đổi")
    assert found[-2].endswith('sau giờ họp.".')
    assert found[-1] == "Điều 4, khoản 2: 2. Bãi bỏ Điều 9."


def test_news_that_quote_one_article_are_no_statute() -> None:
    """The questions of an interview below it are not its khoản."""
    text = """Quy định mới về phòng họp

Theo quy chế phòng họp, nhiều quy định mới sẽ được áp dụng từ năm sau, theo báo cáo của Văn phòng hôm qua.

Điều 5. Người họp phải ghi tên, theo lời ông A trong bài phát biểu của mình hôm qua tại phòng họp lớn.

1. Bao giờ quy chế có hiệu lực? Đại diện trả lời là từ năm sau, không có ngoại lệ nào cho các phòng.
"""

    assert {article_in(passage.section) for passage in passages(text)} == {""}


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("Phần 1: Trưởng phòng nói: “Phòng họp không mở vào ngày nghỉ.”", 0),
        ("Mục 2. Họp sáng (trừ ngày nghỉ.)", 0),
        ("điều 5 của quy chế này không áp dụng với khách", 0),
        ("Điều 5 của quy chế này không áp dụng với khách", 0),
        ("Điều 5 Phạm vi", 6),
        ("ĐIỀU 5. PHẠM VI", 6),
        ("Mục 2. Họp sáng (trừ ngày nghỉ)", 4),
        ("Chương II.", 3),
    ],
)
def test_a_sentence_is_no_heading(line: str, level: int) -> None:
    """Whatever closes behind it, and whatever it begins with: what is a heading cannot be quoted."""
    assert part_level(line) == level


@pytest.mark.parametrize(
    ("section", "cited"),
    [
        ("Chương II › Điều 5. Giải thích từ ngữ › Khoản 2 › Điểm đ", "Điều 5, khoản 2, điểm đ"),
        ("Điều 5", "Điều 5"),
        ("Điều 12a. Việc khác › Khoản 2a", "Điều 12a, khoản 2a"),
        ("Chương II", ""),
        ("Điều kiện › Kết quả", ""),
        ("", ""),
    ],
)
def test_the_short_way_to_cite(section: str, cited: str) -> None:
    """As lawyers do, article first, and only inside an article."""
    assert article_in(section) == cited


@given(st.lists(st.sampled_from(RULES.splitlines()), max_size=25))
def test_every_block_stays_a_slice(lines: list[str]) -> None:
    """In any order of lines: passages do not overlap, keep their order, and no word of a paragraph is lost."""
    text = "\n".join(lines)
    before = [block for block in outline_of_page(text).blocks if block.kind == "paragraph"]

    found = passages(text)

    assert all(text[passage.start : passage.end] == passage.text for passage in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    kept = [block for block in before if not text[block.start : block.end].startswith(("Điều", "Chương"))]
    assert all(any(p.start <= block.start and block.end <= p.end for p in found) for block in kept)
