"""Identity: a document keeps its id under another name where its bytes prove it, and never across collections."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import UnknownPassage
from retrieval.index.build.document_ids import SourceFile, assign_ids
from retrieval.index.records.document_record import DocumentRecord
from retrieval.reading.collection import collection_of
from retrieval.retriever import Retriever
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder

pytestmark = pytest.mark.slow

LEAVE = "Quy định nghỉ phép\n\nMỗi năm được nghỉ phép mười hai ngày."
TRAVEL = "Quy định công tác\n\nCông tác phí là hai trăm nghìn đồng một ngày."


class Shop:
    """A corpus that changes, and its index."""

    def __init__(self, corpus: Path, index: Path) -> None:
        self.corpus = corpus
        self.index = index
        self.encoder = BagEncoder()

    def write(self, **files: str) -> None:
        """Files by their names, where "__" is "/" and every one is a .txt."""
        for name, text in files.items():
            path = self.corpus / f"{name.replace('__', '/')}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def move(self, old: str, new: str) -> None:
        """Another name for a file, perhaps in another folder."""
        (self.corpus / new).parent.mkdir(parents=True, exist_ok=True)
        (self.corpus / old).rename(self.corpus / new)

    def ids(self) -> dict[str, str]:
        """Builds; then source -> id."""
        self.summary = build_index(self.corpus, self.index, self.encoder)
        return {record.source: record.doc_id for record in self.retriever.documents()}

    @property
    def retriever(self) -> Retriever:
        """What answers from the index as it is now."""
        return Retriever(self.index, self.encoder)


@pytest.fixture
def shop(folder: Path, tmp_path: Path) -> Shop:
    """An empty one."""
    return Shop(folder, tmp_path / "index")


def test_a_renamed_file_keeps_its_id(shop: Shop) -> None:
    """What old messages hold still leads to the paragraph, which is cited by its new name; it costs no embedding."""
    shop.write(hr__a=LEAVE, hr__b=TRAVEL)
    shop.ids()
    paid = shop.encoder.encoded
    shop.move("hr/a.txt", "hr/2024/nghi-phep.txt")

    ids = shop.ids()

    quote = shop.retriever.passage("hr/a.txt#1")
    assert ids == {"hr/2024/nghi-phep.txt": "hr/a.txt", "hr/b.txt": "hr/b.txt"}
    assert (quote.citation.source, quote.text) == ("hr/2024/nghi-phep.txt", "Mỗi năm được nghỉ phép mười hai ngày.")
    assert (shop.summary.renamed, shop.summary.new, shop.summary.removed) == (("hr/2024/nghi-phep.txt",), (), ())
    assert shop.encoder.encoded == paid


def test_a_new_file_at_the_old_path_is_another_document(shop: Shop) -> None:
    """It gets an id of its own and keeps that; the renamed one stays who it is, also when the new one is changed."""
    shop.write(a=LEAVE, b=TRAVEL)
    shop.ids()
    shop.move("a.txt", "c.txt")
    shop.ids()
    shop.write(a="Thông báo\n\nNghỉ lễ từ ngày 30/4.")
    first = shop.ids()
    shop.write(a="Thông báo\n\nNghỉ lễ từ ngày 29/4.")

    second = shop.ids()

    assert first == second == {"a.txt": "a.txt~2", "b.txt": "b.txt", "c.txt": "a.txt"}
    assert shop.summary.changed == ("a.txt",)
    assert shop.retriever.passage("a.txt~2#1").text == "Nghỉ lễ từ ngày 29/4."


def test_another_collection_is_another_document(shop: Shop) -> None:
    """Who may see a document is told from its id: moved to another folder of the first level it gets a new one."""
    shop.write(mat__luong=LEAVE, chung2__b=TRAVEL)
    shop.ids()
    shop.move("mat/luong.txt", "chung2/luong.txt")
    shop.move("chung2/b.txt", "mat/b.txt")

    ids = shop.ids()

    retriever, open_ = shop.retriever, frozenset({"chung2"})
    assert ids == {"chung2/luong.txt": "chung2/luong.txt", "mat/b.txt": "mat/b.txt"}
    assert retriever.passage("chung2/luong.txt#1", within=open_).citation.source == "chung2/luong.txt"
    assert {hit.quote.citation.source for hit in retriever.ask("công tác phí", within=open_).hits} <= {
        "chung2/luong.txt"
    }
    for gone in ("mat/luong.txt#1", "chung2/b.txt#1", "mat/b.txt#1"):
        with pytest.raises(UnknownPassage):
            retriever.passage(gone, within=open_)


def test_twins_are_not_told_apart(shop: Shop) -> None:
    """Of two files with the same bytes that both get new names nobody knows which is which: both are new."""
    shop.write(a=LEAVE, b=LEAVE, z=TRAVEL)
    shop.ids()
    shop.move("a.txt", "c.txt")
    shop.move("b.txt", "d.txt")

    assert shop.ids() == {"c.txt": "c.txt", "d.txt": "d.txt", "z.txt": "z.txt"}


def test_a_twin_that_stays_leaves_no_doubt(shop: Shop) -> None:
    """One of two equal files is renamed, the other still there: only one can have moved."""
    shop.write(a=LEAVE, b=LEAVE)
    shop.ids()
    shop.move("a.txt", "c.txt")

    assert shop.ids() == {"b.txt": "b.txt", "c.txt": "a.txt"}


def test_a_path_keeps_its_document(shop: Shop) -> None:
    """Two files that exchange their names have changed, and so has one that takes over a name; no id wanders."""
    shop.write(a=LEAVE, b=TRAVEL)
    shop.ids()
    shop.move("a.txt", "x")
    shop.move("b.txt", "a.txt")
    shop.move("x", "b.txt")

    assert shop.ids() == {"a.txt": "a.txt", "b.txt": "b.txt"}
    assert shop.summary.changed == ("a.txt", "b.txt")


def test_a_renamed_archive_keeps_its_documents(shop: Shop) -> None:
    """All of them share the archive's bytes; the names inside tell them apart."""
    shop.write(z="Thông báo\n\nNghỉ lễ.")
    with zipfile.ZipFile(shop.corpus / "cu.zip", "w") as archive:
        archive.writestr("a.txt", LEAVE)
        archive.writestr("b.txt", TRAVEL)
    shop.ids()
    shop.move("cu.zip", "moi.zip")

    ids = shop.ids()

    assert ids == {"moi.zip/a.txt": "cu.zip/a.txt", "moi.zip/b.txt": "cu.zip/b.txt", "z.txt": "z.txt"}
    assert shop.retriever.passage("cu.zip/b.txt#1").citation.source == "moi.zip/b.txt"


@given(st.lists(st.dictionaries(st.sampled_from(["a", "b", "x/a", "x/b", "y/a"]), st.sampled_from("pqr")), max_size=5))
def test_ids_stay_single_and_in_their_collections(history: list[dict[str, str]]) -> None:
    """
    Whatever becomes of the files: no two documents share an id, each id is of its document's collection, and a path
    that is still there keeps its id.
    """
    before: dict[str, str] = {}
    records: list[DocumentRecord] = []
    for files in history:
        ids = assign_ids([SourceFile(path, content, "") for path, content in files.items()], records)

        assert len(set(ids.values())) == len(files)
        assert all(collection_of(doc_id) == collection_of(source) for source, doc_id in ids.items())
        assert all(ids[path] == before[path] for path in ids.keys() & before.keys())
        before = ids
        records = [DocumentRecord(ids[path], path, "", "", "", None, content) for path, content in files.items()]


def test_deleted_documents_are_gone(shop: Shop) -> None:
    """With the next generation: not found, not listed, not to be opened by their ids."""
    shop.write(a=LEAVE, b=TRAVEL)
    shop.ids()
    (shop.corpus / "a.txt").unlink()

    ids = shop.ids()

    retriever = shop.retriever
    assert ids == {"b.txt": "b.txt"}
    assert {hit.quote.doc_id for hit in retriever.ask("nghỉ phép mười hai ngày").hits} <= {"b.txt"}
    with pytest.raises(UnknownPassage):
        retriever.passage("a.txt#1")
