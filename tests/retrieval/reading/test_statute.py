"""Statutes: the parts become the section, a khoản stands with its điểm, and amendments quoted inside stay apart."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.passage import Passage, split_document
from retrieval.reading.annex import is_annex, is_form
from retrieval.reading.article.article import outline_of_page
from retrieval.reading.document import Document
from retrieval.reading.provision import article_in
from retrieval.reading.statute import add_part_headings
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
        ("PHỤ LỤC I DANH MỤC › Mẫu số 01. Đơn › Điều 1. Bên A", "PHỤ LỤC I, Mẫu số 01, Điều 1"),
        ("QUY CHẾ HỌP › Chương I › Điều 1. Phạm vi › Khoản 2", "Điều 1, khoản 2 Quy chế"),
        ("Điều lệ Hội › Điều 3", "Điều 3 Điều lệ"),
        ("QUY ĐỊNH CHUNG › Điều 3", "Điều 3"),
        ("Điều kiện › Kết quả", ""),
        ("", ""),
    ],
)
def test_the_short_way_to_cite(section: str, cited: str) -> None:
    """As lawyers do, article first, and only inside an article."""
    assert article_in(section) == cited


AMENDMENT = """NGHỊ QUYẾT SỬA ĐỔI QUY CHẾ CHỢ
Điều 1. Sửa đổi một số điều
1. Sửa đổi Điều 2 như sau:
{open}Điều 2. Giờ họp chợ
1. Chợ họp từ 5 giờ.
2. Chợ đêm họp từ 19 giờ.{close}
2. Sửa đổi khoản 1 Điều 4 như sau:
{open}1. Phí chỗ ngồi là 8.000 đồng, gồm cả “vé ngày”.{close}
3. Bổ sung Điều 7a vào sau Điều 7 như sau:
{open}Điều 7a. Hàng cấm
Người bán hàng cấm bị đình chỉ ba tháng.{close}
4. Bãi bỏ khoản 3 Điều 9.
Điều 2. Thay thế cụm từ
Thay cụm từ “Ban quản lý” tại Điều 3 và Điều 5.
Điều 3. Hiệu lực
1. Nghị quyết này có hiệu lực từ ngày ký.
"""
AMENDED = [
    ("Điều 1, khoản 1", "1. Sửa đổi Điều 2"),
    ("Điều 1, khoản 2", "2. Sửa đổi khoản 1"),
    ("Điều 1, khoản 3", "3. Bổ sung Điều 7a"),
    ("Điều 1, khoản 4", "4. Bãi bỏ khoản 3"),
    ("Điều 2", "Thay cụm từ “Ban q"),
    ("Điều 3, khoản 1", "1. Nghị quyết này"),
]


def opened(text: str, styled: str = "") -> list[tuple[str, str]]:
    """The citation and the first letters of each passage; lines that open like `styled` are headings in the file."""
    outline = outline_of_page(text)
    blocks = tuple(
        replace(block, kind="heading", level=3) if styled and text[block.start :].startswith(styled) else block
        for block in outline.blocks
    )
    outline = add_part_headings(text, replace(outline, blocks=blocks))
    document = Document("a.txt", "a.txt", outline.title, "", "", None, text, "", outline.blocks)
    found = ((article_in(passage.section), passage.text) for passage in split_document(document))
    return [(cited, words[: len(dict(AMENDED).get(cited, words))]) for cited, words in found if cited]


@pytest.mark.parametrize("styled", ["", "“Điều"])
def test_quoted_articles_are_content_of_the_clause_that_amends(styled: str) -> None:
    """Also where the file shows them as headings, by bold letters or a style."""
    assert opened(AMENDMENT.format(open="“", close="”"), styled) == AMENDED


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("19 giờ.”", "19 giờ."),
        ("vé ngày”.”", "vé ngày”."),
        ("ba tháng.”", "ba tháng."),
        ("1. Chợ họp", "“1. Chợ họp"),
        ("Điều 7a. Hàng cấm\n", "Điều 7a. Hàng cấm\n“"),
    ],
)
def test_a_mark_that_is_missing_or_stands_twice_costs_no_clause(old: str, new: str) -> None:
    """The amendment that comes next in the numbering is the text's own; each paragraph of a quotation may open anew."""
    text = AMENDMENT.format(open="“", close="”").replace(old, new)

    assert opened(text) == AMENDED


def test_a_missing_mark_before_the_usual_words_costs_no_clause() -> None:
    """ "Sửa đổi, bổ sung khoản 1 …": the comma is how most amendments open."""
    text = (
        AMENDMENT.format(open="“", close="”")
        .replace("19 giờ.”", "19 giờ.")
        .replace("Sửa đổi khoản", "Sửa đổi, bổ sung khoản")
    )

    cited = [place for place, _ in opened(text)]

    assert cited == [place for place, _ in AMENDED]


def test_straight_marks_quote_articles_too() -> None:
    """With other straight marks inside."""
    text = AMENDMENT.format(open='"', close='"').replace("“", '"').replace("”", '"')

    expected = [(cited, words.replace("“", '"')) for cited, words in AMENDED]
    assert opened(text) == expected


def test_a_quotation_may_hold_the_number_that_comes_next() -> None:
    """An article in it is quoted if the quotation ends behind it and the text goes on with that number itself."""
    text = AMENDMENT.format(open="“", close="”").replace("2. Chợ đêm", "Điều 2. Chợ đêm\nChợ đêm")

    assert [cited for cited, _ in opened(text)] == [cited for cited, _ in AMENDED]


ISSUED = """QUYẾT ĐỊNH BAN HÀNH QUY CHẾ
Điều 1. Ban hành Quy chế
Ban hành kèm theo Quyết định này Quy chế họp, gồm:
Phụ lục I. Danh mục
Phụ lục II. Mẫu đơn
Điều 2. Thi hành
Chánh Văn phòng thi hành Quyết định này.
{}
QUY CHẾ HỌP
(Ban hành kèm theo Quyết định số 12/QĐ-UBND)
Điều 1. Phạm vi
1. Quy chế này quy định việc họp.
PHỤ LỤC I
DANH MỤC
1. Bàn ghế.
Mẫu số 01
ĐƠN XIN HỌP
Điều 1. Bên A
Bên A ký đơn.
Mẫu số 02. Giấy mời họp
2. Kính mời.
"""


def test_annexes_and_forms_are_named() -> None:
    """Their articles are not those of the decision, nor is a list of annexes an annex."""
    found = [(passage.section, passage.text) for passage in passages(ISSUED.format("TM. ỦY BAN NHÂN DÂN"))]

    assert found[-6:] == [
        ("QUY CHẾ HỌP", "(Ban hành kèm theo Quyết định số 12/QĐ-UBND)"),
        ("QUY CHẾ HỌP › Điều 1. Phạm vi › Khoản 1", "1. Quy chế này quy định việc họp."),
        ("PHỤ LỤC I DANH MỤC", "1. Bàn ghế."),
        ("PHỤ LỤC I DANH MỤC › Mẫu số 01", "ĐƠN XIN HỌP"),
        ("PHỤ LỤC I DANH MỤC › Mẫu số 01 › Điều 1. Bên A", "Bên A ký đơn."),
        ("PHỤ LỤC I DANH MỤC › Mẫu số 02. Giấy mời họp", "2. Kính mời."),
    ]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("NỘI QUY\nRa vào cơ quan\n(Kèm theo Công văn số 8/VP-HC)", "NỘI QUY Ra vào cơ quan"),
        ("Quy định\nvề chế độ trực\nvà phụ cấp trực\n(Ban hành kèm theo Nghị quyết số 3/NQ-HĐND)", None),
        ("ĐIỀU LỆ\nHỘI LÀM VƯỜN", "ĐIỀU LỆ HỘI LÀM VƯỜN"),
    ],
)
def test_an_annexed_regulation_is_named_above_its_articles(title: str, name: str | None) -> None:
    """Its name may take several lines; what issued it, or its first article, stands below."""
    text = ISSUED.format("TM. ỦY BAN NHÂN DÂN").replace(
        "QUY CHẾ HỌP\n(Ban hành kèm theo Quyết định số 12/QĐ-UBND)", title
    )

    sections = {passage.section for passage in passages(text) if "việc họp" in passage.text}

    expected = name or "Quy định về chế độ trực và phụ cấp trực"
    assert sections == {f"{expected} › Điều 1. Phạm vi › Khoản 1"}


def test_the_sections_of_an_annexed_plan_lie_in_it() -> None:
    """They are headings of the same rank as an annex elsewhere."""
    plan = (
        "KẾ HOẠCH\nTrồng cây năm 2031\n(Ban hành kèm theo Quyết định số 12/QĐ-UBND)\nI. MỤC TIÊU\nTrồng một vạn cây.\n"
    )
    text = f"{ISSUED.partition('{}')[0]}TM. ỦY BAN NHÂN DÂN\n{plan}"

    assert passages(text)[-1].section == "KẾ HOẠCH Trồng cây năm 2031 › I. MỤC TIÊU"


def test_the_name_of_a_chapter_is_no_annexed_regulation() -> None:
    """Chapters of an annexed regulation begin with its first article as well."""
    title = "QUY CHẾ HỌP\n(Ban hành kèm theo Quyết định số 12/QĐ-UBND)\n"
    text = ISSUED.format("TM. ỦY BAN NHÂN DÂN").replace(title, f"{title}Chương I\nQUY ĐỊNH VỀ HỌP\n")

    sections = {passage.section for passage in passages(text) if "việc họp" in passage.text}

    assert sections == {"QUY CHẾ HỌP › Chương I QUY ĐỊNH VỀ HỌP › Điều 1. Phạm vi › Khoản 1"}


def test_a_list_of_forms_is_content_of_its_clause() -> None:
    """The next khoản, or the next article, goes on behind it."""
    text = LAW.format("3. Các mẫu:\nMẫu số 01. Sổ\nMẫu số 02. Đơn\n4. Hết.\nMẫu số 03. Giấy")

    found = [(article_in(passage.section), passage.text) for passage in passages(text)]

    assert found[-5:] == [
        ("Điều 1, khoản 3", "Mẫu số 01. Sổ"),
        ("Điều 1, khoản 3", "Mẫu số 02. Đơn"),
        ("Điều 1, khoản 4", "4. Hết."),
        ("Điều 1, khoản 4", "Mẫu số 03. Giấy"),
        ("Điều 2", "Ngay."),
    ]


@pytest.mark.parametrize(
    "signed",
    [
        "TM. ỦY BAN NHÂN DÂN",
        "KT. BỘ TRƯỞNG\nTHỨ TRƯỞNG",
        "CHỦ TỊCH QUỐC HỘI",
        "PHÓ CHỦ TỊCH",
        "Nơi nhận:\n- Như Điều 2;",
    ],
)
def test_signatures_and_recipients_belong_to_no_article(signed: str) -> None:
    """Whoever signs for whom."""
    found = passages(ISSUED.format(f"{signed}\nNguyễn Văn A"))

    last = next(number for number, passage in enumerate(found) if "Chánh Văn phòng thi" in passage.text)
    assert article_in(found[last].section) == "Điều 2"
    assert {passage.section for passage in found[last + 1 : -6]} == {""}


def test_a_signature_in_a_table_row_ends_the_last_article() -> None:
    """Word files set recipients and signature side by side."""
    text = LAW.format("3. Hết.") + "Nơi nhận: - Như trên | TM. CHÍNH PHỦ THỦ TƯỚNG\nNguyễn Văn A\n"
    outline = outline_of_page(text)
    blocks = tuple(replace(block, is_row="Nơi nhận" in text[block.start : block.end]) for block in outline.blocks)
    outline = add_part_headings(text, replace(outline, blocks=blocks))
    document = Document("a.txt", "a.txt", outline.title, "", "", None, text, "", outline.blocks)

    assert [passage.section for passage in split_document(document)][-3:] == ["Điều 2. Thi hành", "", ""]


def test_a_chapter_about_an_office_is_no_signature() -> None:
    """The Constitution has one about the President."""
    text = LAW.format("").replace("Điều 2.", "Chương II.\nCHỦ TỊCH NƯỚC\nĐiều 2.")

    assert [article_in(passage.section) for passage in passages(text)][-1] == "Điều 2"


@pytest.mark.parametrize(
    ("line", "annex", "form"),
    [
        ("Phụ lục", True, False),
        ("Phụ lục số 01", True, False),
        ("PHỤ LỤC 2A: DANH MỤC PHÒNG", True, False),
        ("PHỤ LỤC DANH SÁCH PHÒNG HỌP", True, False),
        ("Phụ lục này có hiệu lực", False, False),
        ("Phụ lục I của Quy chế này được thay thế.", False, False),
        ("Mẫu số 01", False, True),
        ("MẪU SỐ 01/ĐK-VP", False, True),
        ("Biểu số 2. Số liệu", False, True),
        ("Mẫu số 01 được dùng cho khách", False, False),
        ("Mẫu đơn xin họp", False, False),
    ],
)
def test_headings_of_annexes_and_forms(line: str, annex: bool, form: bool) -> None:
    """A number and a name, but no sentence."""
    assert (is_annex(line), is_form(line)) == (annex, form)


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


def test_the_parties_of_a_contract_have_no_articles_below_them() -> None:
    """Their names in capitals stand above the first article."""
    text = (
        "HỢP ĐỒNG MUA BÁN\nHôm nay hai bên ký hợp đồng này tại thành phố Hà Bắc.\nBÊN A: CÔNG TY GIỐNG HÀ BẮC\n"
        "Địa chỉ của công ty là số 5 đường Lê Lợi, thành phố Hà Bắc.\nĐiều 1. Hàng hóa\nBên A bán hạt giống.\n"
        "Điều 2. Giá\nGiá là 32.000 đồng.\n"
    )

    assert [passage.section for passage in passages(text)][-2:] == ["Điều 1. Hàng hóa", "Điều 2. Giá"]
