"""What is compared of a large generation, and how much of it is in memory."""

from __future__ import annotations

import hashlib
import json
import tracemalloc

import pytest

from retrieval.errors import DamagedIndex, NoEarlierGeneration
from retrieval.index.postgres import verification
from retrieval.index.postgres.database import Statement
from tests.retrieval.contract.engines import CorpusAndPlace, PostgresEngine, document
from tests.support.postgres_server import PostgresServer

pytestmark = pytest.mark.slow

ROWS, WIDTH = 40_000, 1000


@pytest.fixture
def built(site: CorpusAndPlace, monkeypatch: pytest.MonkeyPatch) -> CorpusAndPlace:
    """Five documents, of which two are compared at a time."""
    monkeypatch.setattr(verification, "_BATCH", 2)
    site.build(entries=[document(f"Đ{number}", f"Đơn vị {number} có 10 người.") for number in range(5)])
    return site


def change(server: PostgresServer, site: CorpusAndPlace, statement: str) -> None:
    assert isinstance(site.engine, PostgresEngine)
    ((space,),) = server.execute("SELECT id FROM trichdan.spaces WHERE index_name = %s", site.engine.index)
    server.execute(statement.replace("{space}", f"trichdan_space_{space}"))


def test_what_is_whole_is_said_to_be(built: CorpusAndPlace) -> None:
    """The rows come in the order in which the build digested them."""
    name = built.place.live()

    assert built.place.verify(name).documents == 5


def test_the_digest_is_that_of_sorted_rows(built: CorpusAndPlace, server: PostgresServer) -> None:
    """By code points, as Python sorts, so that a copy elsewhere has the same."""
    documents = [document(name, f"Đơn vị {name}.") for name in ("b", "Đ", "a", "B", "d", "ă", "Ă")]
    built.build(entries=documents)
    assert isinstance(built.engine, PostgresEngine)
    ((space,),) = server.execute("SELECT id FROM trichdan.spaces WHERE index_name = %s", built.engine.index)
    statement = (
        f"SELECT doc_id, source, title, text_sha256, digest FROM trichdan_space_{space}.documents WHERE died > 2"  # noqa: S608 - a number
    )
    lines = [json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in sorted(server.execute(statement))]

    assert len(lines) == len(documents)
    assert built.place.manifest().files == {"documents": hashlib.sha256(b"".join(lines)).hexdigest()}


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE {space}.documents SET text = text || '!' WHERE doc_id = 'Đ4'", "^Đ4 in .* is not what was stored"),
        ("UPDATE {space}.passages SET start = start + 1 WHERE doc_id = 'Đ4'", "^Đ4#1 in .* is not what was stored"),
        ("UPDATE {space}.documents SET title = 'khác' WHERE doc_id = 'Đ4'", "or others than were stored"),
        ("DELETE FROM {space}.passages WHERE doc_id = 'Đ4'", r"found \(5, 4, 5\), or others"),
    ],
)
def test_the_last_batch_is_compared_too(
    built: CorpusAndPlace, server: PostgresServer, statement: str, said: str
) -> None:
    """Whatever was changed of its document."""
    change(server, built, statement)

    with pytest.raises(DamagedIndex, match=said):
        built.place.verify(built.place.live())


def test_rows_are_read_a_few_at_a_time(built: CorpusAndPlace) -> None:
    """Forty megabytes pass through less than ten."""
    text = "SELECT n, repeat('x', %(width)s) FROM generate_series(1, %(rows)s) n"
    database, name = built.place._database, built.place.live()  # type: ignore[attr-defined]
    rows = database.stream(Statement(text, {"width": WIDTH, "rows": ROWS}), name)
    tracemalloc.start()
    try:
        total = sum(len(text) for _, text in rows)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert total == ROWS * WIDTH
    assert peak < 10_000_000


def test_a_generation_that_is_gone_is_not_called_damaged(built: CorpusAndPlace) -> None:
    """A host that lacks it has not changed it."""
    stream = built.place._database.stream(Statement("SELECT 1"), "không có")  # type: ignore[attr-defined]

    with pytest.raises(DamagedIndex, match="ask again"):
        next(stream)


def test_a_table_that_is_gone_is_said_in_a_sentence(built: CorpusAndPlace) -> None:
    """A build removed the generation's space meanwhile."""
    statement = Statement("SELECT 1 FROM {space}.documents", space="trichdan_space_0")
    stream = built.place._database.stream(statement, built.place.live())  # type: ignore[attr-defined]

    with pytest.raises(DamagedIndex, match="ask again"):
        next(stream)


def test_going_back_verifies_first(built: CorpusAndPlace, server: PostgresServer) -> None:
    """What was live stays where the generation before is damaged, and where there is none."""
    with pytest.raises(NoEarlierGeneration):
        built.place.roll_back()
    built.build(entries=[document("mới", "Đơn vị mới.")])
    live = built.place.live()
    change(server, built, "UPDATE {space}.documents SET text = text || '!' WHERE doc_id = 'Đ4'")

    with pytest.raises(DamagedIndex, match="Đ4"):
        built.place.roll_back()

    assert built.place.live() == live
