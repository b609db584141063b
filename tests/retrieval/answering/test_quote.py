"""Quotes: always a slice of the file, and nothing at all from a file that is no longer the one indexed."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from embeddings import Encoder
from retrieval.errors import DamagedIndex, IndexFault, StaleQuote
from retrieval.evaluation.mode import strip_diacritics
from retrieval.index.local.generations import generation
from retrieval.retriever import Retriever
from tests.support.corpus import SEEDS, Home, build_index, text_of_file
from tests.support.encoders import BagEncoder

QUESTION = "Đơn vị có bao nhiêu người?"
LEFT = "Báo cáo trái\n\nĐơn vị bên trái có 70 người."
RIGHT = "Báo cáo phải\n\nĐơn vị bên phải có 80 người."
SET = SEEDS.parent / "tests" / "seeds-dev.jsonl"
DEV = [json.loads(line)["question"] for line in SET.read_text(encoding="utf-8").splitlines()]
MORE = ["quốc phòng", "ASEAN", "How many countries does Vietnam have defence relations with?", "2", "hoà bình", "v.v."]


def test_every_quote_is_a_slice_of_its_file(answering: Retriever, seeds: Home) -> None:
    """Twenty hits deep, with marks and without: quotes and footnotes alike, each highlight inside its quote."""
    files = {path.name: text_of_file(path) for path in seeds.corpus.iterdir()}

    answers = [answering.ask(question, k=20) for question in (*DEV, *map(strip_diacritics, DEV[::5]), *MORE)]

    quotes = [quote for answer in answers for hit in answer.hits for quote in (hit.quote, *hit.footnotes)]
    assert len(quotes) > 20 * len(answers)
    assert all(files[quote.citation.source][quote.start : quote.end] == quote.text for quote in quotes)
    assert all(0 <= quote.highlight[0] <= quote.highlight[1] <= len(quote.text) for quote in quotes)


def test_a_files_own_spelling_is_quoted(indexed: Callable[..., Path], folder: Path, encoder: BagEncoder) -> None:
    """NFD, CRLF and a byte order mark: the quote is what the file says in NFC, at the offset it says."""
    text = "Ba\u0301o ca\u0301o\r\n\r\nHo\u031b\u0323p ta\u0301c quo\u0302\u0301c pho\u0300ng.\r\n"
    (folder / "b.txt").write_bytes(b"\xef\xbb\xbf" + text.encode())

    hit = Retriever(indexed(), encoder).ask("hợp tác").hits[0]

    assert hit.quote.text == "Hợp tác quốc phòng."
    assert text_of_file(folder / "b.txt")[hit.quote.start : hit.quote.end] == hit.quote.text


def changed(path: Path) -> None:
    path.write_text(LEFT.replace("trái có", "trái đã có"), encoding="utf-8")


def deleted(path: Path) -> None:
    path.unlink()


def renamed(path: Path) -> None:
    path.rename(path.with_name("c.txt"))


def replaced_by_a_twin(path: Path) -> None:
    before = path.stat()
    path.write_text(path.read_text(encoding="utf-8").replace("70", "99"), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def replaced_by_a_moved_twin(path: Path) -> None:
    before = path.stat()
    other = path.with_name("other.part")
    other.write_text(path.read_text(encoding="utf-8").replace("70", "99"), encoding="utf-8")
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def truncated(path: Path) -> None:
    os.truncate(path, 10)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def replaced_by_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def replaced_by_a_dangling_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere.txt")


SPOILED = [
    changed,
    deleted,
    renamed,
    replaced_by_a_twin,
    replaced_by_a_moved_twin,
    truncated,
    emptied,
    replaced_by_a_folder,
    replaced_by_a_dangling_link,
]


@pytest.mark.parametrize("asked_before", [True, False], ids=["asked before", "first question"])
@pytest.mark.parametrize("spoil", SPOILED)
def test_a_spoiled_source_is_said_and_never_quoted(
    indexed: Callable[..., Path],
    folder: Path,
    encoder: BagEncoder,
    spoil: Callable[[Path], None],
    asked_before: bool,
) -> None:
    """Whatever happened to the file, its words are gone, a notice names it, and the other document answers."""
    retriever = Retriever(indexed(a=LEFT, b=RIGHT), encoder)
    if asked_before:
        assert {hit.quote.doc_id for hit in retriever.ask(QUESTION).hits} == {"a.txt", "b.txt"}
    spoil(folder / "a.txt")

    answer = retriever.ask(QUESTION)

    assert [hit.quote.text for hit in answer.hits] == ["Đơn vị bên phải có 80 người."]
    assert [hit.rank for hit in answer.hits] == [1]
    assert ["a.txt" in notice for notice in answer.notices] == [True]


def test_a_restored_source_is_quoted_again(indexed: Callable[..., Path], folder: Path, encoder: BagEncoder) -> None:
    """The same bytes put back are the same document, without a new build."""
    retriever = Retriever(indexed(a=LEFT, b=RIGHT), encoder)
    deleted(folder / "a.txt")
    assert retriever.ask(QUESTION).notices
    (folder / "a.txt").write_text(LEFT, encoding="utf-8")

    answer = retriever.ask(QUESTION)

    assert {hit.quote.doc_id for hit in answer.hits} == {"a.txt", "b.txt"}
    assert answer.notices == ()


def test_no_source_left_is_no_answer(indexed: Callable[..., Path], folder: Path, encoder: BagEncoder) -> None:
    """With every file gone nothing is quoted, the state says so, and each document has its notice."""
    retriever = Retriever(indexed(a=LEFT, b=RIGHT), encoder)
    deleted(folder / "a.txt")
    changed(folder / "b.txt")

    answer = retriever.ask(QUESTION)

    assert (answer.hits, answer.state, answer.confidence, len(answer.notices)) == ((), "none", 0.0, 2)


@pytest.mark.parametrize("spoil", SPOILED)
def test_no_door_leads_to_a_spoiled_source(
    indexed: Callable[..., Path], folder: Path, encoder: BagEncoder, spoil: Callable[[Path], None]
) -> None:
    """Asking for a passage by its id, or for the one beside it, is refused as well."""
    retriever = Retriever(indexed(a=f"{LEFT}\n\nĐoạn hai."), encoder)
    spoil(folder / "a.txt")

    with pytest.raises(StaleQuote, match=r"a\.txt"):
        retriever.passage("a.txt#1")
    with pytest.raises(StaleQuote, match=r"a\.txt"):
        retriever.neighbour("a.txt#1", +1)


def test_a_new_build_quotes_the_new_words(
    tmp_path: Path, indexed: Callable[..., Path], folder: Path, encoder: BagEncoder
) -> None:
    """The remedy in the notice works: after `trichdan index` the changed file is quoted as it is now."""
    retriever = Retriever(indexed(a=LEFT, b=RIGHT), encoder)
    changed(folder / "a.txt")
    build_index(folder, tmp_path / "index", encoder)

    answer = retriever.ask(QUESTION)

    assert "Đơn vị bên trái đã có 70 người." in [hit.quote.text for hit in answer.hits]
    assert answer.notices == ()


def tamper(index: Path, *statements: str) -> None:
    """Changes the stored text and hides it: the manifest gets the new checksum."""
    live = generation.live_folder(index)
    with closing(sqlite3.connect(live / "store.sqlite")) as db, db:
        for statement in statements:
            db.execute(statement)
    manifest = json.loads((live / "manifest.json").read_text())
    manifest["files"]["store.sqlite"] = hashlib.sha256((live / "store.sqlite").read_bytes()).hexdigest()
    (live / "manifest.json").write_text(json.dumps(manifest))


def test_a_tampered_document_is_refused(indexed: Callable[..., Path], encoder: BagEncoder) -> None:
    """Document and passage changed alike: the text's own hash gives it away."""
    index = indexed(a=LEFT)
    tamper(
        index,
        "UPDATE documents SET text = replace(text, '70', '99')",
        "UPDATE passages SET text = replace(text, '70', '99')",
    )

    with pytest.raises(DamagedIndex, match="--rebuild"):
        Retriever(index, encoder).ask(QUESTION)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE passages SET text = replace(text, '70', '99')",
        'UPDATE passages SET "start" = "start" + 1',
        'UPDATE passages SET "end" = "end" - 1',
    ],
)
def test_a_tampered_passage_is_not_quoted(indexed: Callable[..., Path], encoder: BagEncoder, statement: str) -> None:
    """A passage that does not stand at its place in the document is refused, or left out with a notice."""
    index = indexed(a=LEFT)
    tamper(index, statement)

    try:
        answer = Retriever(index, encoder).ask(QUESTION)
    except IndexFault:
        return

    assert answer.hits == ()
    assert answer.notices


def test_an_index_without_the_new_checksum_is_refused(own_seeds: Home, model: Encoder) -> None:
    """A store that merely differs from its checksum is not even opened."""
    live = generation.live_folder(own_seeds.index)
    with closing(sqlite3.connect(live / "store.sqlite")) as db, db:
        db.execute("UPDATE passages SET text = replace(text, '100', '900')")

    with pytest.raises(DamagedIndex, match="differs from its checksum"):
        Retriever(own_seeds.index, model).ask(QUESTION)


def test_index_and_corpus_move_together(own_seeds: Home, model: Encoder) -> None:
    """A copy of both is as good as the original: no notice, and its own files are the ones compared."""
    answer = Retriever(own_seeds.index, model).ask("quan hệ quốc phòng với bao nhiêu quốc gia")

    assert "hơn 100 quốc gia" in answer.hits[0].quote.text
    assert answer.notices == ()


SIDECAR = 'publisher = "Bộ Thủy sản"\npublished = 2024-03-01\n'
ANOTHER = 'publisher = "DỰ THẢO"\npublished = 2019-01-01\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [(SIDECAR, ANOTHER), (SIDECAR, None), (None, SIDECAR)],
    ids=["changed", "removed", "added"],
)
def test_nothing_is_quoted_with_a_citation_of_before(
    tmp_path: Path, folder: Path, encoder: BagEncoder, before: str | None, after: str | None
) -> None:
    """A sidecar has changed since the build, as a file might have; a new build cites what it says now."""
    (folder / "a.txt").write_text(LEFT, encoding="utf-8")
    sidecar = folder / "a.txt.meta.toml"
    _write(sidecar, before)
    build_index(folder, tmp_path / "index", encoder)
    retriever = Retriever(tmp_path / "index", encoder)
    cited = retriever.ask(QUESTION).hits[0].quote.citation.publisher
    _write(sidecar, after)

    stale = retriever.ask(QUESTION)
    build_index(folder, tmp_path / "index", encoder)

    assert (stale.hits, len(stale.notices)) == ((), 1)
    publishers = ["Bộ Thủy sản" if text == SIDECAR else "DỰ THẢO" if text else "" for text in (before, after)]
    assert [cited, retriever.ask(QUESTION).hits[0].quote.citation.publisher] == publishers


def test_a_sidecar_that_says_the_same_in_other_words_needs_one_build(
    tmp_path: Path, folder: Path, encoder: BagEncoder
) -> None:
    """Else its document would be named as changed for ever."""
    (folder / "a.txt").write_text(LEFT, encoding="utf-8")
    _write(folder / "a.txt.meta.toml", SIDECAR)
    build_index(folder, tmp_path / "index", encoder)
    _write(folder / "a.txt.meta.toml", f"# Nguồn: văn thư\n{SIDECAR}")

    build_index(folder, tmp_path / "index", encoder)

    assert Retriever(tmp_path / "index", encoder).ask(QUESTION).hits


def _write(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink(missing_ok=True)
    else:
        path.write_text(text, encoding="utf-8")
