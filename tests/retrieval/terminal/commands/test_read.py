"""`trichdan read` shows what staff will be quoted, and its JSON is a contract."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from retrieval.terminal.cli import app
from tests.support.document_makers import pdf_of

DECREE = """CHÍNH PHỦ
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 45/2031/NĐ-CP
Hà Nội, ngày 09 tháng 7 năm 2031
NGHỊ ĐỊNH
Quy định mức hỗ trợ hộ trồng rừng
Căn cứ Luật Tổ chức Chính phủ;
Điều 1. Mức hỗ trợ
1. Mức hỗ trợ là hai triệu đồng.
2. Hộ nghèo được hỗ trợ gấp đôi.
Điều 2. Hiệu lực
Nghị định này có hiệu lực từ ngày 01 tháng 8 năm 2031 và thay thế Nghị định số 90/2019/NĐ-CP.
"""


def test_json_is_a_contract(tmp_path: Path) -> None:
    """Exactly these keys; sections are lists, the number that opens a clause is part of its paragraph."""
    (tmp_path / "a.txt").write_text(DECREE, encoding="utf-8")

    result = CliRunner().invoke(app, ["read", str(tmp_path / "a.txt"), "--json"])

    found = json.loads(result.stdout)
    paragraphs = found.pop("paragraphs")
    assert found == {
        "source": "a.txt",
        "title": "Nghị định 45/2031/NĐ-CP: quy định mức hỗ trợ hộ trồng rừng",
        "number": "45/2031/NĐ-CP",
        "secrecy": None,
        "issuer": "Chính phủ",
        "author": None,
        "published": "2031-07-09",
        "effective": "2031-08-01",
        "acts": [{"kind": "replaces", "number": "90/2019/NĐ-CP", "dated": None, "since": None}],
        "origin": None,
        "ocr_confidence": None,
        "unread": [],
    }
    assert {
        "kind": "paragraph",
        "text": "2. Hộ nghèo được hỗ trợ gấp đôi.",
        "section": ["Điều 1. Mức hỗ trợ", "Khoản 2"],
        "page": None,
        "notes": [],
    } in paragraphs
    assert [each["text"] for each in paragraphs if each["kind"] == "heading"][-1] == "Điều 2. Hiệu lực"
    assert not any(each["text"] in ("1.", "2.") for each in paragraphs)


def test_people_see_sections_and_pages(tmp_path: Path) -> None:
    """Each place is named once, above its paragraphs."""
    (tmp_path / "a.pdf").write_bytes(pdf_of(["Phòng họp mở cửa lúc bảy giờ sáng.", "Chìa khóa do bảo vệ giữ."]))

    result = CliRunner().invoke(app, ["read", str(tmp_path / "a.pdf")])

    assert result.exit_code == 0
    assert result.stdout.count("[trang 1]") == 1
    assert "\nChìa khóa do bảo vệ giữ.\n" in result.stdout


def test_people_see_what_is_stated_of_legal_force(tmp_path: Path) -> None:
    """Below the metadata."""
    (tmp_path / "a.txt").write_text(DECREE, encoding="utf-8")

    result = CliRunner().invoke(app, ["read", str(tmp_path / "a.txt")])

    assert "\nhiệu lực từ 01/08/2031 · thay thế 90/2019/NĐ-CP\n" in result.stdout


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    """Reading makes no index folder and no other file."""
    (tmp_path / "a.txt").write_text(DECREE, encoding="utf-8")

    CliRunner().invoke(app, ["read", str(tmp_path / "a.txt")])

    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_an_unreadable_file_is_one_sentence(tmp_path: Path) -> None:
    """What is wrong and what to do, and exit code 2."""
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04 broken")

    result = CliRunner().invoke(app, ["read", str(tmp_path / "a.docx")])

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("trichdan: ")
    assert result.stderr.count("\n") == 1
