"""The answers of the local engine, whichever way a question is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from embeddings import Encoder
from retrieval.answering.answer import Answer
from retrieval.evaluation.mode import MODES, typed_as
from retrieval.evaluation.questions import read_question_file
from retrieval.index.opening import open_place
from retrieval.index.place import Place
from retrieval.reading.corpus import walk
from retrieval.retriever import Retriever
from tests.support.corpus import Home
from tests.support.postgres_server import IS_INSTALLED, MISSING, shared_server
from tests.support.silent_progress import SilentProgress

TESTS = Path(__file__).parents[3]
QUESTIONS = (*read_question_file(TESTS / "seeds-dev.jsonl"), *read_question_file(TESTS / "english-dev.jsonl"))
WRITTEN = (
    "Luật An ninh mạng có bao nhiêu điều?",
    "luaatj an ninh mangj laf gif",
    "bo quoc phong viet nam co bn sq di gghb lhq?",
    "Liệt kê các nhiệm vụ năm 2023",
    "Điều 8",
    "Việt Nam xuất khẩu bao nhiêu tấn cà phê?",
)
DECIMALS = 1e-5


@pytest.fixture(scope="module")
def place(seeds: Home, model: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The seeds in PostgreSQL."""
    if not IS_INSTALLED:
        pytest.skip(MISSING)
    place = open_place(shared_server().address(index="seeds", caches=tmp_path_factory.mktemp("caches")))
    files = walk([seeds.corpus])
    known = seeds.index / "embeddings.sqlite"
    place.build(files, model, root=files.root, model=None, progress=SilentProgress(), cache=known)
    return place


def scores(retriever: Retriever, question: str) -> dict[str, tuple[float, ...]]:
    """The score and the channels' scores of each ranked passage, by its id."""
    return {
        ranked.candidate.passage.passage_id: (
            ranked.score,
            *(ranked.candidate.scores.by_channel().values()),
            *ranked.candidate.scores.windows,
        )
        for ranked in retriever.rank(question).places
    }


def shown(answer: Answer) -> tuple[str, list[str], list[str]]:
    """The state, and the first three quotes with their words."""
    return answer.state, [hit.quote.passage_id for hit in answer.hits], [hit.quote.text for hit in answer.hits]


@pytest.mark.model
@pytest.mark.slow
def test_questions_are_answered_alike(place: Place, model: Encoder, answering: Retriever) -> None:
    """With one state, the same three quotes, and a confidence that differs by no more than rounding."""
    retriever = Retriever(place, model)
    different = []
    for text in (*(typed_as(question.text, mode) for question in QUESTIONS for mode in MODES), *WRITTEN):
        here, there = retriever.ask(text), answering.ask(text)
        if shown(here) != shown(there) or here.confidence != pytest.approx(there.confidence, abs=DECIMALS):
            different.append((text, shown(here)[:2], shown(there)[:2], here.confidence, there.confidence))

    assert different == []


@pytest.mark.model
@pytest.mark.slow
def test_passages_score_alike(place: Place, model: Encoder, answering: Retriever) -> None:
    """Every ranked passage, in every channel."""
    retriever = Retriever(place, model)
    for text in (*(question.text for question in QUESTIONS), *WRITTEN):
        here, there = scores(retriever, text), scores(answering, text)

        assert here.keys() == there.keys(), text
        for name, expected in there.items():
            assert here[name] == pytest.approx(expected, abs=DECIMALS), (text, name)


@pytest.mark.model
@pytest.mark.slow
def test_a_question_takes_few_trips(place: Place, model: Encoder) -> None:
    """At most two more than the contract's six batches: which generation is live, and whether marks have changed."""
    trips = []
    database = place._database  # type: ignore[attr-defined]
    read = database.read
    retriever = Retriever(place, model)
    retriever.ask("Việt Nam")  # opens the generation

    def counted(*statements, **more):
        trips.append(statements)
        return read(*statements, **more)

    database.read = counted
    try:
        for question in QUESTIONS[:20]:
            trips.clear()
            answer = retriever.ask(question.text)
            assert len(trips) <= 8, (answer.query.text, [statement.text for own in trips for statement in own])
    finally:
        del database.read
