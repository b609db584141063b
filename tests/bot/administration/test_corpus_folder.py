"""The corpus folder: safe file names, and files that are written whole or not at all."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.administration.corpus_changes import CorpusChanges
from bot.administration.corpus_folder import CorpusFolder, safe_name
from bot.errors import CorpusFolderError
from bot.storage.chat_documents import UPLOADS
from bot.storage.day_files import DayFiles
from bot.storage.opening import open_state

HOSTILE = st.text(st.sampled_from("a.ế/\\ \n\0\u202e\u200b:~$-") | st.characters(), max_size=300)


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("quy-che.txt", "quy-che.txt"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Tài liệu\\Quy chế.txt", "Quy chế.txt"),
        ("...hidden.md", "hidden.md"),
        ("~$x.txt", "x.txt"),
        (".~$ ~$quy che.txt", "quy che.txt"),
        ("a\nb\x00c\u202etxt.md", "a bctxt.md"),
        ("Quy  chế .txt", "Quy chế.txt"),
        (".txt", "txt"),
        ("..", "tai-lieu"),
        ("", "tai-lieu"),
        (unicodedata.normalize("NFD", "Quyết định.TXT"), "Quyết định.TXT"),
    ],
)
def test_a_name_is_only_a_name(given_name, name):
    """No folders, no control characters, not hidden, NFC; the suffix stays."""
    assert safe_name(given_name) == name


@given(HOSTILE)
@example("ế" * 300 + ".txt")
@example("a." + "x" * 300)
@example("\ud800.txt")
def test_any_name_is_one_file_in_its_folder(text):
    """Any name becomes one path component, not hidden, short enough, in NFC, and idempotently so."""
    name = safe_name(text)

    assert Path("/corpus", name).parent == Path("/corpus")
    assert name not in {"", ".", ".."}
    assert not name.startswith((".", "~$"))
    assert len(name.encode()) <= 180
    assert unicodedata.is_normalized("NFC", name)
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in name)
    assert safe_name(name) == name


def test_no_link_leads_a_file_elsewhere(tmp_path):
    """Whatever stands in the uploads folder under a name that a temporary file may have."""
    (tmp_path / "sent").write_bytes(b"moi")
    (tmp_path / "state").write_bytes(b"state")
    uploads = tmp_path / "corpus" / "tai-len"
    uploads.mkdir(parents=True)
    (uploads / ".a.txt.tmp").symlink_to(tmp_path / "state")
    (uploads / "a.txt").symlink_to(tmp_path / "state")

    CorpusFolder(tmp_path / "index", tmp_path / "corpus", Path("tai-len")).put(tmp_path / "sent", "a.txt")

    assert (tmp_path / "state").read_bytes() == b"state"
    assert (uploads / "a.txt").read_bytes() == b"moi"
    assert not (uploads / "a.txt").is_symlink()


@pytest.fixture
def swapped(tmp_path, monkeypatch):
    """A corpus whose folder for uploads becomes a link to another folder once its path is known."""
    uploads, elsewhere = tmp_path / "corpus" / "tai-len", tmp_path / "elsewhere"
    for folder in (uploads, elsewhere):
        folder.mkdir(parents=True)
        (folder / "a.txt").write_bytes(folder.name.encode())
    path_for = CorpusFolder.path_for

    def swap(self, name, folder=None):
        place = path_for(self, name, folder)
        uploads.rename(tmp_path / "moved")
        uploads.symlink_to(elsewhere)
        return place

    monkeypatch.setattr(CorpusFolder, "path_for", swap)
    return CorpusFolder(tmp_path / "index", tmp_path / "corpus", Path("tai-len"))


@pytest.mark.parametrize(
    "change",
    [
        lambda folder, sent: folder.put(sent, "b.txt"),
        lambda folder, sent: folder.copy("a.txt", "tai-len", sent.with_name("copied")),
        lambda folder, sent: folder.delete("a.txt", "tai-len"),
        lambda folder, sent: folder.rename("a.txt", "b.txt", "tai-len"),
    ],
    ids=["put", "copy", "delete", "rename"],
)
def test_a_link_that_takes_the_folders_place_is_not_followed(swapped, tmp_path, change):
    """Nothing is written, read or deleted where it leads."""
    (tmp_path / "sent").write_bytes(b"moi")

    with pytest.raises(OSError, match="Not a directory"):
        change(swapped, tmp_path / "sent")

    assert [(path.name, path.read_bytes()) for path in (tmp_path / "elsewhere").iterdir()] == [("a.txt", b"elsewhere")]
    assert not (tmp_path / "copied").exists()


async def test_what_is_kept_of_a_removed_document_is_no_file_that_a_link_leads_to(tmp_path):
    """It would come back as a document that everybody reads."""
    (tmp_path / "state").write_bytes(b"state")
    (tmp_path / "corpus" / "tai-len").mkdir(parents=True)
    (tmp_path / "corpus" / "tai-len" / "a.txt").symlink_to(tmp_path / "state")
    folder = CorpusFolder(tmp_path / "index", tmp_path / "corpus", Path("tai-len"))
    state = open_state(tmp_path / "trichdan.sqlite")
    changes = CorpusChanges(folder, DayFiles(tmp_path / "trash"), state)
    changes.documents.add(UPLOADS, "a.txt", 1)
    (document,) = changes.documents.listed()

    with pytest.raises(OSError, match="symbolic link"):
        await changes.remove(document, by=1)
    state.close()

    assert [file.read_bytes() for file in (tmp_path / "trash").rglob("*") if file.is_file()] == []


def test_a_file_is_put_whole(tmp_path):
    """The uploads folder is created and holds nothing else."""
    (tmp_path / "sent").write_bytes(b"moi")
    corpus_folder = CorpusFolder(tmp_path / "index", tmp_path, Path("tai-len"))

    corpus_folder.put(tmp_path / "sent", "a.txt")
    corpus_folder.put(tmp_path / "sent", "a.txt")

    assert [(path.name, path.read_bytes()) for path in (tmp_path / "tai-len").iterdir()] == [("a.txt", b"moi")]


def test_a_failed_copy_leaves_the_old_file(tmp_path):
    """And no temporary one."""
    corpus_folder = CorpusFolder(tmp_path / "index", tmp_path, Path("tai-len"))
    (tmp_path / "tai-len").mkdir()
    (tmp_path / "tai-len" / "a.txt").write_bytes(b"cu")

    with pytest.raises(OSError, match="missing"):
        corpus_folder.put(tmp_path / "missing", "a.txt")

    assert [(path.name, path.read_bytes()) for path in (tmp_path / "tai-len").iterdir()] == [("a.txt", b"cu")]


@pytest.mark.parametrize("uploads", ["..", "/tmp", "../other", ".hidden", "a/.b"])  # noqa: S108 - refused
def test_only_below_the_corpus_and_not_hidden(tmp_path, uploads):
    """Otherwise it would not be indexed, or would overwrite something else."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()

    with pytest.raises(CorpusFolderError, match="below the corpus"):
        CorpusFolder(tmp_path / "index", corpus, Path(uploads)).path_for("a.txt")


def test_a_link_does_not_lead_out(tmp_path):
    """A folder that is a link to elsewhere is elsewhere."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "tai-len").symlink_to(tmp_path)

    with pytest.raises(CorpusFolderError, match="below the corpus"):
        CorpusFolder(tmp_path / "index", corpus, Path("tai-len")).path_for("a.txt")


def test_the_corpus_is_that_of_the_index(shared_home, tmp_path):
    """Unless a setting names another; a missing folder is reported."""
    of_index = CorpusFolder(shared_home.index, None, Path("tai-len")).folder()
    of_setting = CorpusFolder(shared_home.index, tmp_path, Path("tai-len")).folder()

    assert (of_index, of_setting) == (shared_home.corpus.resolve(), tmp_path.resolve())
    with pytest.raises(CorpusFolderError, match="TRICHDAN_CORPUS"):
        CorpusFolder(shared_home.index, tmp_path / "none", Path("tai-len")).folder()
