"""Years in questions, and what they say for documents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from retrieval.index.candidate import Candidate, ChannelScores
from retrieval.index.records.document_record import DocumentRecord
from retrieval.passage import Passage
from retrieval.question.understanding import understand
from retrieval.ranking.features import FeatureExtractor
from retrieval.ranking.score import rank_candidates
from retrieval.ranking.year_boost import SAME_YEAR, opens_with_other_year, other_years_only, year_boost, years_in
from retrieval.retriever import Retriever
from tests.retrieval.language.test_diacritic_restoration import Counted
from tests.support.encoders import BagEncoder

SPELLINGS = Counted("kết quả năm nghị định ngày tháng từ đến")


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("Kết quả năm 2022?", {2022}),
        ("kết quả 2022, 2023", {2022, 2023}),
        ("từ 2019 đến 2021", {2019, 2021}),
        ("Nghị định 104/2012/NĐ-CP", set()),
        ("ngày 29/7/2022", set()),
        ("2.022 người", set()),
        ("mã số 20221", set()),
        ("năm 1789", set()),
    ],
)
def test_years_that_stand_by_themselves(question: str, years: set[int]) -> None:
    """A year inside a date or an official number is part of a longer name, and is matched with it."""
    assert years_in(understand(question, SPELLINGS)) == years


def test_an_answer_of_another_year_is_not_found(indexed: Callable[..., Path], encoder: BagEncoder) -> None:
    """The paragraph speaks of 2022; asked for 2019 it is never "found", asked for 2022 it is surer."""
    index = indexed(a="Báo cáo\n\nNăm 2022, đơn vị đón 163 đoàn khách vào.\n\nGiá xăng tăng.\n\nHọp ngày mai.")
    retriever = Retriever(index, encoder)

    asked_for = retriever.ask("Năm 2022, đơn vị đón bao nhiêu đoàn khách vào?")
    other = retriever.ask("Năm 2019, đơn vị đón bao nhiêu đoàn khách vào?")

    assert other.state != "found"
    assert other.confidence < asked_for.confidence


def test_a_document_without_a_date_is_of_no_year() -> None:
    """A missing date is never guessed."""
    assert year_boost(frozenset({2022}), None) == 0.0


def test_of_two_equal_passages_the_one_of_the_year_comes_first() -> None:
    """The question names 2022, the second document is of 2022."""
    dates = {"a.txt": date(2021, 5, 1), "b.txt": date(2022, 5, 1)}
    found = [
        Candidate(Passage(f"{name}#1", name, "paragraph", 1, 1, 0, 8, "Kết quả."), ChannelScores((0.8,), 0, 0, 0))
        for name in dates
    ]
    extractor = FeatureExtractor(
        understand("kết quả năm 2022", SPELLINGS), lambda _, __: 2.0, covered=1.0, rarest_idf=4.0
    )

    places = rank_candidates(
        found, [0.5, 0.5], extractor, lambda name: DocumentRecord(name, name, "", "", "", dates[name], "")
    )

    assert [place.candidate.passage.doc_id for place in places] == ["b.txt", "a.txt"]
    assert places[0].score - places[1].score == pytest.approx(SAME_YEAR)


@pytest.mark.parametrize(
    ("texts", "others"),
    [
        (["Năm 2022, đơn vị có 70 người."], True),
        (["Năm 2022, đơn vị có 70 người.", "Năm 2019 có 60 người."], False),
        (["Ngày 3/4/2019, đơn vị có 60 người."], False),
        (["Đơn vị có 70 người."], False),
    ],
)
def test_passages_of_other_years(texts: list[str], others: bool) -> None:
    """A passage that names no year contradicts none."""
    assert other_years_only(frozenset({2019}), texts) is others


@pytest.mark.parametrize(
    ("sentence", "other"),
    [
        ("Năm 2022, tổ chức 21 đoàn ra, đón 163 đoàn vào.", True),
        ("2 - Trong 6 tháng đầu năm 2022, đón 163 đoàn vào.", True),
        ("Ngày 29/7/2022, tại Hà Nội, đón 163 đoàn vào.", True),
        ("Năm 2022 đón 163 đoàn, năm 2019 đón 90 đoàn.", False),
        ("Đơn vị đón 163 đoàn, nhiều hơn năm 2022.", False),
    ],
)
def test_a_sentence_that_opens_with_another_year(sentence: str, other: bool) -> None:
    """What it says is of that year; a year further on may be one that it is compared with."""
    assert opens_with_other_year(frozenset({2019}), sentence) is other
