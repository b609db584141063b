"""Builds that break off, that change a little, and what they leave behind."""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from retrieval.errors import DamagedIndex, MissingIndex
from retrieval.index.contract import Index, LexicalSearch
from retrieval.index.settings import Settings
from retrieval.language.analyzer import analyze
from retrieval.reading.document import Document
from tests.retrieval.contract.engines import CorpusAndPlace, LocalEngine, PostgresEngine, document
from tests.support.postgres_server import PostgresServer
from tests.support.waiting import until

pytestmark = pytest.mark.slow

WORDS = "kho gạo súng đạn quân dân lương thực nhà máy đường sắt cầu cảng biển đảo".split()


class Broken(Exception):
    """What breaks a build off."""


class BreaksOff:
    """The progress of a build that ends with its first block of documents."""

    def __init__(self) -> None:
        self._step = ""

    def start(self, step: str, total: int) -> None:
        self._step = step

    def advance(self, units: int) -> None:
        if self._step == "lexical":
            raise Broken


def rows(server: PostgresServer, site: CorpusAndPlace) -> list[tuple[str, int, str]]:
    """The id of each document, that of its row, and the transaction that wrote it."""
    assert isinstance(site.engine, PostgresEngine)
    ((space,),) = server.execute("SELECT id FROM trichdan.spaces WHERE index_name = %s", site.engine.index)
    statement = f"SELECT doc_id, id, xmin::text FROM trichdan_space_{space}.documents ORDER BY id"  # noqa: S608 - a number
    return server.execute(statement)


def test_a_build_goes_on_with_its_rows(site: CorpusAndPlace, server: PostgresServer) -> None:
    """What was copied before the break is not copied again; what has changed since is, and nobody saw it half."""
    documents = [document(f"d{number:03}", f"Đơn vị {number} có {number} người.") for number in range(450)]
    with pytest.raises(Broken):
        site.place.build(documents, site.encoder, root=None, model=None, progress=BreaksOff())
    with pytest.raises(MissingIndex):
        site.place.live()
    before = rows(server, site)
    documents[7] = document("d007", "Đơn vị 7 có 700 người.")
    site.build(entries=documents)
    after = rows(server, site)
    index = site.place.open()

    assert len(before) == 200
    assert [row for row in before if row[0] != "d007"] == [row for row in after if row in before]
    assert (len(after), index.passage("d007#1").text) == (450, "Đơn vị 7 có 700 người.")
    assert [record.doc_id for record in index.documents()] == [each.doc_id for each in documents]
    site.place.verify(index.name)


def test_what_stays_is_not_written_again(site: CorpusAndPlace, server: PostgresServer) -> None:
    """A build costs what has changed."""
    documents = [document(f"d{number}", f"Đơn vị {number} có {number} người.") for number in range(20)]
    site.build(entries=documents)
    before = rows(server, site)
    documents[3] = document("d3", "Đơn vị 3 có 300 người.")
    site.build(entries=documents)

    assert [row for row in before if row[0] != "d3"] == [row for row in rows(server, site) if row in before]


def some_documents(dice: random.Random, numbers: Sequence[int]) -> list[Document]:
    """Documents of random words, in two collections."""
    found = []
    for number in numbers:
        paragraphs = [f"Đoạn {number} {' '.join(dice.choices(WORDS, k=9))}." for _ in range(dice.randint(1, 4))]
        name = f"{'mat/' if number % 3 == 0 else ''}d{number:02}"
        found.append(document(name, *dict.fromkeys(paragraphs), title=f"Tên {dice.choice(WORDS)}"))
    return found


def told(index: Index, site: CorpusAndPlace) -> tuple[object, ...]:
    """Everything that is counted, and what a question finds, of all collections and of the open one."""
    found: list[object] = []
    for view in (index, index.restrict(frozenset({""}))):
        question = "kho gạo đường sắt đảo"
        matches = view.lexical_matches(LexicalSearch(analyze(question), texts=(" ".join(WORDS),)), 20)
        candidates = view.candidates(site.encoder.encode_queries([question]), matches, 20)
        rarity = view.rarity(WORDS)
        terms = [term for word in WORDS for term in analyze(word).folded]
        found += [
            [each.passage.passage_id for each in candidates],
            [{name: round(score, 4) for name, score in each.scores.by_channel().items()} for each in candidates],
            [(rarity.idf("folded", term), rarity.idf("title", term), rarity.knows(term)) for term in terms],
            [dict(view.vocabulary.of(term)) for term in terms],
            dict(view.vocabulary.of_pair("duong", "sat")),
            view.vocabulary.total,
            [record.doc_id for record in view.documents()],
        ]
    return tuple(found)


@pytest.mark.parametrize("seed", range(4))
def test_many_small_changes_count_as_one_build(site: CorpusAndPlace, tmp_path: Path, seed: int) -> None:
    """After each the same as in an index folder, also after ways back, and what nobody keeps is folded away."""
    dice = random.Random(seed)  # noqa: S311 - a seed, no secret
    local = CorpusAndPlace(LocalEngine(tmp_path / "local"), site.corpus, site.encoder)
    for each in (site, local):
        each.place.keep_settings(Settings(keep=2))
    for turn in range(6):
        documents = some_documents(random.Random(seed), range(12))  # noqa: S311 - the same
        for _ in range(turn):
            changed = dice.randrange(len(documents))
            number = int(documents[changed].doc_id[-2:])
            documents[changed : changed + 1] = some_documents(dice, [number]) if dice.random() < 0.7 else []
        for each in (site, local):
            each.build(entries=documents)
            if turn == 3:
                each.place.roll_back()

        assert told(site.place.open(), site) == told(local.place.open(), local), turn
        site.place.verify(site.place.live())


def test_a_reader_that_was_forgotten_is_told(site: CorpusAndPlace, server: PostgresServer) -> None:
    """It never answers from half a generation."""
    site.place.keep_settings(Settings(keep=1))
    site.write("a.txt", "Báo cáo", "Đơn vị có 10 người.")
    site.build()
    held = site.place.open()
    server.execute("UPDATE trichdan.readers SET seen = now() - interval '1 day'")
    site.write("a.txt", "Báo cáo", "Đơn vị có 20 người.")
    site.build()
    held._view.reader._told = -float("inf")  # type: ignore[attr-defined] # as after a day

    with pytest.raises(DamagedIndex, match="ask again"):
        held.passage("a.txt#1")


def test_no_reader_waits_while_rows_are_removed(site: CorpusAndPlace, server: PostgresServer) -> None:
    """That may take minutes, and every bot opens the new generation meanwhile."""
    assert isinstance(site.engine, PostgresEngine)
    site.place.keep_settings(Settings(keep=1))
    site.build(entries=[document("d", "Đơn vị có 10 người.")])
    ((space,),) = server.execute("SELECT id FROM trichdan.spaces WHERE index_name = %s", site.engine.index)
    server.execute("DELETE FROM trichdan.readers WHERE index_name = %s", site.engine.index)
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
    with psycopg.connect(server.address().partition("?")[0]) as other, ThreadPoolExecutor() as threads:

        def hold(_: str) -> None:
            other.execute(f"LOCK TABLE trichdan_space_{space}.documents IN SHARE MODE")  # type: ignore[arg-type] # a number

        build = threads.submit(site.build, entries=[document("d", "Đơn vị có 20 người.")], admit=hold)
        until(lambda: server.execute(waiting, f"trichdan_space_{space}.documents") == [(1,)])
        reader = threads.submit(lambda: site.place.open().passage("d#1").text)
        until(lambda: reader.done() or server.execute(waiting, "trichdan.readers") == [(1,)])
        has_waited = not reader.done()
        other.rollback()

        assert (build.result().built, reader.result(), has_waited) == (True, "Đơn vị có 20 người.", False)
