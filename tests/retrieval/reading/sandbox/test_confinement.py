"""A hostile reader, run in the place of a library inside the real sandbox, reaches nothing that is not its own."""

from __future__ import annotations

import json
import os
import re
import socket
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.errors import BrokenError
from retrieval.reading.sandbox import seccomp
from retrieval.reading.sandbox.confinement import CALLS, FILES, PROCESSES
from retrieval.reading.sandbox.process import Sandbox
from tests.support.document_makers import docx_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="other systems have no Landlock and no seccomp"),
]

# In the place of xlrd, which the reader of .xls files imports. Each act says what the kernel answered.
READER = """
import ctypes, json, os, resource, signal, socket, subprocess, sys, tempfile
from pathlib import Path
from retrieval.errors import BrokenError

given = json.loads({given!r})
secret, own, parent, port = Path(given["secret"]), Path(tempfile.gettempdir()), os.getppid(), given["port"]
libc = ctypes.CDLL(None, use_errno=True)

def call(name, *arguments):
    if getattr(libc, name)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

def outgrow():
    with (own / "large").open("wb") as file:
        file.truncate(600 * 1024**2)

def connect(kind, family, address):
    with socket.socket(family, kind) as opened:
        opened.connect(address)

def datagram():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.sendto(b"x", ("127.0.0.1", port))

def pair():
    for end in socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM):
        end.sendto(b"x", given["datagrams"])

ACTS = {{
    "read a secret": secret.read_bytes,
    "have a child read a secret": lambda: run("/bin/cat", str(secret)),
    "read the parent's environment": lambda: Path(f"/proc/{{parent}}/environ").read_bytes(),
    "open the parent's memory": lambda: os.close(os.open(f"/proc/{{parent}}/mem", os.O_RDONLY)),
    "list the documents": lambda: os.listdir(secret.parent),
    "list the home folder": lambda: os.listdir(given["home"]),
    "read the project": (Path(given["project"]) / "pyproject.toml").read_bytes,
    "append to a secret": lambda: secret.open("ab").close(),
    "write beside a secret": (secret.parent / "new").touch,
    "write to /tmp": Path("/tmp/trichdan-test-written").touch,
    "write to /dev/shm": Path("/dev/shm/trichdan-test-written").touch,
    "write among the programs": (Path(sys.prefix) / "trichdan-test-written").touch,
    "link to a secret": lambda: os.link(secret, own / "linked"),
    "delete a document": (secret.parent / "a.txt").unlink,
    "move a document": lambda: (secret.parent / "b.txt").rename(own / "moved"),
    "truncate a secret": lambda: os.truncate(secret, 0),
    "open a secret to all": lambda: secret.chmod(0o666),
    "give a secret away": lambda: os.chown(secret, 1, 1),
    "change a secret's times": lambda: os.utime(secret),
    "write a file of 600 MB": outgrow,
    "connect by TCP": lambda: connect(socket.SOCK_STREAM, socket.AF_INET, ("127.0.0.1", port)),
    "send a datagram": datagram,
    "connect to a socket of the machine": lambda: connect(socket.SOCK_STREAM, socket.AF_UNIX, given["unix"]),
    "send to a socket of the machine": pair,
    "listen": lambda: socket.create_server(("127.0.0.1", 0)),
    "set up io_uring": lambda: call("syscall", 425, 1, ctypes.create_string_buffer(120)),
    "signal the parent": lambda: os.kill(parent, 0),
    "trace the parent": lambda: call("ptrace", 0x4206, parent, 0, 0),
    "limit the parent": lambda: resource.prlimit(parent, resource.RLIMIT_CORE, (0, 0)),
    "slow the parent down": lambda: os.setpriority(os.PRIO_PROCESS, parent, os.getpriority(os.PRIO_PROCESS, parent)),
    "enter namespaces of its own": lambda: run("unshare", "--user", "--net", "true"),
    "read a file of its own": lambda: ((own / "a").write_bytes(b"a"), (own / "a").read_bytes(), (own / "a").unlink()),
    "run a program": lambda: run("/bin/true"),
}}

def outcome(act):
    try:
        act()
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        return f"{{type(error).__name__}}: {{error}}"
    return "done"

raise BrokenError(json.dumps({{name: outcome(act) for name, act in ACTS.items()}}))
"""

# By the layer that denies it, "" where none is needed.
DENIED = {
    FILES: (
        *("read a secret", "have a child read a secret", "read the parent's environment", "open the parent's memory"),
        *("list the documents", "list the home folder", "read the project", "append to a secret"),
        *("write beside a secret", "write to /tmp", "write to /dev/shm", "write among the programs"),
        *("link to a secret", "delete a document", "move a document"),
    ),
    PROCESSES: ("signal the parent",),
    CALLS: (
        *("truncate a secret", "open a secret to all", "give a secret away", "change a secret's times"),
        *("connect by TCP", "send a datagram", "connect to a socket of the machine", "send to a socket of the machine"),
        *("listen", "set up io_uring", "trace the parent", "limit the parent", "slow the parent down"),
        "enter namespaces of its own",
    ),
    "": ("write a file of 600 MB",),
}


@pytest.fixture(scope="module")
def missing() -> tuple[str, ...]:
    with Sandbox() as sandbox:
        return sandbox.missing_layers()


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What each act of the hostile reader came to."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "secrets").mkdir()
    secret = folder / "secrets" / "token"
    for name in ("token", "a.txt", "b.txt"):
        (secret.parent / name).write_text("7812:AAH")
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.socket(socket.AF_UNIX) as local,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as datagrams,
        pytest.MonkeyPatch.context() as patch,
    ):
        local.bind(os.path.relpath(folder / "socket"))
        local.listen()
        datagrams.bind(os.path.relpath(folder / "datagrams"))
        given = {
            "secret": str(secret),
            "unix": os.path.relpath(folder / "socket", "/"),  # short enough for the address of a socket
            "datagrams": os.path.relpath(folder / "datagrams", "/"),
            "port": server.getsockname()[1],
            "home": str(Path.home()),
            "project": str(Path(__file__).parents[4]),
        }
        (folder / "xlrd.py").write_text(textwrap.dedent(READER.format(given=json.dumps(given))))
        patch.setenv("PYTHONPATH", str(folder))
        patch.setenv("TRICHDAN_TOKEN", "7812:AAH")
        with Sandbox() as sandbox, pytest.raises(BrokenError) as refusal:
            sandbox.read(b"\t\b\x10\0", "a.xls")
    yield json.loads(str(refusal.value))
    for left in ("/tmp", "/dev/shm", sys.prefix):  # noqa: S108 - where it tries to write
        (Path(left) / "trichdan-test-written").unlink(missing_ok=True)


@pytest.mark.parametrize(("layer", "act"), [(layer, act) for layer, acts in DENIED.items() for act in acts])
def test_a_hostile_reader_is_denied(outcomes: dict[str, str], missing: tuple[str, ...], layer: str, act: str) -> None:
    """Whatever it tries is refused by the kernel."""
    if layer in missing:
        pytest.skip(f"this kernel does not keep a process from {layer}")

    assert outcomes[act] != "done"


@pytest.mark.parametrize("act", ["read a file of its own", "run a program"])
def test_a_reader_can_work(outcomes: dict[str, str], act: str) -> None:
    """With files in its own folder, and with programs such as tesseract."""
    assert outcomes[act] == "done"


def test_every_thread_is_confined(missing: tuple[str, ...]) -> None:
    """Also those that libraries start: no new privileges, a filter, and no capability but to read as root reads."""
    if CALLS in missing:
        pytest.skip(f"this kernel does not keep a process from {CALLS}")
    with Sandbox() as sandbox:
        sandbox.read(docx_of(["Đơn vị có 70 người."]), "a.docx")
        assert sandbox._process is not None
        threads = list(Path(f"/proc/{sandbox._process.pid}/task").iterdir())
        found = [dict(line.split(":\t") for line in (thread / "status").read_text().splitlines()) for thread in threads]

    assert len(found) > 1
    assert {(each["NoNewPrivs"], each["Seccomp"]) for each in found} == {("1", "2")}
    assert {int(each["CapEff"], 16) & ~0b110 for each in found} == {0}


@pytest.mark.parametrize(("column", "header"), [(1, "x86_64-linux-gnu/asm/unistd_64.h"), (2, "asm-generic/unistd.h")])
def test_the_numbers_of_calls_are_the_kernels(column: int, header: str) -> None:
    """As its own headers have them, which know fewer calls where they are older."""
    file = Path("/usr/include", header)
    if not file.exists():
        pytest.skip(f"{file} is not installed")
    named = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)$", file.read_text(), re.MULTILINE))
    rows = [line.split() for line in seccomp._TABLE.splitlines() if line]
    judged = [(name, *map(str, numbers)) for name, numbers in seccomp._JUDGED.items() if name != "access"]

    wrong = [row[0] for row in (*rows, *judged) if row[column] != named.get(row[0], row[column])]

    assert wrong == []


def test_files_are_read_where_the_kernel_lacks_the_layers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on old kernels, where the calls are unknown; what is lacking is named."""
    (tmp_path / "sitecustomize.py").write_text(
        "from retrieval.reading.sandbox import landlock, seccomp\n"
        "landlock._CREATE_RULESET = seccomp._SET_SECCOMP = 9999\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    with Sandbox() as sandbox:
        missing = sandbox.missing_layers()
        content = sandbox.read(docx_of(["Đơn vị có 70 người."]), "a.docx")

    assert missing == (FILES, PROCESSES, CALLS)
    assert content.text == "Đơn vị có 70 người."


def test_what_answers_no_longer_in_its_words_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that a file has taken over cannot fill the memory of who reads."""
    (tmp_path / "xlrd.py").write_text(
        "import os\nfor n in range(3, 20):\n    try: os.write(n, b'\\xff' * 8)\n    except OSError: pass\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    with Sandbox() as sandbox, pytest.raises(BrokenError, match=r"reading a\.xls ended the process"):
        sandbox.read(b"\t\b\x10\0", "a.xls")


def test_the_scratch_folder_ends_with_the_sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And so does one that a killed process left, which may hold documents."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    left = tmp_path / "trichdan-999999999-x"
    left.mkdir()
    (left / "document.doc").write_bytes(b"mat")

    with Sandbox() as sandbox:
        sandbox.read(docx_of(["Đơn vị có 70 người."]), "a.docx")
        (folder,) = tmp_path.iterdir()
        mode = folder.stat().st_mode & 0o777

    assert mode == 0o700
    assert list(tmp_path.iterdir()) == []
