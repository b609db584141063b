"""Questions typed with the capitals lock on are the questions in small letters."""

from __future__ import annotations

import pytest

from retrieval.language.capitals import lower_capitals


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("HÀNH VI NÀO BỊ NGHIÊM CẤM?", "hành vi nào bị nghiêm cấm?"),
        ("HANH VI NAO BI CAM", "hanh vi nao bi cam"),
        ("AI ĐƯỢC CẤP THẺ BHYT NĂM 2024?", "ai được cấp thẻ BHYT năm 2024?"),
        ("NGHỊ ĐỊNH 38/2022/NĐ-CP QUY ĐỊNH GÌ", "nghị định 38/2022/NĐ-CP quy định gì"),
        ("BHXH TP HCM", "BHXH TP HCM"),
        ("BQP", "BQP"),
        ("WHO SIGNED THE CHARTER", "WHO SIGNED THE CHARTER"),
        ("Luật AN NINH MẠNG", "Luật AN NINH MẠNG"),
    ],
)
def test_only_whole_sentences_are_lowered(typed: str, meant: str) -> None:
    """Abbreviations, numbers and names in capitals stay what they are."""
    assert lower_capitals(typed) == meant
