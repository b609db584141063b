"""The address of an index in PostgreSQL, and what stands for what it leaves out."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.index.address import IndexAddress
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
