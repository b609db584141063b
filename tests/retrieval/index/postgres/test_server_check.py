"""A server that lacks what an index needs is refused with what to do, and nothing is made in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.errors import UnknownEngine
from retrieval.index.opening import open_place
from tests.retrieval.contract.engines import NOWHERE, document
from tests.support.encoders import BagEncoder
from tests.support.postgres_server import PostgresServer

pytestmark = pytest.mark.slow


@pytest.fixture
def database(server: PostgresServer, tmp_path: Path) -> str:
    """An empty database."""
    name = f"d{abs(hash(tmp_path)):x}"
    server.execute(f"CREATE DATABASE {name}")
    return name


def build(address: str) -> None:
    """Index one document there."""
    open_place(address).build([document("x", "Một đoạn văn.")], BagEncoder(), **NOWHERE)


def test_an_extension_that_is_not_installed(server: PostgresServer, database: str, tmp_path: Path) -> None:
    """Is named, with the version that is needed."""
    address = server.address(database, caches=tmp_path, options="-c%20extension_control_path=/nowhere")

    with pytest.raises(UnknownEngine, match=r"extension vector 0\.8 or later, the server has none: install it"):
        build(address)


def test_an_extension_that_is_too_old(server: PostgresServer, database: str, tmp_path: Path) -> None:
    """Both versions are said."""
    folder = server.folder / "old" / "extension"  # which the server may read
    folder.mkdir(parents=True)
    (folder / "vector.control").write_text("default_version = '0.7.4'\n")
    (folder / "vector--0.7.4.sql").write_text("")
    address = server.address(database, caches=tmp_path, options=f"-c%20extension_control_path={folder.parent}")

    with pytest.raises(UnknownEngine, match=r"vector 0\.8 or later, the server has 0\.7\.4: .* ALTER EXTENSION vector"):
        build(address)


def test_a_role_that_may_not_create_extensions(server: PostgresServer, database: str, tmp_path: Path) -> None:
    """Is told what an administrator runs; then it can build, and answers."""
    role = f"r{database}"
    server.execute(f"CREATE ROLE {role} LOGIN")
    server.execute(f"GRANT CREATE ON DATABASE {database} TO {role}")
    address = server.address(database, caches=tmp_path).replace("postgres@", f"{role}@")

    with pytest.raises(UnknownEngine, match="administrator run CREATE EXTENSION vector"):
        build(address)
    for extension in ("vector", "pg_textsearch"):
        server.execute(f"CREATE EXTENSION {extension}", database=database)
    build(address)

    assert open_place(address).open().passage("x#1").text == "Một đoạn văn."
    assert open_place(address).check_rights() == "the index is its roles' alone"
