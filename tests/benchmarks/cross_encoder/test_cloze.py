"""Questions by rule: the answer is where the question word was put, and what is gone does not answer."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from random import Random

import pytest

from tests.benchmarks.cross_encoder.cloze import cloze_pairs, clozes_of

RANDOM = Random(0)  # noqa: S311 - no secret
SENTENCES = {
    "Trong năm qua, tỉnh đã cử 120 cán bộ đi học lớp bồi dưỡng ở trung ương.": ("120", "bao nhiêu"),
    "Hai bên nhất trí mở rộng hợp tác về đào tạo cán bộ từ năm 2015 đến nay.": ("năm 2015", "năm nào"),
    "Bộ trưởng Trần Văn Minh đã trao quyết định bổ nhiệm cho ba cán bộ trẻ.": ("Trần Văn Minh", "ai"),
    "Bệnh sốt xuất huyết là một bệnh truyền nhiễm do muỗi vằn gây ra hằng năm.": (
        "một bệnh truyền nhiễm do muỗi vằn gây ra hằng năm",
        "là gì",
    ),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_question_word_takes_the_place_of_the_answer(sentence: str) -> None:
    """The span is that of the answer in the sentence, and the question does not give it away."""
    answer, asking = SENTENCES[sentence]

    found = {sentence[slice(*cloze.answer)]: cloze.question for cloze in clozes_of(sentence, RANDOM)}

    assert asking in found[answer]
    assert answer not in found[answer]


def test_years_and_paragraph_numbers_count_nothing() -> None:
    """ "Điều 12 quy định" is not a dozen of rules."""
    found = clozes_of("Theo Điều 12 quy định của luật này thì người lao động được nghỉ hằng năm.", RANDOM)

    assert not [cloze for cloze in found if cloze.kind == "count"]


def test_pairs_that_answer_hold_the_answer_and_others_do_not_hold_the_same(tmp_path: Path) -> None:
    """The label is what the judge learns: a wrong one teaches the contrary."""
    articles, file = [list(SENTENCES), [each.replace("120", "95") for each in SENTENCES]], tmp_path / "news.jsonl.gz"
    with gzip.open(file, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps({"paragraphs": each}, ensure_ascii=False) + "\n" for each in articles)

    pairs = cloze_pairs(file, 100, RANDOM)

    right = [pair for pair in pairs if pair.answers]
    assert right
    assert all(pair.span and pair.stretch[slice(*pair.span)] not in pair.question for pair in right)
    assert {(pair.question, pair.stretch) for pair in pairs if not pair.answers}.isdisjoint(
        (pair.question, pair.stretch) for pair in right
    )
