"""Reading a file into a Document, and every reason to refuse it."""

from __future__ import annotations

import hashlib
import time
import unicodedata
from datetime import date
from typing import TYPE_CHECKING

import pytest

from retrieval.errors import (
    DocumentError,
    EmptyError,
    EncodingError,
    ExhaustedError,
    SidecarError,
    SizeError,
    SuffixError,
    UnreadableError,
)
from retrieval.reading import reader
from retrieval.reading.corpus import Refusal, walk
from retrieval.reading.document import Document
from retrieval.reading.reader import read_document, read_plain_text
from retrieval.reading.sandbox.process import Sandbox

if TYPE_CHECKING:
    from pathlib import Path

BODY = "Hội nghị đánh giá kết quả công tác đối ngoại quốc phòng và thống nhất nhiệm vụ.\n"


def test_text_is_the_file_in_nfc(tmp_path: Path) -> None:
    """A byte order mark, Windows newlines and NFD are undone; nothing else is changed."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbf" + unicodedata.normalize("NFD", "Kế hoạch\u00a0năm\r\n\r\nMột.\rHai. ").encode())

    document = read_document(path, tmp_path)

    assert document.text == "Kế hoạch\u00a0năm\n\nMột.\nHai. "


def test_a_text_too_long_to_analyse_is_refused_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read is measured once more, whatever the format: its file may have been small."""
    monkeypatch.setattr(reader, "MAX_CHARACTERS", 1000)
    (tmp_path / "a.txt").write_text(BODY * 20)
    (tmp_path / "b.txt").write_text(BODY)

    first, second = walk([tmp_path])

    assert isinstance(first, Refusal)
    assert first.kind == "SizeError"
    assert first.reason.startswith("a document has at most 1,000 characters of text, a.txt has ")
    assert isinstance(second, Document)


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize("lines", [1, 3000])
def test_a_text_is_read_within_the_time_limit_or_refused(tmp_path: Path, name: str, lines: int) -> None:
    """Long or short, as files of every other format are: in a process that can be ended."""
    path = tmp_path / name
    path.write_text(BODY * lines)

    with (
        Sandbox(seconds=0.01) as sandbox,
        pytest.raises(ExhaustedError, match=rf"within 0\.01 seconds, {name} was not"),
    ):
        read_document(path, tmp_path, sandbox=sandbox)


def test_a_long_text_is_read_as_a_short_one_is(tmp_path: Path) -> None:
    """In whichever process."""
    (tmp_path / "a.txt").write_text(BODY * 3000)

    document = read_document(tmp_path / "a.txt", tmp_path)

    assert document.text == BODY * 3000


def test_thousands_of_lines_that_may_end_an_article_are_read_at_once() -> None:
    """Each looks back at what stands above it; ten seconds are fifty times what that takes."""
    begun = time.process_time()

    read_plain_text(("Tin liên quan\n" * 20_000).encode(), "a.txt")

    assert time.process_time() - begun < 10


def test_hash_is_of_the_bytes(tmp_path: Path) -> None:
    """The hash is that of the file, not of the normalised text."""
    path = tmp_path / "a.txt"
    path.write_bytes(BODY.replace("\n", "\r\n").encode())

    document = read_document(path, tmp_path)

    assert document.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_id_is_the_path_below_the_root(tmp_path: Path) -> None:
    """A document is known by its path below the corpus root."""
    path = tmp_path / "2024" / "a.TXT"
    path.parent.mkdir()
    path.write_text(BODY)

    document = read_document(path, tmp_path)

    assert (document.doc_id, document.source) == ("2024/a.TXT", "2024/a.TXT")


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("a.exe", b"MZ", SuffixError),
        ("a", b"text", SuffixError),
        ("a.txt", b"", EmptyError),
        ("a.txt", "\ufeff \u00a0\r\n".encode(), EmptyError),
        ("a.txt", b"Scroll\n(0)\n", EmptyError),
        ("a.txt", b"PK\0\1", EncodingError),
        ("a.txt", "Quốc phòng".encode("utf-32")[:-1], EncodingError),
        ("a.txt", "Quốc phòng".encode("utf-16")[:-1], EncodingError),
        ("a.txt", b"Qu\xe8c phng", EncodingError),
    ],
)
def test_refusals(tmp_path: Path, name: str, data: bytes, error: type[DocumentError]) -> None:
    """What is no text of a known kind and encoding is refused, in a message that names the file."""
    path = tmp_path / name
    path.write_bytes(data)

    with pytest.raises(error) as raised:
        read_document(path, tmp_path)

    assert path.name in str(raised.value)


def test_folder_and_missing_file_are_unreadable(tmp_path: Path) -> None:
    """A folder whose name ends in .txt is no document, nor is a file that is gone."""
    (tmp_path / "folder.txt").mkdir()

    for name in ("folder.txt", "gone.txt"):
        with pytest.raises(UnreadableError):
            read_document(tmp_path / name, tmp_path)


def test_file_above_the_limit(tmp_path: Path) -> None:
    """A file of one byte more than the limit is refused before it is read."""
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(reader.MAX_BYTES + 1)

    with pytest.raises(SizeError):
        read_document(path, tmp_path)


def test_file_outside_the_root(tmp_path: Path) -> None:
    """Without a path below the root a document has no name."""
    path = tmp_path / "a.txt"
    path.write_text(BODY)

    with pytest.raises(UnreadableError):
        read_document(path, tmp_path / "elsewhere")


@pytest.mark.parametrize("name", ["a.txt.meta.toml", "a.meta.toml"])
@pytest.mark.parametrize("published", ["2023-03-09", '"2023-03-09"', '"09/03/2023"', "2023-03-09T09:48:00"])
def test_sidecar_overrides(tmp_path: Path, name: str, published: str) -> None:
    """The sidecar's values replace what was read."""
    (tmp_path / "a.txt").write_text(BODY)
    (tmp_path / name).write_text(f'title = "T"\npublisher = "P"\nauthor = "A"\npublished = {published}\n')

    document = read_document(tmp_path / "a.txt", tmp_path)

    found = (document.title, document.publisher, document.author, document.published)
    assert ("T", "P", "A", date(2023, 3, 9)) == found


def test_sidecar_keeps_what_it_does_not_name(tmp_path: Path) -> None:
    """Keys that the sidecar leaves out keep their values."""
    (tmp_path / "a.txt").write_text(BODY)
    (tmp_path / "a.txt.meta.toml").write_text('author = "A"\n')

    document = read_document(tmp_path / "a.txt", tmp_path)

    assert (document.title, document.author) == (BODY.strip(), "A")


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ('tile = "T"', "tile"),
        ("title = 3", "title"),
        ('title = " "', "title"),
        ('published = "31/02/2023"', "published"),
        ("published = 2023", "published"),
        ("title = ", "TOML"),
    ],
)
def test_sidecar_errors(tmp_path: Path, content: str, named: str) -> None:
    """A sidecar that cannot be used is an error with the file and the key."""
    (tmp_path / "a.txt").write_text(BODY)
    (tmp_path / "a.txt.meta.toml").write_text(content)

    with pytest.raises(SidecarError) as raised:
        read_document(tmp_path / "a.txt", tmp_path)

    assert all(part in str(raised.value) for part in ("a.txt.meta.toml", named))


def test_no_title_or_publisher_has_control_characters(tmp_path: Path) -> None:
    """Found by fuzzing: a text file may open with any character, and a sidecar may hold any."""
    path = tmp_path / "a.txt"
    path.write_text(
        "Quy chế\u001b]0;x\u0007 chi\u00a0tiêu\u202e nội bộ\n\nMức chi là 2 triệu đồng.\n", encoding="utf-8"
    )
    (tmp_path / "a.txt.meta.toml").write_text(
        'publisher = "Văn phòng\\u202e"\nauthor = "Kế\\u0007 toán"\n', encoding="utf-8"
    )

    document = read_document(path, tmp_path)

    assert (document.title, document.publisher, document.author) == (
        "Quy chế]0;x chi tiêu nội bộ",
        "Văn phòng",
        "Kế toán",
    )
