"""Hostile files and folders are refused or read within the time limit, and never stop the others."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from retrieval.errors import BrokenError, DocumentError, SizeError, UnreadableError
from retrieval.reading.assembly import zip_parts
from retrieval.reading.corpus import Refusal, walk
from retrieval.reading.document import Document
from retrieval.reading.docx.reader import read_word
from retrieval.reading.files import regular_file
from retrieval.reading.files.sidecar import read_sidecar
from retrieval.reading.reader import read_document
from retrieval.reading.sandbox.process import Sandbox
from tests.support.document_makers import docx_of, zip_of
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.slow

WORDS = "Phòng họp mở cửa lúc bảy giờ sáng và đóng cửa lúc năm giờ chiều mỗi ngày.\n"
NOBODY = 65534


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    with Sandbox(seconds=PATIENCE) as opened:
        yield opened


def outcome(sandbox: Sandbox, data: bytes, name: str) -> str:
    """The text that is read, or the name of the refusal; anything else is a failure, and so is taking long."""
    started = time.monotonic()
    try:
        found = sandbox.read(data, name).text
    except DocumentError as error:
        found = type(error).__name__
    assert time.monotonic() - started < PATIENCE
    return found


def entries(folder: Path) -> dict[str, type[Document | Refusal]]:
    return {entry.source: type(entry) for entry in walk([folder])}


# Files that are no files


@pytest.mark.parametrize("suffix", [".txt", ".pdf", ".zip"])
def test_a_pipe_does_not_hang(tmp_path: Path, suffix: str) -> None:
    """A pipe without a writer does not block; its neighbour is read."""
    os.mkfifo(tmp_path / f"a{suffix}")
    os.mkfifo(tmp_path / "b.txt.meta.toml")
    (tmp_path / "b.txt").write_text(WORDS)

    assert entries(tmp_path) == {f"a{suffix}": Refusal, "b.txt": Document}


def test_a_pipe_that_takes_a_files_place_does_not_hang(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file replaced by a pipe between the check and the opening does not block."""
    path = tmp_path / "a.txt"
    path.write_text(WORDS)
    before = path.stat()
    path.unlink()
    os.mkfifo(path)
    monkeypatch.setattr(Path, "stat", lambda *_, **__: before)

    with pytest.raises(UnreadableError, match="is a file"):
        regular_file.read_regular_file(path, "a.txt", 1000)


def test_a_device_is_no_document(tmp_path: Path) -> None:
    """A link inside the corpus to a device that never ends is not followed; named itself, it is refused."""
    (tmp_path / "a.txt").symlink_to("/dev/zero")
    (tmp_path / "b.txt").write_text(WORDS)

    assert entries(tmp_path) == {"b.txt": Document}
    with pytest.raises(UnreadableError, match="is a file"):
        regular_file.read_regular_file(Path("/dev/zero"), "zero", 1000)


def test_two_gigabytes_of_nothing(tmp_path: Path) -> None:
    """A sparse file is refused by its size, unread; so is one beside a document, which is then no document."""
    for name in ("a.txt", "b.txt.meta.toml"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(2 * 1024**3)
    (tmp_path / "b.txt").write_text(WORDS)
    (tmp_path / "c.txt").write_text(WORDS)

    assert entries(tmp_path) == {"a.txt": Refusal, "b.txt": Refusal, "c.txt": Document}


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    """A file changed while it is read is refused; read again later, it is a document."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"a" * 1000)
    written = path.stat()
    done = threading.Event()

    def write() -> None:
        length = 1000
        while not done.is_set():
            length = 1001 if length == 1000 else 1000
            os.truncate(path, length)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        reasons = set()
        deadline = time.monotonic() + PATIENCE
        while not reasons and time.monotonic() < deadline:
            try:
                regular_file.read_regular_file(path, "a.txt", 5000)
            except UnreadableError as error:
                reasons.add(str(error))
    finally:
        done.set()
        writer.join()

    assert len(reasons) == 1
    assert "was being written: index again" in reasons.pop()
    assert len(regular_file.read_regular_file(path, "a.txt", 5000)) >= written.st_size


def test_what_may_not_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    """Files and folders without permission, and a folder that may be listed and not entered, as any user but root."""
    if os.geteuid() == 0 and not all(place.stat().st_mode & 0o001 for place in Path(sys.executable).resolve().parents):
        pytest.skip("another user than root may not run this Python, and documents are read in a process of its own")
    for name in ("a.txt", "closed/b.txt", "listed/c.txt", "d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(WORDS)
    modes = {"a.txt": 0o000, "closed": 0o000, "listed": 0o444}
    for place in tmp_path.parents:
        # Pytest's own folders, closed to others; not /tmp itself, where everybody writes
        if os.geteuid() == 0 and Path("/tmp") in place.parents:  # noqa: S108
            place.chmod(0o755)
    tmp_path.chmod(0o755)
    was_root = os.geteuid() == 0
    for name, mode in modes.items():
        (tmp_path / name).chmod(mode)
    if was_root:
        os.seteuid(NOBODY)
    try:
        found = entries(tmp_path)
    finally:
        if was_root:
            os.seteuid(0)
        for name in modes:
            (tmp_path / name).chmod(0o755)

    assert found == {"a.txt": Refusal, "closed": Refusal, "listed": Refusal, "d.txt": Document}


# Links and names


def test_links_that_lead_outside_are_not_followed(tmp_path: Path) -> None:
    """Neither to files nor to folders, in one step or two, nor from a sidecar; loops end."""
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "b.txt").write_text(WORDS)
    (outside / "said.toml").write_text('title = "Bí mật"\n')
    (inside / "a.txt").write_text(WORDS)
    (inside / "a.txt.meta.toml").symlink_to(outside / "said.toml")
    (inside / "b.txt").symlink_to(outside / "b.txt")
    (inside / "folder").symlink_to(outside)
    (inside / "c.txt").symlink_to("folder/b.txt")
    (inside / "up").symlink_to("..")
    (inside / "loop.txt").symlink_to("loop.txt")
    (inside / "gone.txt").symlink_to("nowhere.txt")

    found = list(walk([inside]))

    assert [entry.source for entry in found] == ["a.txt"]
    assert found[0].title != "Bí mật"
    assert read_sidecar(inside / "a.txt").title is None


@pytest.mark.parametrize("name", ["a\nb.txt", "a\x1b[2Jb.txt", "\u202etxt.a.txt", "a\u200bb.txt", "a\x7f.txt"])
def test_names_that_forge_a_list_are_refused(tmp_path: Path, name: str) -> None:
    """Line breaks, control characters and bidi marks are escaped in the refusal."""
    (tmp_path / name).write_text(WORDS)
    (tmp_path / "z.txt").write_text(WORDS)

    refusal, document = walk([tmp_path])

    assert isinstance(refusal, Refusal)
    assert refusal.source.isprintable()
    assert refusal.reason.isprintable()
    assert document.source == "z.txt"


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Callable[[str, int], None]]:
    """Makes deeply nested folders with a file in the last, and removes them, which pytest could not."""

    def make(name: str, depth: int) -> None:
        here = os.open(tmp_path, os.O_RDONLY)
        for _ in range(depth):
            os.mkdir(name, dir_fd=here)
            inner = os.open(name, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = inner
        os.close(os.open("b.txt", os.O_CREAT | os.O_WRONLY, dir_fd=here))
        os.close(here)

    yield make
    subprocess.run(["rm", "-rf", str(tmp_path)], check=True)  # noqa: S607 - the system's


@pytest.mark.parametrize(("name", "depth"), [("d", 1100), ("d" * 250, 20)])
def test_folders_as_deep_as_the_system_lets_them_be(
    tmp_path: Path, deep: Callable[[str, int], None], name: str, depth: int
) -> None:
    """Deeper than calls may be nested, or of a path too long to be opened: one refusal, and the others are read."""
    (tmp_path / "a.txt").write_text(WORDS)
    deep(name, depth)

    found = entries(tmp_path)

    assert found.pop("a.txt") is Document
    assert list(found.values()) == [Refusal]


# What is inside


def docx_with(part: str, data: bytes) -> bytes:
    """A document of Word with one part in place of its own."""
    whole = zip_members(docx_of([WORDS.strip()]))
    return zip_of(whole | {part: data})


def zip_members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"


def body(words: str, before: str = "") -> bytes:
    names = f'xmlns:w="{W}" xmlns:m="{M}"'
    return f'<?xml version="1.0"?>{before}<w:document {names}><w:body>{words}</w:body></w:document>'.encode()


def nested(*names: str) -> str:
    """Elements in one another, as deep as the parser takes them."""
    opened = [name for _ in range(240 // len(names)) for name in names]
    return "".join(f"<{name}>" for name in opened) + "".join(f"</{name}>" for name in reversed(opened))


def test_entities_of_a_docx_are_not_expanded(sandbox: Sandbox, tmp_path: Path) -> None:
    """Neither a billion laughs nor a file of this machine comes out."""
    secret = tmp_path / "secret"
    secret.write_text("BIMAT")
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    bomb = f'<!DOCTYPE d [<!ENTITY l0 "ha">{laughs}]>'
    outside = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    paragraph = "<w:p><w:r><w:t>Phòng họp {}</w:t></w:r></w:p>"

    laughing = outcome(sandbox, docx_with("word/document.xml", body(paragraph.format("&l9;"), bomb)), "a.docx")
    read = outcome(sandbox, docx_with("word/document.xml", body(paragraph.format("&x;"), outside)), "a.docx")

    assert len(laughing) < 100
    assert "BIMAT" not in read


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", docx_with("word/document.xml", body("<w:p>" * 50_000 + "</w:p>" * 50_000))),
        ("a.docx", docx_with("word/document.xml", body("<w:tbl><w:tr><w:tc>" * 80 + "</w:tc></w:tr></w:tbl>" * 80))),
        ("a.docx", docx_with("word/document.xml", body(nested("w:sdt", "w:sdtContent")))),
        ("a.docx", docx_with("word/document.xml", body(nested("w:p", "w:r", "w:pict", "w:txbxContent")))),
        ("a.docx", docx_with("word/document.xml", body("<w:p>" + nested("m:oMath", "m:f", "m:num") + "</w:p>"))),
        ("a.html", b"<p>Ph" + b"<div>" * 5_000 + "họp".encode()),
        ("a.html", b"<p>Ph" + b"<table><tr><td>" * 200 + "họp".encode()),
        ("a.html", b"<b><i>" * 2_000 + "Phòng họp".encode()),
        ("a.html", b"<!--" * 9_000 + b"<a " * 9_000),
        ("a.html", b"<sup>" * 9_000),
        ("a.html", b"<ul><li>" * 2_000 + "Phòng họp".encode()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_deep_nesting_ends(sandbox: Sandbox, name: str, data: bytes) -> None:
    """Deeply nested elements are read or refused quickly."""
    outcome(sandbox, data, name)

    assert "Phòng họp" in sandbox.read(docx_of([WORDS.strip()]), "b.docx").text


def test_a_docx_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """By what its directory says, before anything is unpacked."""
    monkeypatch.setattr(zip_parts, "MAX_UNPACKED", 1_000_000)
    bomb = docx_with("word/media/a.bin", bytes(2_000_000))

    with pytest.raises(SizeError):
        read_word(bomb, "a.docx")


def pdf_with(*objects: str) -> bytes:
    """A PDF of these objects, the first of which is the catalogue."""
    data, places = b"%PDF-1.4\n", []
    for number, words in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{words}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer <</Size {len(objects) + 1} /Root 1 0 R>>\n"
    return data + f"{end}startxref\n{len(data)}\n%%EOF".encode()


def stream(words: str, more: str = "") -> str:
    return f"<</Length {len(words)} {more}>> stream\n{words}\nendstream"


CATALOGUE = "<</Type /Catalog /Pages 2 0 R>>"
FONT = "<</Font <</F <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>>>>>"
TEXT = "BT /F 12 Tf 50 50 Td (Phong hop mo cua luc bay gio sang moi ngay) Tj ET"


def one_page(content: str, box: str = "0 0 595 842", resources: str = FONT) -> bytes:
    page = f"<</Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents 4 0 R /Resources {resources}>>"
    return pdf_with(CATALOGUE, "<</Type /Pages /Kids [3 0 R] /Count 1>>", page, content)


@pytest.mark.parametrize("box", ["0 0 1e30 1e30", "0 0 0 0", "-9e9 -9e9 9e9 9e9", "nan inf 1 1", "0 0 595 842"])
def test_pages_of_any_size_are_read(sandbox: Sandbox, box: str) -> None:
    """Pages of kilometres, of no size or of no number are read."""
    assert outcome(sandbox, one_page(stream(TEXT), box), "a.pdf") == "Phong hop mo cua luc bay gio sang moi ngay"


def test_ten_thousand_pages_are_refused(sandbox: Sandbox) -> None:
    """Counted before any is read."""
    kids = "3 0 R " * 10_000
    page = f"<</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources {FONT}>>"

    with pytest.raises(SizeError, match="10,000"):
        sandbox.read(pdf_with(CATALOGUE, f"<</Type /Pages /Kids [{kids}] /Count 10000>>", page, stream(TEXT)), "a.pdf")


@pytest.mark.parametrize(
    "data",
    [
        pdf_with(CATALOGUE, "<</Type /Pages /Kids [2 0 R] /Count 9>>"),
        pdf_with(CATALOGUE, "<</Type /Pages /Kids [3 0 R] /Count 1>>", "<</Type /Pages /Kids [2 0 R] /Count 1>>"),
        pdf_with(CATALOGUE, "<</Type /Pages /Kids [] /Count 1000>>"),
        pdf_with("1 0 R"),
        one_page(stream("/X Do", "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources <</XObject <</X 4 0 R>>>>"),
                 resources="<</XObject <</X 4 0 R>>>>"),
        one_page(stream("q " * 200_000 + TEXT)),
        one_page(stream("[" * 100_000)),
        one_page(stream(TEXT + "(" * 100_000)),
        one_page("[" * 50_000),
    ],
)  # fmt: skip
def test_a_pdf_that_leads_in_circles_ends(sandbox: Sandbox, data: bytes) -> None:
    """Pages that are their own parents, and forms that draw themselves, are read or refused quickly."""
    outcome(sandbox, data, "a.pdf")


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe" + b"\x00\xd8" * 500,
        b"\xef\xbb\xbf\xff\xfe",
        b"Ph\xc3\x28ng h\xe2\x28\xa1p \xf0\x28\x8c\xbc, m\xed\xa0\x80 c\xfe\xffa",
        bytes(range(1, 256)) * 20,
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_broken_encodings_are_refused(tmp_path: Path, name: str, data: bytes, sandbox: Sandbox) -> None:
    """Never guessed; of a web page, browsers read every byte as some letter, and so do we."""
    (tmp_path / name).write_bytes(data)

    try:
        text = read_document(tmp_path / name, tmp_path, sandbox=sandbox).text
    except DocumentError:
        return

    assert name == "a.html"
    text.encode()


def test_archives_inside_archives_are_refused(tmp_path: Path) -> None:
    """However deep, whatever they are called; what lies beside them is read."""
    nested = zip_of({"a.txt": WORDS.encode()})
    for _ in range(50):
        nested = zip_of({"inner.zip": nested, "b.txt": WORDS.encode()})
    (tmp_path / "a.zip").write_bytes(nested)

    assert entries(tmp_path) == {"a.zip/b.txt": Document, "a.zip/inner.zip": Refusal}


def test_an_archive_called_a_document_is_refused(sandbox: Sandbox) -> None:
    """The suffix decides who reads it."""
    with pytest.raises(BrokenError):
        sandbox.read(zip_of({"a.txt": WORDS.encode()}), "a.docx")
