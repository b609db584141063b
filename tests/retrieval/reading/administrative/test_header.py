"""The header of an administrative document is read as Nghị định 30/2020/NĐ-CP lays it out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import docx
import pytest

from retrieval.passage import split_document
from retrieval.reading.administrative.header import administrative_header
from retrieval.reading.reader import read_document
from tests.support.document_makers import docx_of, saved

LAW = """QUỐC HỘI
--------
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
---------------
Luật số: 91/2031/QH17
Hà Nội, ngày 5 tháng 6 năm 2031

LUẬT
BẢO VỆ RỪNG NGẬP MẶN
Căn cứ Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam;
Quốc hội ban hành Luật Bảo vệ rừng ngập mặn.
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh
Luật này quy định việc bảo vệ rừng ngập mặn.
Điều 2. Hiệu lực
Luật này có hiệu lực từ ngày 01 tháng 01 năm 2032.
"""
DECREE = """CHÍNH PHỦ CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 45/2031/NĐ-CP Hà Nội, ngày 09 tháng 7 năm 2031
NGHỊ ĐỊNH
Quy định mức hỗ trợ hộ trồng rừng
Căn cứ Luật Tổ chức Chính phủ;
Điều 1. Mức hỗ trợ
Mức hỗ trợ là 2 triệu đồng.
"""
OLD_DECREE = """Nghị định của Chính phủ
số 116/1999/NĐ-CP ngày 10/10/1999
về việc quản lý bến đò.

Chính phủ

Căn cứ Luật Tổ chức Chính phủ;
Nghị Định:
Điều 1. Bến đò
"""
LETTER = """SỞ NỘI VỤ TỈNH AN BÌNH\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: 812/SNV-TCBC\tĐộc lập - Tự do - Hạnh phúc
V/v báo cáo biên chế năm 2031\tAn Bình, ngày 02 tháng 3 năm 2031

Kính gửi: Ủy ban nhân dân các huyện.
Sở Nội vụ tỉnh An Bình đề nghị các huyện báo cáo.
"""
DECISION = """ỦY BAN NHÂN DÂN
TỈNH AN BÌNH
Số: 991/QĐ-UBND
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
An Bình, ngày 14 tháng5 năm 2031
QUYẾT ĐỊNH
Về việc phê duyệt quy hoạch chợ
trên địa bàn tỉnh
ỦY BAN NHÂN DÂN TỈNH
Căn cứ Luật Tổ chức chính quyền địa phương;
Ủy ban nhân dân tỉnh An Bình quyết định như sau.
"""
JOINT = """BỘ CÔNG AN -
BỘ LAO ĐỘNG - THƯƠNG BINH
VÀ XÃ HỘI
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 01/2031/TTLT-BCA-
BLĐTBXH
Hà Nội, ngày 18 tháng 02 năm 2031
THÔNG TƯ LIÊN TỊCH
QUY ĐỊNH PHỐI HỢP GIỮA BỘ CÔNG AN VÀ SỞ LAO ĐỘNG
Căn cứ Luật Trẻ em;
Bộ Công an, Bộ Lao động - Thương binh và Xã hội ban hành Thông tư.
"""
RULES = """CÔNG TY CỔ PHẦN SÔNG XANH
QUY CHẾ
CHI TIÊU NỘI BỘ
(Ban hành kèm theo Quyết định số 12/QĐ-SX ngày 03/02/2031)
Căn cứ Điều lệ Công ty cổ phần Sông Xanh;
Điều 1. Phạm vi
"""


@pytest.mark.parametrize(
    ("text", "title", "number", "issuer", "published"),
    [
        (LAW, "Luật Bảo vệ rừng ngập mặn", "91/2031/QH17", "Quốc hội", date(2031, 6, 5)),
        (
            DECREE,
            "Nghị định 45/2031/NĐ-CP: quy định mức hỗ trợ hộ trồng rừng",
            "45/2031/NĐ-CP",
            "Chính phủ",
            date(2031, 7, 9),
        ),
        (
            OLD_DECREE,
            "Nghị định 116/1999/NĐ-CP: về việc quản lý bến đò",
            "116/1999/NĐ-CP",
            "Chính phủ",
            date(1999, 10, 10),
        ),
        (
            LETTER,
            "Công văn 812/SNV-TCBC: về việc báo cáo biên chế năm 2031",
            "812/SNV-TCBC",
            "Sở Nội vụ tỉnh An Bình",
            date(2031, 3, 2),
        ),
        (
            DECISION,
            "Quyết định 991/QĐ-UBND: về việc phê duyệt quy hoạch chợ trên địa bàn tỉnh",
            "991/QĐ-UBND",
            "Ủy ban nhân dân tỉnh An Bình",
            date(2031, 5, 14),
        ),
        (
            JOINT,
            "Thông tư liên tịch 01/2031/TTLT-BCA-BLĐTBXH: quy định phối hợp giữa Bộ Công an và sở Lao động",
            "01/2031/TTLT-BCA-BLĐTBXH",
            "Bộ Công an - Bộ Lao động - Thương binh và Xã hội",
            date(2031, 2, 18),
        ),
        (RULES, "Quy chế chi tiêu nội bộ", "", "Công ty cổ phần Sông Xanh", None),
    ],
    ids=["law", "decree", "old-decree", "letter", "decision", "joint", "rules"],
)
def test_a_header_is_read(text: str, title: str, number: str, issuer: str, published: date | None) -> None:
    """Title, number, issuer and date come from the header, in the letter case of the text."""
    header = administrative_header(text)

    assert header is not None
    assert (header.title, header.number, header.issuer, header.published) == (title, number, issuer, published)


def test_a_law_is_dated_by_its_last_lines() -> None:
    """The gazette prints no date in the header of a law, but the day on which it was passed at its end."""
    undated = LAW.replace("Hà Nội, ngày 5 tháng 6 năm 2031\n", "")
    passed = "Luật này được Quốc hội khóa XVII, kỳ họp thứ 8 thông qua ngày 27 tháng 11 năm 2030."

    header = administrative_header(undated + passed)

    assert header is not None
    assert header.published == date(2030, 11, 27)


@pytest.mark.parametrize(
    "text",
    [
        "Quyết định số 12 của tỉnh được người dân ủng hộ\nNgày 5/6/2031, nhiều hộ đã nhận hỗ trợ theo 12/2031/QĐ-UBND.",
        "Báo cáo tình hình\nTrong quý, đơn vị đã hoàn thành kế hoạch.",
        "Phụ lục\nBan hành kèm theo Quyết định số 1445/2031/QĐ-UB ngày 12 tháng 6 năm 2031 của UBND tỉnh",
    ],
    ids=["news", "plain", "annex"],
)
def test_other_texts_have_no_header(text: str) -> None:
    """A number in a sentence, or of the document that an annex belongs to, is not the text's own."""
    assert administrative_header(text) is None


def test_header_lines_open_no_section(tmp_path: Path) -> None:
    """Issuer and title are no sections above the articles."""
    (tmp_path / "a.txt").write_text(LAW, encoding="utf-8")

    document = read_document(tmp_path / "a.txt", tmp_path)

    sections = {passage.text: passage.section for passage in split_document(document)}
    text = "Luật này quy định việc bảo vệ rừng ngập mặn."
    assert sections[text] == "Chương I QUY ĐỊNH CHUNG › Điều 1. Phạm vi điều chỉnh"


def test_a_word_file_is_titled_by_its_header(tmp_path: Path) -> None:
    """Formats other than plain text are titled alike."""
    (tmp_path / "a.docx").write_bytes(docx_of(DECREE.split("\n")))

    document = read_document(tmp_path / "a.docx", tmp_path)

    assert (document.title, document.number) == (
        "Nghị định 45/2031/NĐ-CP: quy định mức hỗ trợ hộ trồng rừng",
        "45/2031/NĐ-CP",
    )


def test_cells_of_a_table_are_no_header(tmp_path: Path) -> None:
    """A list of documents is not titled, numbered or dated by the first of them."""
    document = docx.Document()
    document.add_paragraph("DANH MỤC VĂN BẢN HẾT HIỆU LỰC")
    table = document.add_table(rows=2, cols=2)
    cells = ("STT", "Văn bản", "1", "Quy chế số 03/QC-CT ngày 01/3/2031 của Giám đốc về quản lý xe công")
    for place, words in enumerate(cells):
        table.cell(place // 2, place % 2).text = words
    (tmp_path / "a.docx").write_bytes(saved(document))

    read = read_document(tmp_path / "a.docx", tmp_path)

    assert (read.title, read.number, read.published) == ("DANH MỤC VĂN BẢN HẾT HIỆU LỰC", "", None)


def test_a_header_in_a_table_is_read(tmp_path: Path) -> None:
    """Word files lay the two columns out as a table without lines."""
    document = docx.Document()
    table = document.add_table(rows=2, cols=2)
    cells = ("BỘ Y TẾ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Số: 12/2031/TT-BYT", "Hà Nội, ngày 5 tháng 6 năm 2031")
    for place, words in enumerate(cells):
        table.cell(place // 2, place % 2).text = words
    for words in ("THÔNG TƯ", "Quy định giờ khám bệnh", "Căn cứ Luật Khám bệnh;", "Điều 1. Giờ khám"):
        document.add_paragraph(words)
    (tmp_path / "a.docx").write_bytes(saved(document))

    read = read_document(tmp_path / "a.docx", tmp_path)

    assert (read.title, read.published) == ("Thông tư 12/2031/TT-BYT: quy định giờ khám bệnh", date(2031, 6, 5))


def test_a_resolution_of_articles_is_titled_by_its_subject() -> None:
    """Also where number and state are left out."""
    header = administrative_header("NGHỊ QUYẾT\nSửa đổi Quy chế quản lý chợ\nĐiều 1. Giờ họp\nChợ họp từ sáu giờ.")

    assert header is not None
    assert header.title == "Nghị quyết sửa đổi Quy chế quản lý chợ"


def test_a_header_in_one_line_is_parted() -> None:
    """A table cell or a PDF line may hold organ, rule and number, or state, rule and date."""
    header = administrative_header(
        "BỘ Y TẾ ===== Số: 12/2031/TT-BYT | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc ---- "
        "Hà Nội, ngày 5 tháng 6 năm 2031\nTHÔNG TƯ\nQuy định giờ khám bệnh\nCăn cứ đề nghị của Bộ Y tế;\n"
    )

    assert header is not None
    assert (header.number, header.issuer, header.published) == ("12/2031/TT-BYT", "Bộ Y tế", date(2031, 6, 5))


def test_a_subject_in_capitals_ends_where_the_text_begins() -> None:
    """Not each text begins with its grounds."""
    prose = "Để bảo đảm việc thực hiện thống nhất trong các cơ sở khám bệnh, Bộ Y tế hướng dẫn giờ khám bệnh như sau."
    header = administrative_header(f"BỘ Y TẾ\nSố: 12/2031/TT-BYT\nTHÔNG TƯ\nHƯỚNG DẪN GIỜ KHÁM BỆNH\n{prose}\n")

    assert header is not None
    assert header.title == "Thông tư 12/2031/TT-BYT: hướng dẫn giờ khám bệnh"


def test_the_first_sentence_is_no_subject() -> None:
    """Nor is the date of the decision that it names the document's own."""
    header = administrative_header(
        "QUY CHẾ\nQuy chế này được ban hành kèm theo Quyết định số 15/QĐ-VP ngày 02 tháng 3 năm 2031.\n"
        "Điều 1. Phạm vi\n"
    )

    assert header is not None
    assert (header.title, header.number, header.published) == ("", "", None)


def test_lines_of_a_pdf_are_parted() -> None:
    """A page may join the date with the kind, and wrap the name of the state after "VIỆT"."""
    header = administrative_header(
        "SỞ Y TẾ TỈNH AN BÌNH\n\nBỆNH VIỆN ĐA KHOA HUYỆN LỘC\n\nHÀ\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT\n\nNAM\n\n"
        "Độc lập - Tự do - Hạnh phúc\n\nSố: 215/QĐ-BVLH Lộc Hà, ngày 11 tháng 10 năm 2031 QUYẾT ĐỊNH\n\n"
        "Về việc trực cấp cứu\n\nCăn cứ đề nghị của Bệnh viện đa khoa huyện Lộc Hà;\n"
    )

    assert header is not None
    assert (header.title, header.issuer, header.published) == (
        "Quyết định 215/QĐ-BVLH: về việc trực cấp cứu", "Bệnh viện đa khoa huyện Lộc Hà", date(2031, 10, 11)
    )  # fmt: skip


def test_a_superior_in_the_same_line_is_not_the_issuer() -> None:
    """A cell holds both; the text names the one that issues."""
    header = administrative_header(
        "SỞ Y TẾ TỈNH AN BÌNH BỆNH VIỆN ĐA KHOA HUYỆN LỘC HÀ\nSố: 215/QĐ-BVLH\nQUYẾT ĐỊNH\nVề việc trực cấp cứu\n"
        "Căn cứ đề nghị của Bệnh viện đa khoa huyện Lộc Hà;\n"
    )

    assert header is not None
    assert header.issuer == "Bệnh viện đa khoa huyện Lộc Hà"


def test_a_decision_is_no_letter() -> None:
    """Its number says what it is, also where the kind was not found."""
    header = administrative_header("BỘ Y TẾ\nSố: 215/QĐ-BYT\nV/v trực cấp cứu\nKính gửi: Các bệnh viện\n")

    assert header is not None
    assert (header.title, header.number) == ("", "215/QĐ-BYT")


def test_a_sentence_that_leads_into_a_list_is_no_subject() -> None:
    """A notice has no grounds between its subject and its text."""
    header = administrative_header(
        "CÔNG TY NAM SƠN\nSố: 18/TB-HC\nTHÔNG BÁO\nVề việc nghỉ lễ\nPhòng Hành chính thông báo lịch nghỉ như sau:\n"
        "Khối văn phòng nghỉ ba ngày;\nĐội xe trực mỗi ca một người.\n"
    )

    assert header is not None
    assert header.title == "Thông báo 18/TB-HC: về việc nghỉ lễ"


def test_a_narrow_column_wraps_the_name_of_the_state_and_the_date() -> None:
    """Both go on in the next line."""
    header = administrative_header(
        "ĐẢNG ỦY XÃ LỘC HÀ CỘNG HÒA XÃ HỘI CHỦ\nNGHĨA VIỆT NAM\nSố: 12/TTr-LH Lộc Hà, ngày 3 tháng 2 năm\n2031\n"
        "TỜ TRÌNH\nVề việc mua máy in\nKính gửi: Huyện ủy\n"
    )

    assert header is not None
    assert (header.issuer, header.published, header.title) == (
        "Đảng ủy xã Lộc Hà", date(2031, 2, 3), "Tờ trình 12/TTr-LH: về việc mua máy in"
    )  # fmt: skip


HEAD = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nSố: 12/QĐ-TC\nHà Giang, ngày 3 tháng 2 năm 2031\n"
    "QUYẾT ĐỊNH\nVề việc thành lập tổ công tác\nCăn cứ Luật Tổ chức;\nĐiều 1. Tổ gồm 5 người.\n"
)


@pytest.mark.parametrize(
    ("above", "issuer"),
    [
        ("UBND TỈNH HÀ GIANG\nSỞ NỘI VỤ", "Sở Nội vụ"),
        ("UBND TỈNH HÀ GIANG SỞ NỘI VỤ", "Sở Nội vụ"),
        ("UBND HUYỆN PHONG ĐIỀN", "UBND huyện Phong Điền"),
        ("UBND HUYỆN PHONG ĐIỀN PHÒNG GIÁO DỤC VÀ ĐÀO TẠO", "Phòng Giáo dục và Đào tạo"),
        ("ỦY BAN NHÂN DÂN\nTHÀNH PHỐ HẢI PHÒNG", "Ủy ban nhân dân thành phố Hải Phòng"),
        ("UBND TP. HẢI PHÒNG TRƯỜNG THPT SỐ 1", "TRƯỜNG THPT SỐ 1"),
        ("SỞ Y TẾ TP HỒ CHÍ MINH\nBỆNH VIỆN NHI ĐỒNG 1", "BỆNH VIỆN NHI ĐỒNG 1"),
        ("BỘ LAO ĐỘNG - THƯƠNG BINH\nVÀ XÃ HỘI", "Bộ Lao động - Thương binh và Xã hội"),
        ("CÔNG TY CỔ PHẦN SÔNG XANH", "CÔNG TY CỔ PHẦN SÔNG XANH"),
        ("Sở Tư pháp", "Sở Tư pháp"),
    ],
)
def test_an_issuer_in_capitals_is_written_as_it_is_certain(above: str, issuer: str) -> None:
    """In its own case where rules leave no choice, else as printed; without a committee above it."""
    header = administrative_header(f"{above}\n{HEAD}")

    assert header is not None
    assert header.issuer == issuer


def test_an_issuer_is_written_as_the_text_writes_it() -> None:
    """Which outweighs the lists, and helps where these know nothing."""
    named = administrative_header(f"CÔNG TY CỔ PHẦN SÔNG XANH\n{HEAD}Giám đốc Công ty Cổ phần Sông Xanh thi hành.\n")

    assert named is not None
    assert named.issuer == "Công ty Cổ phần Sông Xanh"


def test_joint_issuers_in_one_line_are_each_written_as_in_the_text() -> None:
    """The line between them has no letters."""
    text = f"BỘ CÔNG AN - BỘ QUỐC PHÒNG -\nBỘ Y TẾ\n{HEAD}Bộ Công an, Bộ Quốc phòng và Bộ Y tế thi hành.\n"
    header = administrative_header(text)

    assert header is not None
    assert header.issuer == "Bộ Công an - Bộ Quốc phòng - Bộ Y tế"
