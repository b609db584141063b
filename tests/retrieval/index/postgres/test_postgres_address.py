"""The address of an index in PostgreSQL, and what stands for what it leaves out."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.errors import UnknownEngine
from retrieval.index.address import IndexAddress
from retrieval.index.postgres.database import Database, Statement
from retrieval.index.postgres.postgres_address import PostgresAddress


def test_caches_lie_where_the_operator_keeps_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A service has no home to write in, and is told by TRICHDAN_CACHE where it may."""
    monkeypatch.setenv("TRICHDAN_CACHE", str(tmp_path))

    parts = PostgresAddress.of(IndexAddress.of("postgresql://db1,db2/archive?index=decrees"))

    assert parts.caches == tmp_path / "postgres" / "archive-decrees"


def test_caches_that_an_address_names_are_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two builders of one machine may keep theirs apart."""
    monkeypatch.setenv("TRICHDAN_CACHE", str(tmp_path / "all"))

    parts = PostgresAddress.of(IndexAddress.of(f"postgresql://db1/archive?caches={tmp_path / 'own'}"))

    assert parts.caches == tmp_path / "own"


def test_a_scheme_in_capitals_is_read() -> None:
    """As `IndexAddress` does; libpq would take it for something else."""
    assert PostgresAddress.of(IndexAddress.of("PostgreSQL://db1/archive")).name == "db1:5432"


@pytest.mark.parametrize("option", ["pasword", "pwd", "idnex"])
def test_an_option_that_there_is_not_is_named(option: str) -> None:
    """Without its value, which may be a password."""
    with pytest.raises(UnknownEngine, match=f"'{option}'") as told:
        PostgresAddress.of(IndexAddress.of(f"postgresql://db1/archive?{option}=rat-mat"))

    assert "rat-mat" not in str(told.value)


def test_a_value_that_cannot_be_used_is_refused() -> None:
    """In a sentence, before any server is asked."""
    database = Database(PostgresAddress.of(IndexAddress.of("postgresql://127.0.0.1/archive?connect_timeout=soon")))

    with pytest.raises(UnknownEngine, match="connect_timeout"):
        database.read(Statement("SELECT 1"))
