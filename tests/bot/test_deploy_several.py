"""Several machines: the compose file, the proxy, Patroni and the roles keep to what the guide promises."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from retrieval.index.address import IndexAddress
from retrieval.index.opening import open_place
from retrieval.index.postgres.server_check import LEAST
from tests.bot.conftest import ROOT
from tests.bot.test_deploy import SETTINGS
from tests.retrieval.contract.engines import NOWHERE, document
from tests.support.encoders import BagEncoder
from tests.support.postgres_server import IS_INSTALLED, MISSING, PostgresServer, shared_server

DEPLOY = ROOT / "bot" / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PATRONI: dict[str, Any] = yaml.safe_load((DEPLOY / "database" / "patroni.yml").read_text(encoding="utf-8"))
NGINX = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
BOTS = ("bot1", "bot2")
DATABASES = ("db1", "db2")
LIBPQ = {"PGPASSFILE"}


def test_the_services() -> None:
    """Two databases, three that agree which leads, two bots, the proxy."""
    assert set(SERVICES) == {"etcd1", "etcd2", "etcd3", *DATABASES, *BOTS, "nginx"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_each_service_is_pinned_and_watched(name: str) -> None:
    """To a version without a registry's host; it has a health check, or its image has, and may gain no rights."""
    service = SERVICES[name]

    assert re.fullmatch(r"[a-z-]+:\d+\.\d+(\.\d+)?(-[a-z]+)?", service["image"])
    assert "healthcheck" in service or (name in BOTS and "HEALTHCHECK" in (DEPLOY / "Containerfile").read_text())
    assert service["restart"] in {"unless-stopped", "on-failure"}
    assert "no-new-privileges:true" in service["security_opt"]


def test_the_bots_are_of_this_version() -> None:
    """The image's tag is the program's."""
    (version,) = re.findall(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)

    assert {SERVICES[name]["image"] for name in BOTS} == {f"trichdan:{version}"}


@pytest.mark.parametrize("name", BOTS)
def test_every_setting_of_a_bot_exists(name: str) -> None:
    """A misspelt one would be ignored in silence; several bots need the same secret, given from outside."""
    given = set(SERVICES[name]["environment"])

    assert given <= SETTINGS | LIBPQ
    assert {"TRICHDAN_STATE", "TRICHDAN_INDEX", "TRICHDAN_WEBHOOK_URL", "TRICHDAN_WEBHOOK_SECRET"} <= given


@pytest.mark.parametrize("name", ["TRICHDAN_INDEX", "TRICHDAN_STATE"])
def test_the_bots_know_both_databases(name: str) -> None:
    """By a role that changes no index, without a password in the address."""
    address = SERVICES["bot1"]["environment"][name]

    assert address.startswith("postgresql://trichdan_bot@db1,db2/trichdan")
    if name == "TRICHDAN_INDEX":
        assert open_place(address).address == IndexAddress.of(address)


def test_no_password_stands_in_a_file() -> None:
    """Each is a secret in a file of its own, or must be given: nothing has a default."""
    texts = [path.read_text(encoding="utf-8") for path in DEPLOY.rglob("*") if path.is_file() and path.suffix != ".md"]
    found = [
        line for text in texts for line in re.findall(r"(?im)^(?!--)[^#\n]*(?:password|secret)\w*[:=] *\S.*$", text)
    ]
    allowed = r"\$\{\w+:\?|\$\$?\(cat|_FILE[:=]|password_encryption|secrets: \[|\$\{PG_TEXTSEARCH_SHA256\}"

    assert len(found) >= 8
    assert [line for line in found if not re.search(allowed, line)] == []
    assert all(each["file"].startswith("./secrets/") for each in COMPOSE["secrets"].values())
    assert {"secrets/", ".env"} <= set((DEPLOY / ".gitignore").read_text().splitlines())


def test_every_variable_is_required() -> None:
    """Compose refuses to start without it, and says what it is."""
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    variables = re.findall(r"(?<!\$)\$\{(\w+)([^}]*)\}", text)

    assert {name for name, _ in variables} == {
        *("TRICHDAN_ADMINS", "TRICHDAN_WEBHOOK_URL", "TRICHDAN_WEBHOOK_SECRET", "PG_TEXTSEARCH_SHA256")
    }
    assert all(rest.startswith(":?") for _, rest in variables)


def test_what_must_last_is_on_a_volume() -> None:
    """Each its own; whatever is named is declared."""
    mounted = {
        name: [each for each in service.get("volumes", ()) if not each.startswith("./")]
        for name, service in SERVICES.items()
    }
    own = [volume.partition(":") for volumes in mounted.values() for volume in volumes]

    assert {source for source, _, _ in own} == set(COMPOSE["volumes"]) == set(SERVICES) - {"nginx"}
    assert {name: mounted[name][0].partition(":")[2] for name in DATABASES} == dict.fromkeys(
        DATABASES, str(Path(PATRONI["postgresql"]["data_dir"]).parent)
    )


def test_only_the_proxy_is_reachable_from_outside() -> None:
    """And the databases only from the bots."""
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]
    assert SERVICES["nginx"]["networks"] == ["front"]
    assert all(SERVICES[name]["networks"] == ["database"] for name in DATABASES)


def test_the_proxy_asks_the_bots_where_they_listen() -> None:
    """Both; one that is down costs no delivery, since the other gets it."""
    port = SERVICES["bot1"]["environment"]["TRICHDAN_WEBHOOK_LISTEN"].rpartition(":")[2]

    assert re.findall(r"server (\S+) max_fails", NGINX) == [f"{name}:{port}" for name in BOTS]
    assert re.search(r"proxy_next_upstream .*\bnon_idempotent\b", NGINX)
    assert "deny all;" in NGINX


def test_patroni_makes_what_the_index_needs() -> None:
    """Checksums for `trichdan doctor`, the extension that must be preloaded, no confirmed question lost."""
    shared = PATRONI["bootstrap"]["dcs"]

    assert "data-checksums" in PATRONI["bootstrap"]["initdb"]
    assert shared["postgresql"]["parameters"]["shared_preload_libraries"] in LEAST
    assert shared["synchronous_mode"] is True
    assert shared["postgresql"]["use_pg_rewind"] is True
    assert not any("trust" in rule for rule in PATRONI["postgresql"]["pg_hba"])


@pytest.fixture(scope="module")
def database() -> PostgresServer:
    """A server of this process in which roles.sql was run."""
    if not IS_INSTALLED:
        pytest.skip(MISSING)
    server = shared_server()
    given = ["BUILDER_PASSWORD_FILE", "BOT_PASSWORD_FILE"]
    files = {name: server.folder / name for name in given}
    for name, path in files.items():
        path.write_text(f"{name} o'clock")
    subprocess.run(
        [DEPLOY / "database" / "make-roles", f"postgresql://postgres@127.0.0.1:{server.port}/postgres"],
        env={
            **os.environ,
            **{name: str(path) for name, path in files.items()},
            "PATH": f"{server.binaries}:{os.environ['PATH']}",
        },
        check=True,
    )
    return server


def as_role(server: PostgresServer, role: str, caches: Path) -> str:
    return server.address("trichdan", caches=caches).replace("postgres@", f"{role}@")


@pytest.mark.slow
def test_the_roles_are_what_bots_and_builders_need(database: PostgresServer, tmp_path: Path) -> None:
    """One builds; the other reads, tells what it reads, keeps tables of its own, and changes no index."""
    builder, bot = (as_role(database, role, tmp_path) for role in ("trichdan", "trichdan_bot"))
    open_place(builder).build([document("d", "Kho số 7 có 70 tấn gạo.")], BagEncoder(), **NOWHERE)
    text = open_place(bot).open().passage("d#1").text
    with psycopg.connect(bot.partition("?")[0], autocommit=True) as connection:
        connection.execute("CREATE SCHEMA bot")
        connection.execute("CREATE TABLE bot.t (n int)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM trichdan.live")

    assert text == "Kho số 7 có 70 tấn gạo."
    assert database.execute("SELECT count(*) FROM trichdan.readers", database="trichdan") == [(1,)]
    assert open_place(builder).check_rights() == "the index is its roles' alone"


@pytest.mark.slow
def test_the_roles_have_their_passwords(database: PostgresServer) -> None:
    """As the files hold them, quotes included, and never in clear."""
    rows = dict(database.execute("SELECT rolname, rolpassword FROM pg_authid WHERE rolname LIKE 'trichdan%'"))

    assert set(rows) == {"trichdan", "trichdan_bot"}
    assert all(stored.startswith("SCRAM-SHA-256$") for stored in rows.values())


@pytest.mark.slow
def test_other_roles_do_not_enter(database: PostgresServer) -> None:
    """A role of another database of the same servers."""
    database.execute("CREATE ROLE somebody LOGIN")

    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(f"postgresql://somebody@127.0.0.1:{database.port}/trichdan")
