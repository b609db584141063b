"""What `trichdan doctor` is told of the servers, and of what they hold."""

from __future__ import annotations

import json
import re
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from embeddings import LoadOptions, Tokens
from retrieval.index.address import IndexAddress
from retrieval.index.local.local_place import LocalPlace
from retrieval.index.opening import open_place
from retrieval.index.place import Finding, Server
from retrieval.index.postgres import proposals
from retrieval.index.postgres.build import search_plans
from retrieval.index.postgres.health.host_findings import host_findings
from retrieval.index.postgres.health.host_state import HostState, look_at
from retrieval.index.postgres.postgres_address import PostgresAddress
from retrieval.terminal.commands import doctor
from tests.retrieval.contract.engines import CorpusAndPlace, PostgresEngine, document
from tests.retrieval.index.postgres.two_servers import TwoServers
from tests.support.encoders import BagEncoder
from tests.support.postgres_server import IS_INSTALLED, MISSING, PostgresServer
from tests.support.waiting import until

TRIPS = ["live", "spellings", "words", "vectors", "shortlist", "documents"]
PRIMARY = HostState(
    Server("db1:5432", live="b"),
    "18.6",
    position=5000,
    standbys=1,
    data_checksums="on",
    extensions={"vector": "0.8.1", "pg_textsearch": "1.4.0"},
)
STANDBY = replace(
    PRIMARY, server=Server("db2:5432", is_standby=True, live="b"), position=4000, standbys=0, is_receiving=True
)
DOWN = HostState(Server("db3:5432", "connection refused"))


def problems(*states: HostState) -> dict[str, str]:
    """The problems of these hosts, by what they are about."""
    return {found.name: found.text for found in host_findings(states) if found.is_problem}


def texts(found: list[Finding]) -> dict[str, str]:
    return {each.name: each.text for each in found}


def test_hosts_that_are_well() -> None:
    """Who they are, how far apart, and what they answer from."""
    found = list(host_findings([PRIMARY, STANDBY]))

    assert [(each.name, each.text) for each in found] == [
        ("host db1:5432", "PostgreSQL 18.6, primary, vector 0.8.1, pg_textsearch 1.4.0"),
        ("host db2:5432", "PostgreSQL 18.6, standby, vector 0.8.1, pg_textsearch 1.4.0"),
        ("primary", "db1:5432"),
        ("replication to db2:5432", "1,000 bytes and 0.0 s behind"),
        ("data_checksums", "on"),
        ("generation", "b live on db1:5432, db2:5432"),
    ]
    assert not any(each.is_problem for each in found)


@pytest.mark.parametrize(
    ("states", "name", "said"),
    [
        ((PRIMARY, DOWN), "host db3:5432", "db3:5432 does not (connection refused): start it"),
        ((STANDBY,), "primary", "none that answers does"),
        ((PRIMARY, replace(PRIMARY, server=Server("db2:5432", live="b"))), "primary", "db1:5432 and db2:5432 do: stop"),
        ((PRIMARY, replace(STANDBY, is_receiving=False)), "replication to db2:5432", "connected to none"),
        (
            (PRIMARY, replace(STANDBY, server=replace(STANDBY.server, lag=61.0))),
            "replication to db2:5432",
            "is 1,000 bytes and 61 s",
        ),
        ((PRIMARY, replace(STANDBY, server=replace(STANDBY.server, live="a"))), "generation", "has b, db2:5432 has a"),
        ((replace(PRIMARY, data_checksums="off"), STANDBY), "data_checksums", "db1:5432 has them off"),
    ],
)
def test_each_problem_says_what_to_do(states: tuple[HostState, ...], name: str, said: str) -> None:
    """And nothing else is called a problem."""
    found = problems(*states)

    assert found.keys() == {name}
    assert said in found[name]
    assert ": " in found[name]


@pytest.mark.parametrize(
    ("version", "standbys", "is_problem"),
    [("1.0.0", 1, True), ("1.1.9", 1, True), ("1.2.0", 1, False), ("1.10", 1, False), ("1.0.0", 0, False)],
)
def test_an_index_that_is_not_logged(version: str, standbys: int, is_problem: bool) -> None:
    """Only where a standby follows, whether or not the address names it."""
    state = replace(PRIMARY, standbys=standbys, extensions={"pg_textsearch": version})

    assert ("pg_textsearch" in problems(state)) == is_problem


def test_a_standby_that_is_asked_alone_is_one() -> None:
    """Its primary is not in the address."""
    assert "pg_textsearch" in problems(replace(STANDBY, extensions={"pg_textsearch": "1.0.0"}))


@pytest.mark.parametrize(
    ("address", "hosts"),
    [
        ("postgresql://u:p@db1,db2:5433/d", ["db1:5432", "db2:5433"]),
        ("postgresql://u@db1:1,db2:2/d?target_session_attrs=read-write", ["db1:1", "db2:2"]),
        ("postgresql://db1,db2,db3/d?port=6000", ["db1:6000", "db2:6000", "db3:6000"]),
        ("postgresql:///d?host=/run/postgresql", ["/run/postgresql:5432"]),
        ("postgresql:///d", ["localhost:5432"]),
    ],
)
def test_each_host_of_an_address_is_asked_alone(address: str, hosts: list[str]) -> None:
    """With its own port, as whatever it is now, and named without user and password."""
    found = PostgresAddress.of(IndexAddress.of(address)).hosts

    assert [host.name for host in found] == hosts
    assert all("target_session_attrs=any" in host.server for host in found)


def test_a_folder_has_no_servers(tmp_path: Path) -> None:
    """Neither its doctor nor its metrics say anything of them."""
    place = LocalPlace(tmp_path)

    assert (list(place.servers()), list(place.health())) == ([], [])


@pytest.fixture
def built(site: CorpusAndPlace) -> CorpusAndPlace:
    """Two documents in a server of this process."""
    site.build(entries=[document("a", "Kho số 7 có 200 tấn gạo."), document("b", "Kho số 8 có 90 tấn gạo.")])
    return site


@pytest.mark.slow
def test_a_host_that_hangs_holds_up_nobody(built: CorpusAndPlace) -> None:
    """The others have answered; of it that is said."""
    assert isinstance(built.engine, PostgresEngine)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        address = built.engine.address.replace("@127.0.0.1", f"@127.0.0.1:{port},127.0.0.1")
        hanging, other = look_at(PostgresAddress.of(IndexAddress.of(address)).hosts, seconds=3)

    assert hanging.server == Server(f"127.0.0.1:{port}", "no answer within 3 seconds")
    assert (other.answers, other.server.live) == (True, built.place.live())
    assert other.server.trip > 0


@pytest.mark.slow
def test_the_doctor_of_one_server(built: CorpusAndPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is well, and each part of the index is spoken of."""
    built.place.open()
    monkeypatch.setattr(doctor, "load_encoder", lambda *_, **__: BagEncoder())
    console = Console(record=True, width=1000)

    passed = doctor.run_doctor(built.place, console, options=LoadOptions(), extra_checks={})
    lines = console.export_text().splitlines()
    found = dict(line.strip().split("  ", 1)[1].split(": ", 1) for line in lines)

    assert passed, lines
    assert re.fullmatch(r"the index takes \S+ MB, \S+ MB of it read by questions; shared_buffers .*", found["memory"])
    assert found["readers"].startswith(f"2 of {built.place.live()}, the last ")  # the other one is its own
    assert found["recall"] == "1: windows are compared one by one"
    (question,) = (text for name, text in found.items() if name.startswith("question to "))
    assert re.findall(r"[a-z]+(?= \d+\.\d)", question.partition(": ")[2]) == TRIPS


class NarrowTokens(BagEncoder):
    """As the bundled model: a token's vector is narrower than a window's."""

    def encode_query_tokens(self, text: str) -> Tokens:
        whole = super().encode_query_tokens(text)
        narrow = whole.vectors[:, :16]
        return Tokens(narrow / np.linalg.norm(narrow, axis=1, keepdims=True), whole.spans)


@pytest.mark.slow
def test_a_question_is_timed_whatever_the_width_of_tokens(site: CorpusAndPlace) -> None:
    """It is not that of windows."""
    site.encoder = NarrowTokens()
    site.build(entries=[document("a", "Kho số 7 có 200 tấn gạo.")])
    (found,) = (each for each in site.place.health() if each.name.startswith("question to "))

    assert not found.is_problem
    assert re.findall(r"[a-z]+(?= \d+\.\d)", found.text.partition(": ")[2]) == TRIPS


@pytest.mark.slow
def test_the_doctor_of_a_server_that_is_down(
    server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence, no password, and not passed."""
    monkeypatch.setattr(doctor, "load_encoder", lambda *_, **__: BagEncoder())
    console = Console(record=True, width=1000)
    place = open_place(f"postgresql://trichdan:rat-mat@127.0.0.1:1/trichdan?index=x&caches={tmp_path}")

    passed = doctor.run_doctor(place, console, options=LoadOptions(), extra_checks={})
    lines = console.export_text()

    assert not passed
    assert "PROBLEM  host 127.0.0.1:1: every host of the address answers, 127.0.0.1:1 does not (" in lines
    assert "rat-mat" not in lines


@pytest.mark.slow
def test_a_database_without_an_index(server: PostgresServer, tmp_path: Path) -> None:
    """The host is well, and nothing was built there."""
    server.execute("CREATE DATABASE empty")
    found = open_place(server.address("empty", caches=tmp_path)).health()

    assert not any(each.is_problem for each in found), found
    assert {texts(list(found))[name] for name in ("recall", "generation")} == {"nothing was built here"}


@pytest.fixture
def searched(site: CorpusAndPlace, monkeypatch: pytest.MonkeyPatch) -> CorpusAndPlace:
    """Four hundred paragraphs, as if these were many."""
    for module in (proposals, search_plans):
        monkeypatch.setattr(module, "EXACT_TO", 100)
    site.build(
        entries=[document(f"d{n:03}", f"Kho số {n} có {n * 7} tấn gạo và {n * 3} khẩu súng.") for n in range(400)]
    )
    return site


def recall(site: CorpusAndPlace) -> Finding:
    return next(each for each in site.place.health() if each.name == "recall")


@pytest.mark.slow
def test_the_plan_is_measured_again(searched: CorpusAndPlace) -> None:
    """On windows of the index itself."""
    found = recall(searched)
    plan = searched.place.manifest().search

    assert plan is not None
    assert not found.is_problem
    assert re.match(
        rf"recall@10 (1\.000|0\.9\d\d) on \d+ windows, {plan.recall:.3f} when the plan was chosen", found.text
    )


@pytest.mark.slow
def test_a_plan_that_finds_less_is_a_problem(searched: CorpusAndPlace, server: PostgresServer) -> None:
    """Which exploring hardly anything does."""
    assert isinstance(searched.engine, PostgresEngine)
    ((text, space),) = server.execute(
        "SELECT manifest, space FROM trichdan.generations WHERE index_name = %s", searched.engine.index
    )
    fields: dict[str, Any] = json.loads(text)
    fields["search"]["explored"] = 1
    server.execute(
        "UPDATE trichdan.generations SET manifest = %s WHERE index_name = %s", json.dumps(fields), searched.engine.index
    )
    server.execute(f"DROP INDEX trichdan_space_{space}.windows_near")
    server.execute(
        f"CREATE INDEX windows_near ON trichdan_space_{space}.windows "
        f"USING hnsw ((vector::halfvec({searched.encoder.dim})) halfvec_ip_ops) WITH (m = 2, ef_construction = 4)"
    )
    found = recall(searched)

    assert found.is_problem, found
    assert found.text.endswith("run `trichdan index --rebuild`")


@pytest.mark.slow
@pytest.mark.skipif(not IS_INSTALLED, reason=MISSING)
def test_a_primary_and_its_standby(servers: TwoServers) -> None:
    """What each is, that the wheel's pg_textsearch is too old for two, and what is said when the primary is lost."""
    place = open_place(servers.address)
    primary, standby = (f"127.0.0.1:{server.port}" for server in (servers.primary, servers.standby))
    assert until(lambda: not place.servers()[1].lag)
    before = place.health()
    servers.primary.kill()
    after = place.health()

    assert [(each.host, each.is_standby, each.live) for each in place.servers()] == [
        (primary, False, None),
        (standby, True, open_place(servers.alone(servers.standby)).live()),
    ]
    assert {each.name for each in before if each.is_problem} == {"pg_textsearch"}
    assert {f"host {primary}", f"replication to {standby}", f"question to {standby}"} <= {each.name for each in before}
    assert {each.name for each in after if each.is_problem} == {
        *(f"host {primary}", "primary", f"replication to {standby}", "pg_textsearch")
    }
    assert f"question to {standby}" in texts(list(after))
