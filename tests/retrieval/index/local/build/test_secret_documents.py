"""Documents with a mark of secrecy are in no index, unless their collection was opened for such documents."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from retrieval.errors import DamagedIndex, RetrievalError, UnknownCollection
from retrieval.index.build.summary import BuildSummary
from retrieval.index.local.build.build import build
from retrieval.index.local.generations.history import generations
from retrieval.index.local.generations.settings_file import read_settings, secret_collections, write_settings
from retrieval.index.opening import open_place
from retrieval.index.settings import Settings
from retrieval.reading.corpus import Refusal, walk
from retrieval.reading.document import Document
from retrieval.retriever import Retriever
from retrieval.terminal.commands.admission import ModelRequest
from retrieval.terminal.commands.doctor import _secrecy
from retrieval.terminal.commands.index import SettingsUpdate, run_index, summary_json
from retrieval.terminal.commands.quality_report import report_json, run_report, show_report
from tests.support.document_makers import zip_of
from tests.support.encoders import BagEncoder
from tests.support.secret_documents import report
from tests.support.silent_progress import SilentProgress

pytestmark = pytest.mark.slow

AS_IT_IS = SettingsUpdate()
OPEN = "Thông báo\n\nThư viện mở cửa từ 7 giờ 30.\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """An open document in the root, and one with a mark in a folder of its own."""
    folder = tmp_path / "corpus"
    (folder / "mat").mkdir(parents=True)
    (folder / "thong-bao.txt").write_text(OPEN, encoding="utf-8")
    (folder / "mat" / "bao-cao.txt").write_text(report("TỐI MẬT"), encoding="utf-8")
    return folder


def run(corpus: Path, index: Path, update: SettingsUpdate = AS_IT_IS) -> BuildSummary:
    """`trichdan index`, with the tiny encoder."""
    return run_index(
        [corpus], open_place(index), ModelRequest(), rebuild=False, update=update, load=lambda _: BagEncoder()
    )


def indexed(index: Path) -> list[str]:
    """The documents of the live generation."""
    return sorted(document.doc_id for document in Retriever(index, BagEncoder()).documents())


def build_as_an_older_program(corpus: Path, index: Path) -> None:
    """Index documents whose marks the reader of the time did not know."""
    entries = list(walk([corpus], secret_collections=frozenset({"mat", ""})))
    build(entries, index, BagEncoder(), root=corpus, model=None, progress=SilentProgress())


def test_a_marked_document_is_refused_and_its_mark_named(corpus: Path, tmp_path: Path) -> None:
    """In the summary and in its JSON, which the bot reads."""
    summary = run(corpus, tmp_path / "index")

    assert indexed(tmp_path / "index") == ["thong-bao.txt"]
    (refused,) = summary_json(summary, open_place(tmp_path / "index"))["refused"]
    assert (refused["source"], refused["secrecy"]) == ("mat/bao-cao.txt", "TỐI MẬT")
    assert "bears the mark TỐI MẬT: take it out of the documents, or open its folder" in refused["reason"]


def test_an_opened_collection_takes_it_and_is_remembered(corpus: Path, tmp_path: Path) -> None:
    """Until it is closed, which takes the document out again."""
    run(corpus, tmp_path / "index", SettingsUpdate(secret=["mat"]))
    run(corpus, tmp_path / "index")
    while_open = indexed(tmp_path / "index")

    run(corpus, tmp_path / "index", SettingsUpdate(no_secret=True))

    assert while_open == ["mat/bao-cao.txt", "thong-bao.txt"]
    assert indexed(tmp_path / "index") == ["thong-bao.txt"]


def test_another_collection_stays_closed(corpus: Path, tmp_path: Path) -> None:
    """What is opened is one folder."""
    (corpus / "bao-cao.txt").write_text(report("MẬT"), encoding="utf-8")

    run(corpus, tmp_path / "index", SettingsUpdate(secret=["mat"]))

    assert indexed(tmp_path / "index") == ["mat/bao-cao.txt", "thong-bao.txt"]


@pytest.mark.parametrize("name", ["chung", " ", "mat/trong", ".mat"])
def test_what_everybody_may_see_cannot_be_opened(corpus: Path, tmp_path: Path, name: str) -> None:
    """Nor what is no first-level folder."""
    with pytest.raises(UnknownCollection, match="lie in a first-level folder of their own"):
        run(corpus, tmp_path / "index", SettingsUpdate(secret=[name]))


def test_a_marked_document_in_an_archive_is_refused_alone(corpus: Path, tmp_path: Path) -> None:
    """The others of the archive are read."""
    (corpus / "cu.zip").write_bytes(zip_of({"a.txt": OPEN.encode() + b"\n2031\n", "b.txt": report("MẬT").encode()}))

    run(corpus, tmp_path / "index")

    assert indexed(tmp_path / "index") == ["cu.zip/a.txt", "thong-bao.txt"]


def test_an_index_of_before_loses_it_at_the_next_build(corpus: Path, tmp_path: Path) -> None:
    """Though the file has not changed; no rollback brings it back, and it is not retained."""
    build_as_an_older_program(corpus, tmp_path / "index")
    before = indexed(tmp_path / "index")

    summary = run(corpus, tmp_path / "index")

    assert before == ["mat/bao-cao.txt", "thong-bao.txt"]
    assert (indexed(tmp_path / "index"), summary.retained) == (["thong-bao.txt"], ())
    assert len(generations(tmp_path / "index")) == len(list((tmp_path / "index" / "generations").iterdir())) == 1


def test_a_broken_file_does_not_retain_a_marked_document(corpus: Path, tmp_path: Path) -> None:
    """An older program had indexed it."""
    build_as_an_older_program(corpus, tmp_path / "index")
    (corpus / "mat" / "bao-cao.txt").write_bytes(b"\x00half a file")

    summary = run(corpus, tmp_path / "index")

    assert (indexed(tmp_path / "index"), summary.retained) == (["thong-bao.txt"], ())


def test_a_document_that_gets_a_mark_is_not_quoted_as_it_was(corpus: Path, tmp_path: Path) -> None:
    """The version without the mark says the same."""
    (corpus / "mat" / "bao-cao.txt").write_text(report(), encoding="utf-8")
    run(corpus, tmp_path / "index")
    (corpus / "mat" / "bao-cao.txt").write_text(report("MẬT"), encoding="utf-8")

    run(corpus, tmp_path / "index")

    assert indexed(tmp_path / "index") == ["thong-bao.txt"]
    assert len(generations(tmp_path / "index")) == 1


def test_the_report_names_the_mark(corpus: Path, tmp_path: Path) -> None:
    """In Vietnamese, and as JSON."""
    verdicts = run_report([corpus], open_place(tmp_path / "index"))
    console = Console(file=StringIO(), width=200)
    show_report(console, verdicts)

    assert "tài liệu mang dấu chỉ độ mật TỐI MẬT; hãy chuyển ra khỏi kho tài liệu" in console.file.getvalue()
    (marked,) = [file for file in report_json(verdicts)["files"] if file["source"] == "mat/bao-cao.txt"]
    assert (marked["level"], marked["secrecy"]) == ("unusable", "TỐI MẬT")


def test_the_report_knows_what_is_open(corpus: Path, tmp_path: Path) -> None:
    """As the build does."""
    run(corpus, tmp_path / "index", SettingsUpdate(secret=["mat"]))

    verdicts = {verdict.source: verdict for verdict in run_report([corpus], open_place(tmp_path / "index"))}

    assert "refused" not in verdicts["mat/bao-cao.txt"].problems


def test_doctor_names_marked_documents_of_an_index_of_before(corpus: Path, tmp_path: Path) -> None:
    """And is content where their collection is open."""
    build_as_an_older_program(corpus, tmp_path / "index")

    with pytest.raises(RetrievalError, match=r"holds mat/bao-cao.txt \(TỐI MẬT\): run `trichdan index`"):
        _secrecy(open_place(tmp_path / "index"))

    write_settings(tmp_path / "index", Settings(secret=("mat",)))
    assert _secrecy(open_place(tmp_path / "index")) == "1 documents with a mark of secrecy, in mat, which may hold them"


def test_settings_without_an_open_collection_are_those_of_before(tmp_path: Path) -> None:
    """An older program reads them."""
    write_settings(tmp_path, Settings(keep=2))

    assert json.loads((tmp_path / "settings.json").read_text(encoding="utf-8")) == {"keep": 2, "smoke": None}
    assert secret_collections(tmp_path) == frozenset()


@pytest.mark.parametrize("stored", ['{"secret": [""]}', '{"secret": [7]}', '{"secret": 7}', "[]"])
def test_settings_that_open_what_cannot_be_opened_are_refused(tmp_path: Path, stored: str) -> None:
    """The file may have been edited by hand."""
    (tmp_path / "settings.json").write_text(stored, encoding="utf-8")

    with pytest.raises(DamagedIndex, match="settings are"):
        read_settings(tmp_path)


def test_who_reads_a_corpus_without_settings_gets_no_marked_document(corpus: Path) -> None:
    """Every other reader of a folder, such as the measuring of models."""
    entries = list(walk([corpus]))

    assert [entry.source for entry in entries if isinstance(entry, Document)] == ["thong-bao.txt"]
    assert [entry.kind for entry in entries if isinstance(entry, Refusal)] == ["SecretError"]
