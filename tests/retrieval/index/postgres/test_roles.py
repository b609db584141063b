"""What a role needs that only asks, and what it cannot do."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

from retrieval.errors import UnreachableIndex
from retrieval.index.opening import open_place
from retrieval.index.place import Place
from retrieval.index.settings import Settings
from retrieval.ranking.learned.stored_calibrations import read_calibrations
from tests.retrieval.contract.engines import NOWHERE, document
from tests.support.encoders import BagEncoder
from tests.support.postgres_server import PostgresServer

pytestmark = pytest.mark.slow

# As bot/deploy/README.md has it, `trichdan` being the role that builds.
GRANTS = (
    "ALTER DEFAULT PRIVILEGES FOR ROLE {builder} GRANT USAGE ON SCHEMAS TO {reader}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {builder} GRANT SELECT ON TABLES TO {reader}",
)


class Roles(NamedTuple):
    """A database with the addresses of a role that builds and of one that reads."""

    database: str
    builder: str
    reader: str

    def build(self, tons: int) -> None:
        """Index one document."""
        open_place(self.builder).build([document("d", f"Kho số 7 có {tons} tấn gạo.")], BagEncoder(), **NOWHERE)

    def reading(self) -> Place:
        """The place as the reading role has it."""
        return open_place(self.reader)


@pytest.fixture
def roles(server: PostgresServer, tmp_path: Path) -> Roles:
    """Nothing was built; the reader has the two grants."""
    name = f"roles_{abs(hash(tmp_path)):x}"
    builder, reader = f"{name}_builder", f"{name}_reader"
    for role in (builder, reader):
        server.execute(f"CREATE ROLE {role} LOGIN")
    server.execute(f"CREATE DATABASE {name} OWNER {builder}")
    for extension in ("vector", "pg_textsearch"):
        server.execute(f"CREATE EXTENSION {extension}", database=name)
    for grant in GRANTS:
        server.execute(grant.format(builder=builder, reader=reader), database=name)
    address = server.address(name, caches=tmp_path)
    return Roles(name, *(address.replace("postgres@", f"{role}@") for role in (builder, reader)))


def test_two_grants_before_the_first_build_are_enough(roles: Roles) -> None:
    """Also for the space of a later model, which is a schema of its own."""
    roles.build(70)
    first = roles.reading().open().passage("d#1").text
    open_place(roles.builder).build(
        [document("d", "Kho số 7 có 700 tấn gạo.")], BagEncoder(), **{**NOWHERE, "rebuild": True}
    )

    assert (first, roles.reading().open().passage("d#1").text) == (
        "Kho số 7 có 70 tấn gạo.",
        "Kho số 7 có 700 tấn gạo.",
    )


def test_a_role_that_may_only_read_keeps_what_it_reads(roles: Roles) -> None:
    """Builds that keep nothing else leave its generation alone."""
    open_place(roles.builder).keep_settings(Settings(keep=1))
    roles.build(70)
    held = roles.reading().open()
    for tons in (700, 7000):
        roles.build(tons)

    assert held.passage("d#1").text == "Kho số 7 có 70 tấn gạo."


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM trichdan.readers",
        "UPDATE trichdan.readers SET seen = now() - interval '1 day'",
        "UPDATE trichdan.live SET generation = 'x'",
        "DELETE FROM trichdan_space_1.documents",
    ],
)
def test_it_changes_nothing(roles: Roles, statement: str) -> None:
    """Neither documents nor what other readers hold."""
    roles.build(70)

    with (
        psycopg.connect(roles.reader.partition("?")[0]) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


def test_it_holds_only_what_there_is(roles: Roles, server: PostgresServer) -> None:
    """A made-up generation is not written down."""
    roles.build(70)
    with psycopg.connect(roles.reader.partition("?")[0]) as connection:
        connection.execute("SELECT trichdan.tell_reader('main', 'bịa', gen_random_uuid())")

    assert server.execute(
        "SELECT count(*) FROM trichdan.readers WHERE generation = 'bịa'", database=roles.database
    ) == [(0,)]


def test_a_role_without_grants_cannot_call_it(roles: Roles, server: PostgresServer) -> None:
    """Every role may execute a new function; the schema is what is closed."""
    roles.build(70)
    server.execute(f"CREATE ROLE {roles.database}_other LOGIN")
    other = roles.reader.replace("_reader@", "_other@").partition("?")[0]

    with psycopg.connect(other) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT trichdan.tell_reader('main', 'x', gen_random_uuid())")


def test_a_role_without_grants_is_told_what_it_lacks(roles: Roles, server: PostgresServer) -> None:
    """Nothing is called damaged, or it would be removed."""
    roles.build(70)
    server.execute(f"CREATE ROLE {roles.database}_unknown LOGIN")
    place = open_place(roles.reader.replace("_reader@", "_unknown@"))

    for ask in (place.live, place.settings, place.origins, lambda: read_calibrations(place)):
        with pytest.raises(UnreachableIndex, match="answers permission denied for schema trichdan: grant it USAGE"):
            ask()
