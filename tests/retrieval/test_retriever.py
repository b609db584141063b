"""The Retriever: what it refuses, what it promises about order, and readers while builders build."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from retrieval.answering.answer import Answer
from retrieval.errors import IndexMismatch, QuestionError, StaleQuote, UnknownPassage
from retrieval.index.opening import open_place
from retrieval.reading.document import Block, Document
from retrieval.retriever import Retriever
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder
from tests.support.silent_progress import SilentProgress
from tests.support.waiting import PATIENCE

LEFT = "Báo cáo trái\n\nĐơn vị bên trái có 70 người.\n\nHọp tại Hà Nội ngày 8/1.\n\nPhương hướng năm tới là hội nhập."
RIGHT = "Báo cáo phải\n\nĐơn vị bên phải có 80 người.\n\nHọp tại Huế ngày 9/2."
QUESTION = "Đơn vị có bao nhiêu người?"


def ids(answer: Answer) -> list[str]:
    return [hit.quote.passage_id for hit in answer.hits]


def ranking(answer: Answer) -> list[tuple[str, float]]:
    return [(hit.quote.passage_id, hit.score) for hit in answer.hits]


def copies(answer: Answer) -> list[list[str]]:
    return [[quote.passage_id for quote in hit.duplicates] for hit in answer.hits]


@pytest.mark.parametrize("question", ["", "   ", "\n\t\u00a0", "?!…", "— “”", "🎉", "\u0301", "\u200b"])
def test_a_question_without_a_word_is_refused(indexed: Callable[..., Path], encoder: BagEncoder, question: str) -> None:
    """Empty, blank, punctuation only: an error that says what is missing, not an arbitrary answer."""
    retriever = Retriever(indexed(a=LEFT), encoder)

    with pytest.raises(QuestionError, match="at least one word"):
        retriever.ask(question)


def test_a_pasted_document_is_no_question(indexed: Callable[..., Path], encoder: BagEncoder) -> None:
    """Ten thousand characters are refused with the limit and the number found."""
    retriever = Retriever(indexed(a=LEFT), encoder)

    with pytest.raises(QuestionError, match=r"at most 2,000 characters.*10,000"):
        retriever.ask("a" * 10_000)


def test_the_longest_question_is_answered(indexed: Callable[..., Path], encoder: BagEncoder) -> None:
    """Two thousand characters are still a question, one more is not."""
    retriever = Retriever(indexed(a=LEFT), encoder)
    longest = ("người " * 400)[:2000].strip().ljust(2000, "a")

    answer = retriever.ask(longest)

    assert answer.hits
    with pytest.raises(QuestionError):
        retriever.ask(f"{longest}a")


def test_another_model_is_a_mismatch_at_any_time(
    tmp_path: Path, indexed: Callable[..., Path], folder: Path, encoder: BagEncoder
) -> None:
    """Also when the index is rebuilt with another model under an open Retriever."""
    retriever = Retriever(indexed(a=LEFT), encoder)
    assert retriever.ask(QUESTION).hits
    build_index(folder, tmp_path / "index", BagEncoder("bag/2"))

    with pytest.raises(IndexMismatch, match=r"bag/2.*bag/1.*--rebuild"):
        retriever.ask(QUESTION)


@pytest.mark.parametrize("k", [1, 2, 4, 100])
def test_k_is_the_most_there_are(indexed: Callable[..., Path], encoder: BagEncoder, k: int) -> None:
    """At most k hits, ranked 1 to k without gaps, best first, and those are the first of a longer list."""
    retriever = Retriever(indexed(a=LEFT, b=RIGHT), encoder)

    answer = retriever.ask(QUESTION, k=k)

    assert [hit.rank for hit in answer.hits] == list(range(1, min(k, 5) + 1))
    assert [hit.score for hit in answer.hits] == sorted((hit.score for hit in answer.hits), reverse=True)
    assert ids(answer) == ids(retriever.ask(QUESTION, k=100))[:k]


def test_neighbours_are_the_paragraphs_beside(indexed: Callable[..., Path], encoder: BagEncoder) -> None:
    """One step forward and back within the document, None beyond its ends, never the next document."""
    retriever = Retriever(indexed(a=LEFT, b=RIGHT), encoder)

    found = [retriever.neighbour("a.txt#2", step) for step in (-2, -1, 0, +1, +2)]

    texts = [quote and quote.text for quote in found]
    assert texts == [None, *LEFT.split("\n\n")[1:], None]


def test_a_neighbour_of_nothing_is_said_to_be_unknown(indexed: Callable[..., Path], encoder: BagEncoder) -> None:
    """An id that the live generation does not have, as after a rebuild."""
    retriever = Retriever(indexed(a=LEFT), encoder)

    with pytest.raises(UnknownPassage, match="ask again"):
        retriever.neighbour("a.txt#99", 1)
    with pytest.raises(UnknownPassage, match="ask again"):
        retriever.passage("gone.txt#1")


def test_the_outline_is_the_whole_document_in_order(indexed: Callable[..., Path], encoder: BagEncoder) -> None:
    """Metadata, and every passage in reading order."""
    retriever = Retriever(indexed(a=LEFT, b=RIGHT), encoder)

    citation, passages = retriever.outline("a.txt")

    assert (citation.source, citation.title) == ("a.txt", "Báo cáo trái")
    assert [passage.text for passage in passages] == LEFT.split("\n\n")[1:]


def test_the_order_is_the_same_every_time(indexed: Callable[..., Path], encoder: BagEncoder) -> None:
    """The same index and question twice, and by another Retriever: the same hits and scores."""
    index = indexed(a=LEFT, b=RIGHT)
    retriever = Retriever(index, encoder)

    first, second, other = (r.ask(QUESTION, k=10) for r in (retriever, retriever, Retriever(index, encoder)))

    assert ranking(first) == ranking(second) == ranking(other)


def test_two_builds_rank_alike(tmp_path: Path, folder: Path, encoder: BagEncoder) -> None:
    """Forty documents, much of them equal: a second build elsewhere gives the same order, ties included."""
    for i in range(40):
        text = f"Thông báo\n\nĐơn vị số {i % 3} có người.\n\nHọp lần {i}."
        (folder / f"{i:02}.txt").write_text(text, encoding="utf-8")
    for name in ("one", "two"):
        build_index(folder, tmp_path / name, encoder)

    one, two = (Retriever(tmp_path / name, encoder).ask(QUESTION, k=100) for name in ("one", "two"))

    assert len(one.hits) == 43
    assert [len(hit.duplicates) for hit in one.hits[:3]] == [13, 12, 12]
    assert ranking(one) == ranking(two)
    assert copies(one) == copies(two)


def test_an_update_ranks_as_a_fresh_build(tmp_path: Path, folder: Path, encoder: BagEncoder) -> None:
    """Vectors from the cache and vectors made now give the same order."""
    (folder / "a.txt").write_text(LEFT, encoding="utf-8")
    build_index(folder, tmp_path / "grown", encoder)
    (folder / "b.txt").write_text(RIGHT, encoding="utf-8")
    for name in ("grown", "fresh"):
        build_index(folder, tmp_path / name, encoder)

    grown, fresh = (Retriever(tmp_path / name, encoder).ask(QUESTION, k=10) for name in ("grown", "fresh"))

    assert ranking(grown) == ranking(fresh)


def test_without_a_known_word_meaning_alone_decides(indexed: Callable[..., Path], encoder: BagEncoder) -> None:
    """No word of the question is in the corpus: the order is that of the cosines, nothing lexical in it."""
    retriever = Retriever(indexed(a=LEFT, b=RIGHT), encoder)

    answer = retriever.ask("quantum chromodynamics explained", k=10)

    cosines = [hit.scores.dense for hit in answer.hits]
    assert len(cosines) == 5
    assert cosines == sorted(cosines, reverse=True)
    assert {(hit.scores.exact, hit.scores.folded) for hit in answer.hits} == {(0.0, 0.0)}


def test_a_paragraph_that_stands_twice_is_one_hit(indexed: Callable[..., Path], encoder: BagEncoder) -> None:
    """The second place is a verified quote of its own, and the hits that it made room for follow."""
    reprint = LEFT.replace("Báo cáo trái", "Báo").replace("bên trái có 70 người", "bên trái - có 70 người")
    retriever = Retriever(indexed(a=LEFT, b=reprint), encoder)

    answer = retriever.ask(QUESTION, k=2)

    quotes = {quote.passage_id: quote for quote in (answer.hits[0].quote, *answer.hits[0].duplicates)}
    found = {name: (quote.text, quote.citation.title) for name, quote in quotes.items()}
    assert found == {
        "a.txt#1": ("Đơn vị bên trái có 70 người.", "Báo cáo trái"),
        "b.txt#1": ("Đơn vị bên trái - có 70 người.", "Báo"),
    }
    assert reprint[quotes["b.txt#1"].start : quotes["b.txt#1"].end] == "Đơn vị bên trái - có 70 người."
    assert "70" not in answer.hits[1].quote.text


def test_copies_are_listed_whatever_k_is(indexed: Callable[..., Path], encoder: BagEncoder) -> None:
    """Also those that rank far below the last hit that is asked for."""
    retriever = Retriever(indexed(a=LEFT, b=f"{RIGHT}\n\nHọp tại Hà Nội ngày 8/1.", c=LEFT), encoder)

    one, all_ = retriever.ask(QUESTION, k=1), retriever.ask(QUESTION, k=100)

    assert copies(one) == copies(all_)[:1] == [["c.txt#1"]]
    assert sorted(map(len, copies(all_))) == [0, 0, 1, 1, 2]


def test_another_number_is_another_paragraph(indexed: Callable[..., Path], encoder: BagEncoder) -> None:
    """Two documents that differ in one figure are two hits."""
    retriever = Retriever(indexed(a=LEFT, b=LEFT.replace("70", "75")), encoder)

    answer = retriever.ask(QUESTION, k=2)

    assert sorted(ids(answer)) == ["a.txt#1", "b.txt#1"]
    assert copies(answer) == [[], []]


def test_a_changed_copy_is_not_listed(indexed: Callable[..., Path], folder: Path, encoder: BagEncoder) -> None:
    """Of three copies the changed one is left out and told of, wherever it stood."""
    retriever = Retriever(indexed(a=LEFT, b=LEFT, c=LEFT), encoder)
    (folder / "a.txt").write_text(RIGHT, encoding="utf-8")
    first = retriever.ask(QUESTION, k=1)
    (folder / "a.txt").write_text(LEFT, encoding="utf-8")
    (folder / "c.txt").unlink()
    last = retriever.ask(QUESTION, k=1)

    found = [
        (ids(answer), copies(answer), [notice.split()[2] for notice in answer.notices]) for answer in (first, last)
    ]

    assert found == [(["b.txt#1"], [["c.txt#1"]], ["a.txt"]), (["a.txt#1"], [["b.txt#1"]], ["c.txt"])]


def test_a_changed_first_copy_leaves_its_place(
    tmp_path: Path, indexed: Callable[..., Path], folder: Path, encoder: BagEncoder
) -> None:
    """Its copies stand where their own scores put them, so that scores still fall."""
    (folder / "a.txt").write_text(LEFT.replace("Báo cáo trái", "Đơn vị có bao nhiêu người"), encoding="utf-8")
    retriever = Retriever(indexed(b=RIGHT, c=LEFT.replace("Báo cáo trái", "Phụ lục")), encoder)
    before = retriever.ask(QUESTION, k=10)
    (folder / "a.txt").unlink()

    after = retriever.ask(QUESTION, k=10)

    assert (ids(before)[0], copies(before)[0]) == ("a.txt#1", ["c.txt#1"])
    assert {hit.quote.doc_id for hit in after.hits} == {"b.txt", "c.txt"}
    assert [hit.score for hit in after.hits] == sorted((hit.score for hit in after.hits), reverse=True)


DEFINING = "Quy chế\n\nTổ công tác hỗ trợ khởi nghiệp (CTHTKN) gồm các phòng.\n\nHọp hằng tháng."
ABBREVIATED = "Thông báo\n\nCTHTKN nghỉ lễ từ ngày 30/4.\n\nCăng tin mở cửa."


@pytest.mark.parametrize(
    ("question", "kind", "understood", "reading"),
    [
        ("CTHTKN làm gì", "abbreviation", ("công tác hỗ trợ khởi nghiệp",), "công tác hỗ trợ khởi nghiệp làm gì"),
        ("cthtkn làm gì", "abbreviation", ("công tác hỗ trợ khởi nghiệp",), "công tác hỗ trợ khởi nghiệp làm gì"),
        ("cong tac ho tro khoi nghiep nghi khi nao", "short form", ("CTHTKN",), ""),
    ],
)
def test_abbreviations_of_the_corpus_are_understood(
    indexed: Callable[..., Path], encoder: BagEncoder, question: str, kind: str, understood: tuple[str], reading: str
) -> None:
    """A definition in one document explains the short form in questions, and the long form in other documents."""
    retriever = Retriever(indexed(a=DEFINING, b=ABBREVIATED), encoder)

    query = retriever.ask(question).query

    assert (kind, understood) in [(step.kind, step.understood) for step in query.steps]
    assert not reading or reading in query.readings


@pytest.mark.parametrize("defined", [True, False])
def test_a_passage_with_the_short_form_alone_is_found(
    indexed: Callable[..., Path], encoder: BagEncoder, defined: bool
) -> None:
    """Asked for in full, in words that it does not hold; without the definition none of them leads there."""
    definition = DEFINING if defined else DEFINING.replace("(CTHTKN) ", "")
    retriever = Retriever(indexed(a=definition, b=ABBREVIATED), encoder)

    answer = retriever.ask("công tác hỗ trợ khởi nghiệp", k=10)

    scores = {hit.quote.passage_id: hit.scores.folded for hit in answer.hits}
    assert (scores["b.txt#1"] > 0) == defined


def test_an_open_retriever_moves_to_a_new_generation(
    tmp_path: Path, indexed: Callable[..., Path], folder: Path, encoder: BagEncoder
) -> None:
    """After a build the same object answers from the new generation."""
    retriever = Retriever(indexed(a=LEFT), encoder)
    before = retriever.ask(QUESTION)
    (folder / "a.txt").write_text(LEFT.replace("70", "75"), encoding="utf-8")
    built = build_index(folder, tmp_path / "index", encoder)

    after = retriever.ask(QUESTION)

    assert before.hits[0].quote.text == "Đơn vị bên trái có 70 người."
    assert after.hits[0].quote.text == "Đơn vị bên trái có 75 người."
    assert after.generation == built.generation


def test_a_removed_document_is_no_longer_found(
    tmp_path: Path, indexed: Callable[..., Path], folder: Path, encoder: BagEncoder
) -> None:
    """Deleted and rebuilt: no hit, no notice."""
    retriever = Retriever(indexed(a=LEFT, b=RIGHT), encoder)
    (folder / "a.txt").unlink()
    build_index(folder, tmp_path / "index", encoder)

    answer = retriever.ask(QUESTION, k=10)

    assert {hit.quote.doc_id for hit in answer.hits} == {"b.txt"}
    assert answer.notices == ()


def editions(number: int) -> Iterable[Document]:
    """Six documents, every paragraph of which names the edition."""
    for name in "abcdef":
        text = f"Đơn vị {name} có người, bản {number}.\nHọp ở {name}, bản {number}."
        border = text.index("\n")
        blocks = (Block("paragraph", 0, border), Block("paragraph", border + 1, len(text)))
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        yield Document(name, name, f"Báo cáo bản {number}", "", "", None, text, sha256, blocks)


@pytest.mark.slow
def test_readers_and_a_builder_do_not_meet(tmp_path: Path, encoder: BagEncoder) -> None:
    """Sixteen threads ask twenty questions each while five generations appear: each answer is of one edition."""
    index = tmp_path / "index"

    def publish(number: int) -> str:
        return (
            open_place(index)
            .build(editions(number), BagEncoder(), root=None, model=None, progress=SilentProgress())
            .generation
        )

    numbers = {publish(0): 0}
    retriever = Retriever(index, encoder)
    start = threading.Barrier(17)

    def read() -> list[Answer]:
        start.wait(timeout=PATIENCE)
        return [retriever.ask(QUESTION, k=8) for _ in range(20)]

    with ThreadPoolExecutor(16) as pool:
        reading = [pool.submit(read) for _ in range(16)]
        start.wait(timeout=PATIENCE)
        numbers.update({publish(number): number for number in range(1, 6)})
        answers = [answer for future in reading for answer in future.result(timeout=PATIENCE)]
    last = retriever.ask(QUESTION)

    assert len(answers) == 320
    assert {len(answer.hits) for answer in answers} == {8}
    for answer in answers:
        words = " ".join(f"{hit.quote.text} {hit.quote.citation.title}" for hit in answer.hits)
        assert set(re.findall(r"bản (\d)", words)) == {str(numbers[answer.generation])}
    assert numbers[last.generation] == 5


def test_a_changed_file_is_noticed_by_all_threads(
    indexed: Callable[..., Path], folder: Path, encoder: BagEncoder
) -> None:
    """Eight threads that share one watch: after the change none of them quotes the file."""
    retriever = Retriever(indexed(a=LEFT, b=RIGHT), encoder)
    (folder / "a.txt").write_text(RIGHT, encoding="utf-8")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: retriever.ask(QUESTION, k=10), range(40)))

    assert {hit.quote.doc_id for answer in answers for hit in answer.hits} == {"b.txt"}
    assert all(answer.notices for answer in answers)
    with pytest.raises(StaleQuote):
        retriever.passage("a.txt#1")
