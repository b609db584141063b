"""Answers within collections are the same whatever the other collections hold, over generated corpora."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embeddings import Encoder
from retrieval.answering.answer import Answer
from retrieval.answering.quote import Quote
from retrieval.retriever import Retriever
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder

pytestmark = pytest.mark.slow

OPEN = frozenset({"", "quy-che"})
# Few words, so that collections share them; names, numbers, years and an abbreviation have rules of their own.
WORDS = (
    "báo cáo quý nộp ngày 15 tháng 3 năm 2023 cơ quan Hoàng Sa Trường Sa quân đội Điều 5 kinh phí 90 triệu đồng "
    "Đặng Kỳ Dương họp kín (BCQ) thủ trưởng đơn vị không có"
).split()
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=2, max_size=14).map(lambda words: f"{' '.join(words)}.")
PARAGRAPHS = st.lists(SENTENCES, min_size=1, max_size=3).map(" ".join)
TEXTS = st.lists(PARAGRAPHS, min_size=1, max_size=4).map("\n\n".join)
OPEN_NAMES = ("a.txt", "b.txt", "quy-che/a.txt", "quy-che/b.txt", "quy-che/ban/c.txt")
CLOSED_NAMES = ("mat/a.txt", "mat/b.txt", "a-mat/c.txt", "zz/d.txt")
QUESTIONS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)


def corpora(names: tuple[str, ...], least: int) -> st.SearchStrategy[dict[str, str]]:
    """Files of these names with generated texts."""
    return st.dictionaries(st.sampled_from(names), TEXTS, min_size=least)


def retriever_over(folder: Path, files: Mapping[str, str], encoder: Encoder) -> Retriever:
    """A retriever over an index of these files."""
    for name, text in files.items():
        path = folder / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Văn bản {Path(name).stem}\n\n{text}", encoding="utf-8")
    build_index(folder / "corpus", folder / "index", encoder)
    return Retriever(folder / "index", encoder)


def shown(answer: Answer) -> dict[str, Any]:
    """All that a reader can see of an answer, and the numbers that decide it."""
    return {
        "state": answer.state,
        "order": [hit.quote.passage_id for hit in answer.hits],
        "highlights": [hit.quote.highlight for hit in answer.hits],
        "spans": [hit.span for hit in answer.hits],
        "texts": [quote_shown(hit.quote) for hit in answer.hits],
        "copies": [[copy.passage_id for copy in hit.duplicates] for hit in answer.hits],
        "ranks": [dict(hit.ranks) for hit in answer.hits],
        "query": answer.query,
        "said": (
            answer.missing_names,
            answer.absence,
            answer.unknown_words,
            answer.old,
            answer.is_undated,
            answer.notices,
        ),
        "items": [item.passage_id for item in answer.items],
        "parts": answer.parts,
    }


def numbers(answer: Answer) -> list[float]:
    """The confidence, the scores and what they consist of."""
    found = [answer.confidence]
    for hit in answer.hits:
        found += [hit.score, *hit.contributions.values(), hit.scores.exact, hit.scores.folded, hit.scores.title]
    return found


def quote_shown(quote: Quote) -> tuple[str, str]:
    """The words and the citation."""
    return quote.text, str(quote.citation)


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(
    opened=corpora(OPEN_NAMES, 2),
    closed=corpora(CLOSED_NAMES, 1),
    otherwise=corpora(CLOSED_NAMES, 0),
    questions=st.lists(QUESTIONS, min_size=1, max_size=6),
)
def test_answers_do_not_depend_on_what_is_closed(
    tmp_path_factory: pytest.TempPathFactory,
    opened: dict[str, str],
    closed: dict[str, str],
    otherwise: dict[str, str],
    questions: list[str],
) -> None:
    """Order, highlights, states and words are equal beside other closed documents, and beside none."""
    one, other = (
        retriever_over(tmp_path_factory.mktemp("index"), opened | beside, BagEncoder())
        for beside in (closed, otherwise)
    )

    for question in questions:
        answers = [retriever.ask(question, k=9, within=OPEN) for retriever in (one, other)]

        assert shown(answers[0]) == shown(answers[1])
        assert numbers(answers[0]) == pytest.approx(numbers(answers[1]), abs=1e-6)


@pytest.mark.parametrize("closed", [1, 30])
@pytest.mark.parametrize(
    "question", ["Đơn vị nghiên cứu gì về Hoàng Sa và Trường Sa?", "hội nghị Hoàng Sa Trường Sa nộp báo cáo"]
)
def test_a_word_of_closed_documents_cannot_be_read_off_the_highlight(
    tmp_path: Path, question: str, closed: int, model: Encoder
) -> None:
    """Closed documents that speak of Hoàng Sa change neither the highlighted sentence nor the order."""
    opened = {
        "cong-khai/a.txt": "Đơn vị nghiên cứu về Hoàng Sa trong năm. Đơn vị nghiên cứu về Trường Sa trong quý.",
        "cong-khai/b.txt": "Hội nghị về Trường Sa họp ngày 9/2. Các đơn vị nộp báo cáo về Hoàng Sa.",
        "cong-khai/c.txt": "Các đơn vị nộp báo cáo trước hội nghị. Báo cáo về Trường Sa nộp riêng.",
    }
    secrets = {f"mat/{i}.txt": f"Kế hoạch số {i} về Hoàng Sa, họp kín về Hoàng Sa lần {i}." for i in range(closed)}
    within = frozenset({"cong-khai"})

    alone, beside = (
        retriever_over(tmp_path / name, files, model).ask(question, k=9, within=within)
        for name, files in {"alone": opened, "beside": opened | secrets}.items()
    )

    assert shown(alone) == shown(beside)
    assert re.search("Sa", alone.hits[0].quote.highlighted)
