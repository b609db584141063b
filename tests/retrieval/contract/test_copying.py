"""A live index moves from one engine to another and back, and nothing is encoded again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from retrieval.answering.answer import Answer
from retrieval.errors import IndexMismatch
from retrieval.index.copying import copy_index
from retrieval.index.place import Place
from retrieval.index.settings import Settings
from retrieval.retriever import Retriever
from tests.retrieval.contract.engines import ENGINES, CorpusAndPlace
from tests.support.encoders import BagEncoder
from tests.support.postgres_server import IS_INSTALLED, MISSING
from tests.support.silent_progress import SilentProgress

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not IS_INSTALLED, reason=MISSING)]
QUESTIONS = ("Kho số 7 có gì?", "Ai ký sổ?", "BTLHA mở cửa khi nào?", "thoi gian tap su")


@pytest.fixture
def other(tmp_path: Path) -> Callable[[str], Place]:
    """An empty place of an engine."""
    return lambda engine: ENGINES[engine](tmp_path / f"other {engine}").place()


def copy(source: Place, target: Place, encoder: BagEncoder) -> None:
    """With the attachment that the tests keep."""
    copy_index(source, target, encoder, attachments=("learned.json",), progress=SilentProgress())


def told(answer: Answer) -> tuple[object, ...]:
    """The state, and the quotes with their citations and scores."""
    quotes = [
        (hit.quote.passage_id, hit.quote.text, hit.quote.citation.line, round(hit.score, 3)) for hit in answer.hits
    ]
    return answer.state, round(answer.confidence, 4), quotes


@pytest.mark.parametrize(("here", "there"), list(permutations(ENGINES, 2)))
def test_a_copy_answers_alike(tmp_path: Path, other: Callable[[str], Place], here: str, there: str) -> None:
    """With the ids that renamed documents had, in reading order, with settings and what was learned."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    site = CorpusAndPlace(ENGINES[here](tmp_path / "index"), corpus)
    site.write("a.txt", "Quy chế tập sự", "Thời gian tập sự là 12 tháng.", "Người tập sự được hưởng 85% lương.")
    site.write("b.txt", "Thông báo", "Kho số 7 có 200 tấn gạo.", "Kho số 8 có 90 tấn gạo.")
    site.write("mat/c.txt", "Kế hoạch", "Bộ Tư lệnh Hải Âu (BTLHA) có 500 khẩu súng.", "BTLHA mở cửa vào tháng 6.")
    site.write("noi-bo/d.txt", "Nội quy", "Cán bộ trực ban ký sổ lúc 7 giờ.")
    site.build()
    (corpus / "a.txt").rename(corpus / "z.txt")
    site.build()
    site.place.keep_settings(Settings(keep=5))
    site.place.attach("learned.json", "một")
    assert isinstance(site.encoder, BagEncoder)
    paid, target = site.encoder.encoded, other(there)
    copy(site.place, target, site.encoder)
    ours, theirs = (Retriever(place, site.encoder, today=lambda: date(2026, 1, 1)) for place in (site.place, target))

    assert site.encoder.encoded == paid
    assert (target.settings(), target.attachment("learned.json")) == (Settings(keep=5), "một")
    assert [record.doc_id for record in target.open().documents()] == ["a.txt", "b.txt", "mat/c.txt", "noi-bo/d.txt"]
    assert target.corpus_root(target.manifest()) == corpus.resolve()
    for question in QUESTIONS:
        assert told(theirs.ask(question)) == told(ours.ask(question))
    site.place.attach("learned.json", None)
    copy(site.place, target, site.encoder)  # once more: what it has is brought up to date
    assert target.attachment("learned.json") is None


def test_nothing_is_copied_where_vectors_are_missing(built: CorpusAndPlace, other: Callable[[str], Place]) -> None:
    """Or where the model is another one: the sentence says what to do, and the target stays empty."""
    target = other("postgres")
    assert isinstance(built.encoder, BagEncoder)
    with pytest.raises(IndexMismatch, match="encodes no document"):
        copy(built.place, target, BagEncoder("bag/2"))
    for file in built.place.caches.glob("embeddings.sqlite*"):
        file.unlink()
    with pytest.raises(IndexMismatch, match="lacks the vectors of 7 texts: index the documents there"):
        copy(built.place, target, built.encoder)

    assert target.origins() == []
