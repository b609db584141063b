"""A small fixed sample of `tests.support.fuzz`, which does the long runs."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image

from retrieval.reading.pdf.pictures import SUFFIXES as PICTURES
from retrieval.reading.reader import READERS
from retrieval.reading.sandbox.process import Sandbox
from tests.support.fuzz import corrupt, fault_of, originals

pytestmark = pytest.mark.slow

FILES = 6


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    with Sandbox() as opened:
        yield opened


@pytest.mark.parametrize("suffix", sorted(set(READERS) - {".htm", ".markdown"} - PICTURES))
def test_spoilt_files_are_read_or_refused(suffix: str, sandbox: Sandbox) -> None:
    """Real files with damaged bytes, parts, tags or lines give a valid document, the same twice, or a refusal."""
    faults = {}
    for seed in range(FILES):
        chance = random.Random(seed)  # noqa: S311 - always the same files
        data = corrupt(chance.choice(originals(suffix)), suffix, chance)
        faults[seed] = fault_of(data, suffix, sandbox)

    assert {seed: fault for seed, fault in faults.items() if fault and not fault.startswith("refused")} == {}


@pytest.mark.parametrize("suffix", sorted(set(READERS) - {".htm", ".markdown"} - PICTURES))
def test_the_files_themselves_are_read(suffix: str, sandbox: Sandbox) -> None:
    """The files that are damaged there are good: each gives a valid document."""
    files = originals(suffix)

    assert [fault_of(data, suffix, sandbox) for data in files] == [""] * len(files) != []


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "TIFF"])
def test_spoilt_pictures_are_refused(format_: str, sandbox: Sandbox) -> None:
    """A picture is never a document by itself; a damaged one is refused as well, and no other error comes."""
    buffer = io.BytesIO()
    Image.linear_gradient("L").save(buffer, format_)
    found = set()
    for seed in range(FILES):
        data = corrupt(buffer.getvalue(), ".pdf", random.Random(seed))  # noqa: S311 - always the same files
        found.add(fault_of(data, ".png", sandbox))

    assert found <= {f"refused: {kind}" for kind in ("ScannedError", "BrokenError", "SizeError", "ExhaustedError")}
