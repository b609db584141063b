"""The lock files hold what pyproject.toml asks for, in the versions of constraints.txt, each file with its checksum."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = PROJECT["dependency-groups"]
WANTED = {
    "runtime.txt": [
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["fast"],
        *PROJECT["project"]["optional-dependencies"]["postgres"],
        *PROJECT["build-system"]["requires"],
        *GROUPS["build"],
    ],
    **{f"{name}.txt": GROUPS[name] for name in ("dev", "fuzz", "sbom", "audit")},
}


def pins(name):
    """The version and the number of checksums of each package in a lock file; torch has one of its own."""
    path = ROOT / ".lock" / name
    entries = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", path.read_text(encoding="utf-8")).strip())
    found = {}
    for entry in entries:
        package, version = re.match(r"([\w.-]+)==([^\s;]+)", entry).groups()
        found[canonicalize_name(package)] = version, len(re.findall(r"--hash=sha256:[0-9a-f]{64}", entry))
    return found | (pins("torch.txt") if name == "runtime.txt" else {})


@pytest.fixture(scope="module")
def constraints():
    """The version of each package in constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    split = (line.split("==") for line in lines if not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in split}


@pytest.mark.parametrize("file", WANTED)
def test_what_is_asked_for_is_locked(file):
    """A new dependency needs `make lock`."""
    locked = pins(file)

    missing = [
        text
        for text in WANTED[file]
        if (wanted := Requirement(text))
        and not wanted.specifier.contains(Version(locked.get(canonicalize_name(wanted.name), ("0", 0))[0]))
    ]

    assert missing == []


@pytest.mark.parametrize("file", WANTED)
def test_each_file_has_a_checksum_and_the_version_of_the_constraints(file, constraints):
    """Nothing else is installed, and `pip install --constraint` gives the same."""
    locked = pins(file)

    assert [name for name, (_, checksums) in locked.items() if checksums == 0] == []
    assert {name: version for name, (version, _) in locked.items()}.items() <= constraints.items()


def test_no_package_of_cuda_is_locked():
    """They are gigabytes, and torch's builds without CUDA need none."""
    assert [name for name in pins("runtime.txt") if name.startswith(("cuda", "nvidia", "triton"))] == []


def test_a_build_of_torch_without_cuda_is_accepted():
    """Its checksum is in no registry, so it is kept in a file of its own."""
    builds = (ROOT / ".lock" / "other-builds.txt").read_text(encoding="utf-8")
    checksums = re.findall(
        rf"^([0-9a-f]{{64}})  torch-{re.escape(pins('torch.txt')['torch'][0])}\+", builds, re.MULTILINE
    )
    locked = (ROOT / ".lock" / "torch.txt").read_text(encoding="utf-8")

    assert len(checksums) == len(builds.splitlines())
    assert checksums
    assert [each for each in checksums if f"--hash=sha256:{each}" not in locked] == []
