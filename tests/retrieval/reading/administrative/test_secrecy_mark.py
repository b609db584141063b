"""Documents that bear MẬT, TỐI MẬT or TUYỆT MẬT are known by it, and no others."""

from __future__ import annotations

import subprocess
import unicodedata
from pathlib import Path

import docx
import pytest

from retrieval.reading.administrative.secrecy_mark import secrecy_mark
from retrieval.reading.document import Document
from retrieval.reading.office.libreoffice import find_libreoffice
from retrieval.reading.reader import read_document
from tests.support.corpus import SEEDS
from tests.support.document_makers import docx_of, epub_of, html_of, pdf_of, rtf_of, rtf_text, saved, xls_of
from tests.support.legacy_fonts import in_tcvn3, in_vni
from tests.support.secret_documents import (
    BODY,
    NUMBER,
    ORGAN,
    PLACE_DATE,
    STATE,
    pdf_report,
    pdf_with_stamp,
    report,
    word_report,
    word_report_with_header,
    word_report_with_text_box,
    word_report_with_watermark,
)


@pytest.fixture
def read(tmp_path: Path):
    """Read bytes under a name."""

    def reading(data: bytes | str, name: str) -> Document:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return read_document(path, tmp_path)

    return reading


@pytest.mark.parametrize("level", ["MẬT", "TỐI MẬT", "TUYỆT MẬT"])
def test_a_stamp_below_the_number_is_a_mark(level: str) -> None:
    """Where Thông tư 24/2020/TT-BCA puts it."""
    assert secrecy_mark(report(level), ()) == level


@pytest.mark.parametrize(
    "text",
    [
        report(above="MẬT"),
        report("[MẬT]"),
        report("* MẬT *"),
        report("| MẬT |"),
        report("M Ậ T"),
        report("M   Ậ   T"),
        report("MẬT\nBản số: 03"),
        report("MẬT (Bản số 03)"),
        report("Mật"),
        report("Độ mật: Mật"),
        report("ĐỘ MẬT: MẬT"),
        report("Mức độ mật: MẬT"),
        report("Độ mật:\nMẬT"),
        report("DO MAT: MAT"),
        report(unicodedata.normalize("NFC", "MẬT").replace("Ậ", "Ậ\u200b")),
        report(after_number=" MẬT"),
        report(after_number=f"    MẬT    {PLACE_DATE}"),
        report(after_number=f" MẬT {PLACE_DATE}"),
        report(above=f"MẬT {STATE}"),
        report(above="BỘ QUỐC PHÒNG MẬT"),
        report(above=f"{ORGAN} | MẬT | {STATE}".replace("\n", " ")),
        f"MẬT\n\n{BODY}",
        f"BÁO CÁO KẾT QUẢ ĐO ĐỘ SÂU (MẬT)\n\n{BODY}",
    ],
)
def test_the_mark_is_found_however_it_comes_out_of_a_file(text: str) -> None:
    """Alone, with a frame or a copy's number, letter-spaced, labelled, and beside what the header says."""
    assert secrecy_mark(text, ()) == "MẬT"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_composed_and_decomposed_letters_are_one_mark(read, form: str) -> None:
    """As the files of a Mac are."""
    document = read(unicodedata.normalize(form, report("TỐI MẬT")), "a.txt")

    assert document.secrecy == "TỐI MẬT"


@pytest.mark.parametrize("encode", [in_tcvn3, in_vni])
def test_a_mark_in_a_legacy_font_is_found(read, encode) -> None:
    """TCVN3 has no capitals with marks: the stamp comes out as "mật"."""
    document = read(encode(report("TUYỆT MẬT") + BODY * 3).encode("cp1252", "replace"), "a.txt")

    assert document.origin
    assert document.secrecy == "TUYỆT MẬT"


@pytest.mark.parametrize(
    ("recognised", "level"),
    [("MÂT", "MẬT"), ("MAT", "MẬT"), ("[ MẬT |", "MẬT"), ("TOI MAT", "TỐI MẬT"), ("TUYỆT MÂT", "TUYỆT MẬT")],
)
def test_ocr_may_lose_the_marks_of_the_letters(recognised: str, level: str) -> None:
    """The frame of a stamp touches what stands above and below its capitals."""
    assert secrecy_mark(report(recognised), (), "ocr") == level


def test_the_cell_of_a_word_table_is_searched(read) -> None:
    """A header is a table of two cells, and the stamp one of the left cell's paragraphs."""
    assert read(saved(word_report("TỐI MẬT")), "a.docx").secrecy == "TỐI MẬT"


@pytest.mark.parametrize("made", [word_report_with_header, word_report_with_watermark, word_report_with_text_box])
def test_headers_watermarks_and_text_boxes_of_word_are_searched(read, made) -> None:
    """None of them is the text of the body."""
    assert read(made("MẬT"), "a.docx").secrecy == "MẬT"


def test_a_footer_of_word_is_searched(read) -> None:
    """Some offices put it there."""
    assert read(word_report_with_header("", footer="TUYỆT MẬT"), "a.docx").secrecy == "TUYỆT MẬT"


def test_the_header_of_an_rtf_file_is_searched(read) -> None:
    """In letters of Unicode and of a legacy font."""
    fonts = r"{\f0 Times New Roman;}{\f1 VNI-Times;}"
    plain = rtf_of(report().split("\n"), fonts)
    headed = [rf"{{\header \pard {rtf_text(words)}\par}}".encode() for words in ("TỐI MẬT",)]
    headed.append(rf"{{\header \pard\f1 {rtf_text(in_vni('TỐI MẬT'))}\par}}".encode())

    marks = [read(plain[:-1] + header + b"}", "a.rtf").secrecy for header in headed]

    assert marks == ["TỐI MẬT", "TỐI MẬT"]
    assert read(plain, "a.rtf").secrecy == ""


@pytest.mark.parametrize(
    "data",
    [
        pdf_report("MẬT"),
        pdf_report("MẬT", x=150, y=12),
        pdf_report("MẬT", x=50, y=34, size=9),  # beside the number
        pdf_report("MẬT", x=150, y=8, size=9, pages=3),  # a running head
        pdf_report("MẬT", size=60, slanted=True),
        pdf_with_stamp("MẬT"),
    ],
    ids=["below", "above", "beside", "running", "slanted", "annotation"],
)
def test_a_pdf_is_searched_wherever_the_mark_stands_on_its_pages(read, data: bytes) -> None:
    """Below and above the header, beside the number, on every page, across the text, and as a viewer's stamp."""
    assert read(data, "a.pdf").secrecy == "MẬT"


@pytest.mark.parametrize("name", ["a.md", "a.html", "a.epub", "a.docx", "a.rtf"])
def test_other_formats_are_searched(read, name: str) -> None:
    """The mark is an ordinary paragraph there."""
    lines = [line for line in report("MẬT").split("\n") if line]
    made = {
        "a.md": "\n\n".join(lines),
        "a.html": html_of(lines, "Báo cáo"),
        "a.epub": epub_of(lines),
        "a.docx": docx_of(lines),
        "a.rtf": rtf_of(lines),
    }

    assert read(made[name], name).secrecy == "MẬT"


def test_the_head_of_a_sheet_is_searched(read) -> None:
    """Its first rows are a header in cells."""
    rows = [[ORGAN.split("\n")[0], "", STATE.split("\n")[0]], ["MẬT"], [NUMBER, "", PLACE_DATE], ["BÁO CÁO"]]
    data = [["Tuyến", "Độ dài", "Độ sâu"], ["1", "40", "12"], ["2", "35", "15"]]

    assert read(xls_of([*rows, *data]), "a.xls").secrecy == "MẬT"


@pytest.mark.parametrize(
    "text",
    [
        report(),
        report("BẢO MẬT"),
        report("Độ mật: Mật/Tối mật/Tuyệt mật"),
        report("Độ mật: ☐ Mật ☐ Tối mật"),
        report("Độ mật: …………"),
        report("Độ mật: Không"),
        report("V/v bảo vệ bí mật nhà nước"),
        report(above="PHÒNG BẢO MẬT"),
        report(above="BAN CƠ YẾU CHÍNH PHỦ\nCỤC QUẢN LÝ KỸ THUẬT NGHIỆP VỤ MẬT MÃ"),
        report(above="BỆNH VIỆN ĐA KHOA\nKHOA NGOẠI GAN MẬT"),
        f"QUYẾT ĐỊNH\nBan hành danh mục bí mật nhà nước độ Tuyệt mật và\nTối mật\n\n{BODY}",
        f"QUYẾT ĐỊNH\nBAN HÀNH DANH MỤC BÍ MẬT NHÀ NƯỚC ĐỘ\nTỐI MẬT\n\n{BODY}",
        f"QUYẾT ĐỊNH\nVỀ TĂNG CƯỜNG CÔNG TÁC BẢO\nMẬT\n\n{BODY}",
        "NGHỊ ĐỊNH\nQuy định chi tiết Luật Bảo vệ bí mật nhà nước\nCăn cứ Luật;\n\nĐiều 1. Độ mật\n\nMẬT\n\nTỐI MẬT\n",
        "PHỤ LỤC\nMẪU DẤU CHỈ ĐỘ MẬT\nMẬT\n\n1. Kích thước của dấu là 30 mm.\n",
        f"{report()}\n\nNơi nhận:\n- Lưu: VT, Mật.\n\nMẬT\n",
        "Danh sách cán bộ\n\nĐồng chí Nguyễn Văn Mật\n\nMật\n\nđược cử đi học lớp bảo mật.\n",
        "Thu hoạch mật ong\n\nMật ong rừng U Minh được thu hoạch vào tháng 3.\n",
        "Nội quy\n\nMọi nhân viên giữ bí mật. Tài liệu đóng dấu MẬT, TỐI MẬT do văn thư giữ.\n",
    ],
)
def test_words_that_speak_of_secrets_are_no_mark(text: str) -> None:
    """Titles, names of units and people, forms with a choice, laws that define the marks, samples, recipients."""
    assert secrecy_mark(text, ()) == ""


def test_a_register_of_secret_documents_bears_no_mark(read) -> None:
    """A cell of a table of data is no stamp."""
    rows = [["Số, ký hiệu", "Độ mật", "Nơi nhận"], ["12/BC", "MẬT", "Cục A"], ["13/BC", "TỐI MẬT", "Cục B"]]
    document = docx.Document()
    table = document.add_table(rows=0, cols=3)
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words

    assert read(xls_of(rows), "a.xls").secrecy == ""
    assert read(saved(document, ["Sổ đăng ký văn bản đi của Cục Hải đồ năm 2031."]), "a.docx").secrecy == ""


def test_the_seeds_bear_no_mark() -> None:
    """They are public."""
    found = {path.name: read_document(path, SEEDS).secrecy for path in SEEDS.glob("*.txt")}

    assert set(found.values()) == {""}


def test_a_sample_below_the_end_of_a_part_is_no_mark(read) -> None:
    """A law's parts end in empty headings, as what stands beside the text of a PDF begins with one."""
    law = (
        "NGHỊ ĐỊNH\nQuy định về dấu chỉ độ mật\nCăn cứ Luật Bảo vệ bí mật nhà nước;\n\nChương I\nQUY ĐỊNH CHUNG\n\n"
        "Điều 1. Phạm vi\n\nNghị định này quy định về dấu.\n\nĐiều 2. Dấu\n\n1. Dấu có chữ:\n\nMẬT\n\n2. Dấu đỏ.\n\n"
        "TM. CHÍNH PHỦ\n\nPHỤ LỤC\nMẪU DẤU\n\nTUYỆT MẬT\n\nTỐI MẬT\n"
    )

    marks = {
        name: read(data, name).secrecy
        for name, data in {"a.txt": law, "a.docx": docx_of(law.split("\n")), "a.pdf": pdf_of(law.split("\n"))}.items()
    }

    assert set(marks.values()) == {""}


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["doc", "odt", "rtf", "pdf"])
def test_files_that_libreoffice_writes_keep_the_mark(tmp_path: Path, suffix: str) -> None:
    """In a header's cell, in the header and the footer of the pages."""
    if not find_libreoffice():
        pytest.skip("LibreOffice is not installed")
    made = {
        "cell": saved(word_report("TỐI MẬT")),
        "header": word_report_with_header("TỐI MẬT"),
        "footer": word_report_with_header("", footer="TỐI MẬT"),
        "none": saved(word_report()),
    }
    for name, data in made.items():
        (tmp_path / f"{name}.docx").write_bytes(data)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [find_libreoffice(), profile, "--headless", "--convert-to", suffix, "--outdir", tmp_path]
    subprocess.run([*command, *sorted(tmp_path.glob("*.docx"))], check=True, capture_output=True)

    marks = {name: read_document(tmp_path / f"{name}.{suffix}", tmp_path).secrecy for name in made}

    assert marks == {"cell": "TỐI MẬT", "header": "TỐI MẬT", "footer": "TỐI MẬT", "none": ""}
