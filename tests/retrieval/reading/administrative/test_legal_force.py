"""What a document states of legal force, sentence by sentence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.reading.administrative.legal_force import ForceAct, LegalForce, legal_force_of
from retrieval.reading.reader import read_document

HEAD = (
    "CHÍNH PHỦ\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nSố: 45/2031/NĐ-CP\n"
    "Hà Nội, ngày 9 tháng 7 năm 2031\nNGHỊ ĐỊNH\nQuy định mức hỗ trợ hộ trồng rừng\nCăn cứ Luật Trồng rừng;\n"
    "Điều 1. Đối tượng\nHộ gia đình trồng rừng được hỗ trợ.\n"
)


def force_of(folder: Path, words: str) -> LegalForce:
    """What a decree states whose last article reads so."""
    (folder / "a.txt").write_text(f"{HEAD}Điều 9. Hiệu lực thi hành\n{words}\n", encoding="utf-8")
    return legal_force_of(read_document(folder / "a.txt", folder))


@pytest.mark.parametrize(
    ("words", "effective"),
    [
        ("Nghị định này có hiệu lực thi hành kể từ ngày 01 tháng 8 năm 2031.", date(2031, 8, 1)),
        ("1. Nghị định này có hiệu lực từ ngày 15/8/2031, trừ quy định tại khoản 2 Điều này.", date(2031, 8, 15)),
        ("Nghị định này có hiệu lực kể từ ngày ký ban hành.", date(2031, 7, 9)),
        ("Nghị định này có hiệu lực sau 45 ngày, kể từ ngày ký.", date(2031, 8, 23)),
        ("Khoản 2 Điều 5 Nghị định này có hiệu lực từ ngày 01 tháng 01 năm 2032.", None),
        ("Trong thời hạn 12 tháng kể từ ngày Nghị định này có hiệu lực, chủ rừng phải đăng ký.", None),
        ("Nghị định này có hiệu lực từ ngày 31 tháng 02 năm 2032.", None),
        ("“Nghị định này có hiệu lực từ ngày 01 tháng 8 năm 2031.”", None),
    ],
)
def test_the_day_from_which_it_is_in_force(tmp_path: Path, words: str, effective: date | None) -> None:
    """Of the whole document, and only where it says so itself."""
    assert force_of(tmp_path, words).effective == effective


OLD = date(2019, 11, 15)
ENDS = (
    "Nghị định số 90/2019/NĐ-CP ngày 15 tháng 11 năm 2019 quy định mức theo Luật số 45/2019/QH14 hết hiệu lực kể từ "
    "ngày Nghị định này có hiệu lực thi hành."
)
LIST = (
    "2. Bãi bỏ các văn bản sau đây:\na) Nghị định số 90/2019/NĐ-CP;\nb) Khoản 2 Điều 5 Nghị định số 12/2020/NĐ-CP;\n"
    "3. Các bộ thi hành Nghị định số 77/2020/NĐ-CP."
)
AMENDED = (
    "Luật Trồng rừng số 33/2005/QH11 đã được sửa đổi, bổ sung một số điều theo Luật số 35/2018/QH14 và Luật số "
    "23/2018/QH14 hết hiệu lực kể từ ngày Luật này có hiệu lực."
)


@pytest.mark.parametrize(
    ("words", "acts"),
    [
        (ENDS, [ForceAct("repeals", "90/2019/NĐ-CP", OLD)]),
        (
            "Nghị định này có hiệu lực kể từ ngày ký, thay thế Nghị định số 90/2019/NĐ-CP ngày 15/11/2019.",
            [ForceAct("replaces", "90/2019/NĐ-CP", OLD)],
        ),
        (
            "2. Nghị định này thay thế Nghị định số 90/2019/NĐ-CP ngày 15/11/2019 và Nghị định số 12/2020/NĐ-CP.",
            [ForceAct("replaces", "90/2019/NĐ-CP", OLD), ForceAct("replaces", "12/2020/NĐ-CP")],
        ),
        (LIST, [ForceAct("repeals", "90/2019/NĐ-CP"), ForceAct("amends", "12/2020/NĐ-CP")]),
        (AMENDED, [ForceAct("repeals", "33/2005/QH11")]),
        (
            "Thông tư số 35/2017/TT-BTC hết hiệu lực từ ngày 01/01/2032.",
            [ForceAct("repeals", "35/2017/TT-BTC", None, date(2032, 1, 1))],
        ),
        (
            "Kể từ ngày Nghị định này có hiệu lực thi hành, Nghị định số 90/2019/NĐ-CP hết hiệu lực.",
            [ForceAct("repeals", "90/2019/NĐ-CP")],
        ),
        (
            "Sửa đổi, bổ sung khoản 2 Điều 5 của Nghị định số 90/2019/NĐ-CP như sau:",
            [ForceAct("amends", "90/2019/NĐ-CP")],
        ),
        ("Bãi bỏ Điều 3 Nghị định số 90/2019/NĐ-CP.", [ForceAct("amends", "90/2019/NĐ-CP")]),
        ("Nghị định số 90/2019/NĐ-CP tiếp tục có hiệu lực đến hết năm 2032.", []),
        ("Căn cứ Nghị định số 90/2019/NĐ-CP, các bộ hướng dẫn việc thay thế cây trồng.", []),
        ("Nghị định số 90/2019/NĐ-CP được thay thế bởi Nghị định số 12/2020/NĐ-CP.", []),
        ("Bãi bỏ Nghị định số 45/2031/NĐ-CP.", []),
        ("“Bãi bỏ Nghị định số 90/2019/NĐ-CP.”", []),
    ],
)
def test_what_it_does_to_others(tmp_path: Path, words: str, acts: list[ForceAct]) -> None:
    """Replaced and repealed as a whole, or amended; what is only mentioned is not."""
    assert list(force_of(tmp_path, words).acts) == acts


def test_a_statute_of_amendment_says_so_in_its_title(tmp_path: Path) -> None:
    """What the amended law was amended by before is none of its acts."""
    (tmp_path / "a.txt").write_text(
        "QUỐC HỘI\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nLuật số: 51/2031/QH17\n"
        "Hà Nội, ngày 27 tháng 11 năm 2031\nLUẬT\nSỬA ĐỔI, BỔ SUNG MỘT SỐ ĐIỀU CỦA LUẬT TRỒNG RỪNG\n"
        "Quốc hội ban hành Luật sửa đổi, bổ sung một số điều của Luật Trồng rừng số 25/2008/QH12 đã được sửa đổi "
        "một số điều theo Luật số 32/2013/QH13.\nĐiều 1. Sửa đổi, bổ sung một số điều của Luật Trồng rừng\n"
        "1. Sửa đổi Điều 2 như sau:\n“Điều 2. Thay thế\nBãi bỏ Luật Bảo vệ cây số 11/2001/QH10.”\n",
        encoding="utf-8",
    )

    force = legal_force_of(read_document(tmp_path / "a.txt", tmp_path))

    assert force.acts == (ForceAct("amends", "25/2008/QH12"),)


@pytest.mark.parametrize(
    ("number", "states"), [("45/2031/NĐ-CP", True), ("03/QC-CT", True), ("", False), ("215/VP", False)]
)
def test_who_states_force(tmp_path: Path, number: str, states: bool) -> None:
    """Documents with the number of a kind; a letter and a news article do not."""
    head = HEAD.replace("45/2031/NĐ-CP", number) if number else "Tin trong ngày\n"
    (tmp_path / "a.txt").write_text(f"{head}\nNghị định này có hiệu lực từ ngày 01/8/2031.\nHết tin.\n", "utf-8")

    force = legal_force_of(read_document(tmp_path / "a.txt", tmp_path))

    assert bool(force.effective) is states


PIECES = (
    "Nghị định này |thay thế |Bãi bỏ |hết hiệu lực |kể từ ngày |Luật Trồng rừng số |90/2019/NĐ-CP| và |; "
    "|: |\na) |01/8/2031|sửa đổi, bổ sung |của |“|”|Điều 3 |, |. "
).split("|")


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_words_are_read(tmp_path_factory: pytest.TempPathFactory, pieces: list[str]) -> None:
    """No order of the words is an error, and no act is of the document upon itself."""
    force = force_of(tmp_path_factory.mktemp("force"), "".join(pieces))

    assert all(act.number != "45/2031/NĐ-CP" for act in force.acts)
