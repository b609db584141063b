"""Document numbers are found in texts and questions, and compared however they are typed."""

from __future__ import annotations

import pytest

from retrieval.language.document_number import DocumentNumber, find_numbers, parse_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Số: 38/2022/NĐ-CP", DocumentNumber("38", "2022", "ND-CP")),
        ("theo 38/2022/nd-cp", DocumentNumber("38", "2022", "ND-CP")),
        ("Luật số: 24/2018/QH14", DocumentNumber("24", "2018", "QH14")),
        ("Số 27-CT/TW", DocumentNumber("27", "", "CT/TW")),
        ("Số: 169/QĐ-BLĐTBXH", DocumentNumber("169", "", "QD-BLDTBXH")),
        ("Công văn 1234/BTC-TCT ngày 3/4", DocumentNumber("1234", "", "BTC-TCT")),
        ("SỐ: 028 /2003/NĐ–CP", DocumentNumber("28", "2003", "ND-CP")),
        ("01/2022/TTLT-VKSNDTC-TANDTC", DocumentNumber("1", "2022", "TTLT-VKSNDTC-TANDTC")),
    ],
)
def test_a_number_is_found(text: str, number: DocumentNumber) -> None:
    """The forms of state and Party numbers, also typed without marks."""
    assert [found for _, found in find_numbers(text)] == [number]


@pytest.mark.parametrize(
    "text", ["ngày 10/10/2003", "3/4 số dân", "70/km-h", "giai đoạn 2011-2020", "quý 3/2024", "8.1/2000 người"]
)
def test_dates_and_fractions_are_no_numbers(text: str) -> None:
    """What only looks like a number names no document."""
    assert list(find_numbers(text)) == []


@pytest.mark.parametrize(
    ("short", "whole", "named"),
    [
        ("38/2022", "38/2022/NĐ-CP", True),
        ("38/2022/NĐ", "38/2022/NĐ-CP", True),
        ("38/2023", "38/2022/NĐ-CP", False),
        ("38/2022/QĐ", "38/2022/NĐ-CP", False),
        ("12/2022/TT", "12/2022/TTLT-BCA-BQP", False),
        ("24/2018/QH", "24/2018/QH14", True),
    ],
)
def test_a_short_number_names_the_whole(short: str, whole: str, named: bool) -> None:
    """Parts that are said have to agree, at the boundaries of the symbol."""
    typed, own = parse_number(short), parse_number(whole)

    assert typed is not None
    assert own is not None
    assert typed.names(own) is named
