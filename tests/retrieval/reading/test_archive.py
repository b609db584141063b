"""Archives: each member is a document; zip bombs are refused without unpacking them."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.reading.corpus import Refusal, walk
from retrieval.reading.document import Document
from tests.support.document_makers import docx_of, zip_of

TEXT = "Thông báo về phòng họp\n\nPhòng họp mở cửa lúc bảy giờ sáng.\n".encode()


def entries(folder: Path, data: bytes) -> list[Document | Refusal]:
    (folder / "a.zip").write_bytes(data)
    return list(walk([folder]))


def reason_of(folder: Path, data: bytes) -> str:
    (entry,) = entries(folder, data)
    assert isinstance(entry, Refusal)
    return f"{entry.source}: {entry.reason}"


def test_members_are_documents(tmp_path: Path) -> None:
    """Named by archive and path, each with the archive's hash; hidden files are passed over."""
    data = zip_of({"b.txt": TEXT, "phong/a.docx": docx_of(["Phòng họp mở cửa."]), "__MACOSX/b.txt": b"\0", ".x": b""})

    found = entries(tmp_path, data)

    assert [entry.source for entry in found] == ["a.zip/b.txt", "a.zip/phong/a.docx"]
    assert {(entry.sha256, entry.archive) for entry in found} == {(hashlib.sha256(data).hexdigest(), "a.zip")}


def test_a_sidecar_in_the_archive_counts(tmp_path: Path) -> None:
    """Beside its document, as outside."""
    data = zip_of({"x/b.txt": TEXT, "x/b.txt.meta.toml": b"published = 2024-03-01"})

    (document,) = entries(tmp_path, data)

    assert document.published == date(2024, 3, 1)


def test_a_bad_member_does_not_stop_the_others(tmp_path: Path) -> None:
    """Unknown kinds, broken files and archives inside the archive are refused by name."""
    data = zip_of({"a.exe": b"MZ", "b.txt": TEXT, "c.docx": b"PK", "d.zip": zip_of({"b.txt": TEXT}), "e.txt": b"\0"})

    found = entries(tmp_path, data)

    assert [entry.source for entry in found if isinstance(entry, Document)] == ["a.zip/b.txt"]
    assert [entry.source for entry in found if isinstance(entry, Refusal)] == [
        f"a.zip/{name}" for name in ("a.exe", "c.docx", "d.zip", "e.txt")
    ]


@pytest.mark.parametrize("name", ["../b.txt", "/etc/b.txt", "x/../../b.txt", "..\\b.txt", "C:\\b.txt"])
def test_paths_that_lead_outside_are_refused(tmp_path: Path, name: str) -> None:
    """The whole archive is refused, since it was made to harm."""
    assert "lie inside it" in reason_of(tmp_path, zip_of({"good.txt": TEXT, name: TEXT}))


@pytest.mark.parametrize("name", ["Icon\r", "T\u00e0i\u00a0li\u1ec7u.txt", "a\nb.txt"])
def test_an_unprintable_name_is_refused_alone(tmp_path: Path, name: str) -> None:
    """The documents beside it are read; the refusal writes the odd character out."""
    found = entries(tmp_path, zip_of({"good.txt": TEXT, name: TEXT}))

    assert [entry.source for entry in found if isinstance(entry, Document)] == ["a.zip/good.txt"]
    (refusal,) = (entry for entry in found if isinstance(entry, Refusal))
    assert refusal.source.isprintable()
    assert "only printable characters" in refusal.reason


def test_a_hidden_member_may_be_named_in_any_way(tmp_path: Path) -> None:
    """What is passed over is not looked at."""
    (entry,) = entries(tmp_path, zip_of({"good.txt": TEXT, "__MACOSX/._Icon\r": b"", ".\u00a0": b""}))

    assert entry.source == "a.zip/good.txt"


def test_here_is_not_hidden(tmp_path: Path) -> None:
    """A path may begin with the folder that it starts from."""
    (entry,) = entries(tmp_path, zip_of({"./b.txt": TEXT}))

    assert entry.source == "a.zip/b.txt"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("damage", [b"", b"\xff\xff\xff\xff"])
def test_other_methods_of_packing_are_refused(tmp_path: Path, method: int, damage: bytes) -> None:
    """Refused by name and unopened, damaged or whole: other methods fail in their own ways and take gigabytes."""
    data = bytearray(zip_of({"b.txt": TEXT}, method))
    place = 30 + len("b.txt") + 5  # where LZMA states the size of its dictionary
    data[place : place + len(damage)] = damage

    assert "a.zip/b.txt is packed by method" in reason_of(tmp_path, bytes(data))


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    """An archive that unpacks to far more than its size is refused."""
    assert "times its packed size" in reason_of(tmp_path, zip_of({"b.txt": b"a" * 5_000_000}))


def test_a_lie_about_the_size_is_found_out(tmp_path: Path) -> None:
    """A directory that says ten bytes of a member that unpacks to five million yields no document of that size."""
    data = bytearray(zip_of({"b.txt": b"a" * 5_000_000}))
    place = data.rindex(b"PK\x01\x02") + 24
    data[place : place + 4] = (10).to_bytes(4, "little")

    (entry,) = entries(tmp_path, bytes(data))

    assert isinstance(entry, Refusal) or len(entry.text) <= 10


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    """Counted in the directory, before anything is read."""
    assert "at most 5,000 files" in reason_of(tmp_path, zip_of({f"{number}.txt": b"" for number in range(5001)}))


def test_a_locked_member_is_named(tmp_path: Path) -> None:
    """Its flag says that it is encrypted."""
    data = bytearray(zip_of({"b.txt": TEXT}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1

    assert "a.zip/b.txt" in (reason := reason_of(tmp_path, bytes(data)))
    assert "password" in reason


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    method=st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]),
    cut=st.integers(0, 400),
    changes=st.lists(st.tuples(st.integers(0, 399), st.integers(0, 255)), max_size=8),
)
def test_a_damaged_archive_is_read_or_refused(
    tmp_path: Path, method: int, cut: int, changes: list[tuple[int, int]]
) -> None:
    """Whatever happened to its bytes, nothing but documents and refusals comes out."""
    data = bytearray(zip_of({"b.txt": TEXT, "c.txt": TEXT}, method)[:cut])
    for place, byte in changes:
        data[place : place + 1] = bytes([byte])

    assert all(isinstance(entry, Document | Refusal) for entry in entries(tmp_path, bytes(data)))


def test_members_of_one_name(tmp_path: Path) -> None:
    """The first is read; an id names one document."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("b.txt", TEXT)
        archive.writestr("c.txt", "Thông báo khác".encode())
    data = buffer.getvalue().replace(b"c.txt", b"b.txt")

    (document,) = entries(tmp_path, data)

    assert document.text.startswith("Thông báo về")
