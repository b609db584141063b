"""What a question names outright is recognised, with and without diacritics."""

from __future__ import annotations

import pytest

from retrieval.question.reference import asks_for_nothing_else, reference_in


@pytest.mark.parametrize(
    ("text", "articles", "clause", "point"),
    [
        ("Điều 5 Luật Thú y", ("5",), "", ""),
        ("điểm a khoản 2 Điều 7a của Luật Thú y nói gì", ("7a",), "2", "a"),
        ("dieu 12 khoan 3 quy dinh gi", ("12",), "3", ""),
        ("Điều 8 và Điều 9 Luật Thú y", ("8", "9"), "", ""),
        ("Article 5 of the law", ("5",), "", ""),
        ("k2 đ8 Luật Thú y", ("8",), "2", ""),
        ("đ.7 nghị định 38", ("7",), "", ""),
        ("Điều 7, 8 và 9 Luật Thú y", ("7", "8", "9"), "", ""),
        ("Điều 7, 30 ngày sau khi nộp", ("7",), "", ""),
        ("phòng d8 ở đâu", (), "", ""),
        ("điều kiện cấp phép trong 5 ngày", (), "", ""),
    ],
)
def test_provisions_are_read(text: str, articles: tuple[str, ...], clause: str, point: str) -> None:
    """Articles, and the clause and point of a single one."""
    reference = reference_in(text)

    assert (reference.articles, reference.clause, reference.point) == (articles, clause, point)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("nghị định 38", [("38", "", "ND")]),
        ("nd 38/2022 quy dinh gi", [("38", "2022", "ND")]),
        ("Nghị định số 38/2022/NĐ-CP", [("38", "2022", "ND-CP")]),
        ("luật số 24/2018", [("24", "2018", "QH")]),
        ("thông tư 12/2022 và thông tư 20/2021", [("12", "2022", "TT"), ("20", "2021", "TT")]),
        ("TT 12/2022/TT-BTC", [("12", "2022", "TT-BTC")]),
        ("38/2022/nđ-cp", [("38", "2022", "ND-CP")]),
        ("quyết định 2 người", []),
        ("tỷ lệ 3/4 trong quý 3/2024", []),
    ],
)
def test_numbers_are_read(text: str, numbers: list[tuple[str, str, str]]) -> None:
    """Also without year or symbol, where the kind is named."""
    found = [(number.serial, number.year, number.symbol) for number in reference_in(text).numbers]

    assert found == numbers


@pytest.mark.parametrize(
    ("text", "is_whole"),
    [
        ("khoản 2 Điều 5 quy định gì?", True),
        ("Nghị định 38/2022/NĐ-CP", True),
        ("dieu 5 noi ve van de gi", True),
        ("cho tôi xem Điều 7 với", True),
        ("NĐ 38/2022/NĐ-CP", True),
        ("Điều 5 phạt bao nhiêu tiền", False),
    ],
)
def test_what_else_is_asked_is_noticed(text: str, is_whole: bool) -> None:
    """A question may ask for a provision, or for something in it."""
    assert asks_for_nothing_else(reference_in(text).words) is is_whole
