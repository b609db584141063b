"""The address of an index: a folder, or the URL of an engine that there is not yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from retrieval.errors import UnknownEngine
from retrieval.index.address import IndexAddress
from retrieval.index.opening import open_place
from retrieval.retriever import Retriever
from retrieval.terminal.cli import app
from retrieval.terminal.exit_codes import FAILED

URL = "postgresql://trichdan:rat-mat@db1,db2/trichdan?index=main"
OTHER = "opensearch://trichdan:rat-mat@db1,db2/trichdan?index=main"  # of no engine


@pytest.mark.parametrize("text", ["index", "/srv/index", "./postgresql:", "a//b", "C:index"])
def test_what_is_no_url_is_a_folder(text: str) -> None:
    """However odd its name."""
    assert IndexAddress.of(text) == IndexAddress(Path(text)) == IndexAddress.of(Path(text))
    assert str(IndexAddress.of(text)) == str(Path(text))


@pytest.mark.parametrize("scheme", ["postgresql", "opensearch+https", "PostgreSQL"])
def test_what_names_a_scheme_is_a_url(scheme: str) -> None:
    """Which a Path would have spoiled."""
    address = IndexAddress.of(f"{scheme}://db1/x")

    assert (address.folder, address.scheme, address.text) == (None, scheme.lower(), f"{scheme}://db1/x")
    assert IndexAddress.of(address) is address
    assert address.resolved() == address.expanduser() == address


def test_a_password_is_not_printed() -> None:
    """The user, the hosts and the options are."""
    assert str(IndexAddress.of(URL)) == "postgresql://trichdan:***@db1,db2/trichdan?index=main"
    assert "rat-mat" in IndexAddress.of(URL).text
    assert "rat-mat" not in repr(IndexAddress.of(URL))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:rat/mat?#@h/d",
        "postgresql://u:rat@mat@h/d",
        "opensearch://h/d?user=u&password=rat-mat&index=x",
        "postgresql://[x/d?sslpassword=rat-mat",
        "postgresql:/u:rat-mat@h/d",
        "postgresql:u:rat-mat@h/d",
    ],
)
def test_a_password_is_masked_wherever_it_stands(url: str) -> None:
    """Also in an address that is not well formed."""
    assert "rat" not in str(IndexAddress.of(url))
    with pytest.raises(UnknownEngine, match=r"'(postgresql|opensearch)'") as told:
        open_place(url)
    assert "rat" not in str(told.value)


def test_a_folder_is_the_same_from_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For processes that start elsewhere."""
    monkeypatch.chdir(tmp_path)

    assert IndexAddress.of("x").resolved() == IndexAddress(tmp_path / "x")
    assert IndexAddress.of("~/x").expanduser() == IndexAddress(Path.home() / "x")


def test_an_engine_that_is_not_there_is_refused() -> None:
    """With one sentence, which names it and not its password."""
    with pytest.raises(UnknownEngine, match="'opensearch'") as told:
        open_place(OTHER)
    with pytest.raises(UnknownEngine):
        Retriever(OTHER)
    assert "rat-mat" not in str(told.value)


@pytest.mark.parametrize(
    "command",
    [
        ["ask", "Ai ký?"],
        ["search", "Ai ký?"],
        ["index", "seeds"],
        ["index", "--list"],
        ["index", "--report"],
        ["doctor"],
        ["repl"],
        ["calibrate", "--undo"],
    ],
)
def test_every_command_refuses_it(command: list[str]) -> None:
    """By its exit code and one sentence, from the option and from the environment."""
    for given, environment in ((["--index", OTHER], {}), ([], {"TRICHDAN_INDEX": OTHER})):
        result = CliRunner().invoke(app, [*command, *given], env=environment)

        assert result.exit_code == FAILED
        assert "names the engine 'opensearch'" in result.stderr
        assert "rat-mat" not in result.output
        assert "Traceback" not in result.output
