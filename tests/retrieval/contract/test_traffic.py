"""A question crosses the border in a few batches, so that an engine may stand behind a network."""

from __future__ import annotations

from pathlib import Path

import pytest

from embeddings import Encoder
from retrieval.answering.answer import Answer, to_json
from retrieval.evaluation.mode import MODES, typed_as
from retrieval.evaluation.questions import read_question_file
from retrieval.index.opening import open_place
from retrieval.question.parts import split_parts
from retrieval.retriever import Retriever
from tests.retrieval.contract.distant import DistantPlace, Traffic
from tests.retrieval.contract.engines import CorpusAndPlace
from tests.support.corpus import Home

MOST = 6  # batches of a question that nobody asked before
BATCHES = {"spellings", "words", "candidates", "shortlist", "documents"}  # nothing is fetched by itself
TESTS = Path(__file__).parents[2]
QUESTIONS = (*read_question_file(TESTS / "seeds-dev.jsonl"), *read_question_file(TESTS / "english-dev.jsonl"))
TYPED = (
    "luaatj an ninh mangj laf gif",
    "bo quoc phong viet nam co bn sq di gghb lhq?",
    "Liệt kê các nhiệm vụ năm 2023",
)


def timeless(answer: Answer) -> dict[str, object]:
    """The answer without how long it took."""
    return {name: value for name, value in to_json(answer).items() if name != "ms"}


@pytest.mark.model
@pytest.mark.slow
def test_a_question_takes_six_batches(seeds: Home, model: Encoder, answering: Retriever) -> None:
    """
    Whatever it is and however it is typed, with nine quotes, and the answer is the same.

    Each part of a question of several parts is asked once more.
    """
    traffic = Traffic()
    distant = Retriever(DistantPlace(open_place(seeds.index), traffic), model)
    texts = [typed_as(question.text, mode) for question in QUESTIONS for mode in MODES]
    too_many, different = {}, []
    for text in (*texts, *TYPED):
        answer = distant.ask(text, k=9)
        crossings = traffic.take()
        if len(crossings) > MOST * (1 + len(split_parts(answer.query.text))):
            too_many[text] = crossings
        if timeless(answer) != timeless(answering.ask(text, k=9)):
            different.append(text)

    assert (too_many, different) == ({}, [])


def law(site: CorpusAndPlace) -> None:
    """A law, a rule with an annex, and reports with footnotes."""
    articles = [
        f"## Điều {n}. Việc {n}\n\n1. Khoản một của việc {n}.\n\n2. Khoản hai của việc {n}." for n in range(1, 40)
    ]
    site.write("luat.md", "# Luật Kho tàng", *articles)
    for number in range(12):
        site.write(
            f"b{number}.md", f"# Báo cáo {number}", f"Kho {number} có gạo[^1] và muối.", f"[^1]: Theo sổ {number}."
        )
    site.build()


@pytest.mark.parametrize(
    "question",
    [
        "Khoản 2 Điều 5 Luật Kho tàng nói gì?",
        "khoan 2 dieu 5 luat kho tang",
        "Điều 120 Luật Kho tàng",
        "Điều 7",
        "Luật Kho tàng",
        "Liệt kê các việc trong Luật Kho tàng",
        "Kho nào có gạo và muối?",
        "Nghị định 38/2022/NĐ-CP quy định gì?",
    ],
)
def test_what_is_named_takes_no_further_batch(site: CorpusAndPlace, question: str) -> None:
    """Articles, documents, lists and footnotes are brought along."""
    law(site)
    traffic = Traffic()
    distant = Retriever(DistantPlace(site.place, traffic), site.encoder)

    answer = distant.ask(question, k=9)

    crossings = traffic.take()
    assert len(crossings) <= MOST, crossings
    assert set(crossings) <= BATCHES
    assert timeless(answer) == timeless(Retriever(site.place, site.encoder).ask(question, k=9))


def test_a_follow_up_takes_no_more(built: CorpusAndPlace) -> None:
    """The question before it is fetched with it."""
    traffic = Traffic()
    distant = Retriever(DistantPlace(built.place, traffic), built.encoder)
    first = distant.ask("Kho số 7 có bao nhiêu gạo?")
    traffic.take()

    second = distant.ask("con kho so 8?", previous=first.query.context)

    assert second.query.is_follow_up
    assert len(traffic.take()) <= MOST


def test_more_candidates_take_no_more(site: CorpusAndPlace) -> None:
    """Three hundred passages that match cross the border as three do."""
    crossings = {}
    for count in (3, 300):
        site.write("a.txt", "Kho", *(f"Kho số {number} có gạo và muối." for number in range(count)))
        site.build()
        traffic = Traffic()
        Retriever(DistantPlace(site.place, traffic), site.encoder).ask("Kho nào có gạo?", k=9)
        crossings[count] = traffic.take()

    assert crossings[3] == crossings[300]


def test_documents_that_have_changed_take_no_more(site: CorpusAndPlace) -> None:
    """They are known by their files before anything of them is fetched."""
    for number in range(14):
        site.write(f"b{number}.txt", f"Báo cáo {number}", f"Kho {number} có gạo và {number} xe.")
    site.build()
    for number in range(12):
        site.write(f"b{number}.txt", f"Báo cáo {number}", f"Kho {number} có muối.")
    traffic = Traffic()
    distant = Retriever(DistantPlace(site.place, traffic), site.encoder)

    answer = distant.ask("Kho nào có gạo?", k=3)

    assert len(answer.hits) == 2
    assert traffic.take().count("documents") == 1
    assert timeless(answer) == timeless(Retriever(site.place, site.encoder).ask("Kho nào có gạo?", k=3))


@pytest.mark.parametrize(
    "question",
    ["Nghỉ đẻ được mấy tháng?", "LHQ có bao nhiêu quân ở Nam Sudan?", "Which decree regulates maternity leave?"],
)
def test_other_wordings_are_fetched_together(site: CorpusAndPlace, question: str) -> None:
    """Synonyms, other names and English terms, each of which counts only where the documents use it."""
    site.write("a.txt", "Quy định", "Nghỉ thai sản 6 tháng theo nghị định.", "Liên hợp quốc có quân ở Nam Xu-đăng.")
    site.build()
    traffic = Traffic()

    Retriever(DistantPlace(site.place, traffic), site.encoder).ask(question)

    crossings = traffic.take()
    assert crossings.count("spellings") == 2
    assert len(crossings) <= MOST
