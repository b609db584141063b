"""The systemd unit and the container file: their settings exist, and they keep to what they promise."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from bot.errors import FatalError
from bot.settings.config import Config
from retrieval.reading.sandbox.process import MEMORY
from tests.bot.conftest import ROOT

UNIT = (ROOT / "bot/deploy/trichdan.service").read_text(encoding="utf-8")
SEVERAL = (ROOT / "bot/deploy/trichdan@.service").read_text(encoding="utf-8")
PATRONI = (ROOT / "bot/deploy/patroni.service").read_text(encoding="utf-8")
IMAGE = (ROOT / "bot/deploy/Containerfile").read_text(encoding="utf-8")
SETTINGS = {f"TRICHDAN_{name.upper()}" for name in Config.model_fields} | {"TRICHDAN_CACHE"}


@pytest.mark.parametrize("text", [UNIT, SEVERAL, IMAGE], ids=["unit", "several", "image"])
def test_every_setting_exists(text):
    """A misspelt one would be ignored in silence."""
    named = set(re.findall(r"TRICHDAN_[A-Z_]+", text))

    assert len(named) >= 5
    assert named <= SETTINGS


def test_what_a_person_must_mend_is_not_started_again():
    """The unit's exit code is the one that refusals end with."""
    assert f"RestartPreventExitStatus={FatalError.exit_code}\n" in UNIT
    assert "Type=notify\n" in UNIT


def test_several_bots_are_confined_as_one_is():
    """The template differs in what it reads and where, and in nothing that protects."""
    one, several = (
        {line for line in text.splitlines() if re.match(r"(?!Environment|LoadCredential|Description)[A-Z]\w*=", line)}
        for text in (UNIT, SEVERAL)
    )

    assert one == several


def test_a_reader_can_confine_itself_and_ends_alone():
    """The unit's filter has the calls for it, and what a reader may use leaves room for the bot."""
    calls = re.findall(r"^SystemCallFilter=(?!~)(.*)$", UNIT, re.MULTILINE)
    most = re.findall(r"^MemoryMax=(\d+)G$", UNIT, re.MULTILINE)

    assert {"landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"} <= set(" ".join(calls).split())
    assert int(most[0]) * 1024**3 // 2 >= MEMORY
    assert "OOMPolicy=continue\n" in UNIT


def test_the_image_runs_without_root_and_without_a_token():
    """The last user is a number above zero; the token is only ever a file's name."""
    users = re.findall(r"^USER (\d+):", IMAGE, re.MULTILINE)

    assert int(users[-1]) > 0
    assert not re.search(r"TRICHDAN_TOKEN=", IMAGE)
    assert re.search(r"^ARG BASE=\S+:\d+\.\d+\.\d+-\S+$", IMAGE, re.MULTILINE)  # to the patch level


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
@pytest.mark.parametrize(
    ("name", "text"), [("trichdan.service", UNIT), ("trichdan@1.service", SEVERAL), ("patroni.service", PATRONI)]
)
def test_systemd_reads_the_unit(tmp_path, name, text):
    """No unknown directive and no bad value; the program and its user need not be on this machine."""
    there = re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", text)
    unit = tmp_path / name
    unit.write_text(there, encoding="utf-8")

    checked = subprocess.run(
        [shutil.which("systemd-analyze"), "verify", unit], capture_output=True, text=True, check=False
    )

    assert (checked.returncode, checked.stderr) == (0, "")
