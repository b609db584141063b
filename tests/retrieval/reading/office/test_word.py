"""Word's format of before 2007, with and without LibreOffice."""

from __future__ import annotations

import shutil
from pathlib import Path

import docx
import pytest

from retrieval.errors import BrokenError
from retrieval.reading.document import Content
from retrieval.reading.docx.reader import read_word
from retrieval.reading.office.libreoffice import find_libreoffice, libreoffice_version
from retrieval.reading.office.word import read_old_word
from tests.benchmarks.producers import convert_with_libreoffice
from tests.support.document_makers import saved
from tests.support.legacy_fonts import in_tcvn3

REAL = Path(__file__).parents[1] / "real"
needs_libreoffice = pytest.mark.skipif(not find_libreoffice(), reason="LibreOffice is not installed")
pytestmark = pytest.mark.slow


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without LibreOffice."""
    monkeypatch.setenv("PATH", str(tmp_path))


def paragraphs(content: Content) -> list[str]:
    return [content.text[block.start : block.end] for block in content.outline.blocks]


def as_doc(document: object, folder: Path) -> bytes:
    (folder / "a.docx").write_bytes(saved(document))
    convert_with_libreoffice(folder / "a.docx", folder / "a.doc")
    return (folder / "a.doc").read_bytes()


def test_a_statute_reads_the_same_without_libreoffice(alone: None) -> None:
    """Paragraphs, rows and notes are those of the .docx of the same page."""
    content = read_old_word((REAL / "libreoffice-to-doc.doc").read_bytes(), "a.doc")

    same = read_word((REAL / "libreoffice-to-docx.docx").read_bytes(), "a.docx")
    assert [words.replace("¹", "") for words in paragraphs(content)] == [
        words.replace("¹", "") for words in paragraphs(same)
    ]


@needs_libreoffice
def test_what_word_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hidden and struck-out words are not read, digits are raised, merged cells stand in each row."""
    document = docx.Document()
    paragraph = document.add_paragraph("Diện tích 10")
    paragraph.add_run("5").font.superscript = True
    paragraph.add_run(" kín").font.hidden = True
    paragraph.add_run(" bỏ").font.strike = True
    paragraph.add_run(" là đủ.")
    table = document.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "Xe"
    table.cell(0, 1).text, table.cell(1, 1).text = "con", "tải"
    document.add_paragraph("Hết bảng.")
    data = as_doc(document, tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert paragraphs(read_old_word(data, "a.doc")) == ["Diện tích 10⁵ là đủ.", "Xe | con", "Xe | tải", "Hết bảng."]


@needs_libreoffice
def test_libreoffice_tells_fonts_and_list_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Capitals of a legacy font and computed numbers; without it the words are the same, small and unnumbered."""
    document = docx.Document()
    for words, font in (("cộng hòa xã hội chủ nghĩa", ".VnTimeH"), ("Giấy phép do huyện cấp mỗi tháng.", ".VnTime")):
        document.add_paragraph().add_run(in_tcvn3(words)).font.name = font
    document.add_paragraph().add_run("Theo mục sau.").font.name = "Arial"
    document.add_paragraph(style="List Number").add_run("Nghi mot ngay.").font.name = "Arial"
    data = as_doc(document, tmp_path)

    shown = read_old_word(data, "a.doc")
    monkeypatch.setenv("PATH", str(tmp_path))
    plain = read_old_word(data, "a.doc")

    assert paragraphs(shown)[:2] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA", "Giấy phép do huyện cấp mỗi tháng."]
    assert paragraphs(shown)[-1] == "1. Nghi mot ngay."
    assert paragraphs(plain)[:2] == ["cộng hòa xã hội chủ nghĩa", "Giấy phép do huyện cấp mỗi tháng."]
    assert paragraphs(plain)[-1] == "Nghi mot ngay."
    assert shown.origin == plain.origin == "tcvn3"


@needs_libreoffice
def test_a_letter_that_is_stored_as_a_hyphen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The letter "ư" in TCVN3, as LibreOffice stores it: read back, or refused, never read without."""
    words = "Người được cấp giấy phép ở huyện phải nộp lệ phí trước tháng mười. "
    document = docx.Document()
    document.add_paragraph().add_run(in_tcvn3(words * 6)).font.name = ".VnTime"
    data = as_doc(document, tmp_path)

    assert read_old_word(data, "a.doc").text == (words * 6).strip()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BrokenError, match=r"a\.doc.*apt-get install libreoffice-writer-nogui"):
        read_old_word(data, "a.doc")


@needs_libreoffice
def test_a_number_alone_is_no_heading(tmp_path: Path) -> None:
    """What stands under it is cited by the article around it."""
    document = docx.Document()
    for line in ("Điều 1. Danh mục phí", "Sửa đổi các mục sau đây:", "3.1", "Phí thẩm định.", "3.2", "Lệ phí khác."):
        document.add_paragraph(line)

    content = read_old_word(as_doc(document, tmp_path), "a.doc")

    headings = [content.text[block.start : block.end] for block in content.outline.blocks if block.kind == "heading"]
    assert headings == ["Điều 1. Danh mục phí"]


def test_what_nothing_reads_names_the_command(alone: None) -> None:
    """That installs LibreOffice."""
    with pytest.raises(BrokenError, match=r"a\.doc.*apt-get install libreoffice-writer-nogui"):
        read_old_word(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "a.doc")


@needs_libreoffice
def test_libreoffice_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a folder nor a socket, which would lie in /tmp for all users."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)

    read_old_word((REAL / "libreoffice-to-doc.doc").read_bytes(), "a.doc")

    assert list(tmp_path.iterdir()) == []


def test_the_version_is_empty_without_libreoffice(alone: None) -> None:
    """So that contents are read again once it is installed."""
    assert libreoffice_version() == ""
    assert shutil.which("soffice") is None
