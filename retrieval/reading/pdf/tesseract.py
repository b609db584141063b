"""
Tesseract, where it is installed: pictures to tables of words.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from retrieval.errors import ScannedError

if TYPE_CHECKING:
    from numpy import ndarray

LANGUAGE: Final = "vie"
PROGRAM: Final = "tesseract"
_PAGE_SECONDS = 120  # a page takes about five, on a busy machine thirty
_TURNED = re.compile(r"^Rotate: (90|180|270)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Tesseract:
    """The installed program, with its Vietnamese data."""

    program: str

    @classmethod
    def found(cls, source: str) -> Tesseract:
        """Find the program, or raise a ScannedError that says what to install."""
        program = shutil.which(PROGRAM)
        try:
            languages = _run(program, "--list-langs").split() if program else []
        except (OSError, subprocess.SubprocessError) as error:
            raise ScannedError(
                f"the text of a scanned page is recognised by {PROGRAM}, which does not run ({type(error).__name__}), "
                f"{source} needs it: install {PROGRAM}-ocr and {PROGRAM}-ocr-{LANGUAGE} again"
            ) from error
        if program is None or LANGUAGE not in languages:
            lacking = "is not installed" if program is None else f"has no language {LANGUAGE!r}"
            raise ScannedError(
                f"the text of a scanned page is recognised by {PROGRAM}, which {lacking}, {source} needs it: install "
                f"{PROGRAM}-ocr and {PROGRAM}-ocr-{LANGUAGE}"
            )
        return cls(program)

    def table(self, picture: ndarray, dpi: int) -> str:
        """The words of a grey picture as TSV; "" if tesseract fails."""
        return self._answer(picture, dpi, "-l", LANGUAGE, "tsv")

    def rotation(self, picture: ndarray, dpi: int) -> int:
        """How many degrees clockwise turn a picture upright; 0 if unknown."""
        found = _TURNED.search(self._answer(picture, dpi, "--psm", "0"))
        return int(found[1]) if found else 0

    def _answer(self, picture: ndarray, dpi: int, *options: str) -> str:
        height, width = picture.shape
        given = b"P5 %d %d 255\n" % (width, height) + picture.tobytes()
        try:
            return _run(self.program, "stdin", "stdout", "--dpi", str(dpi), *options, given=given)
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            return ""


def installed_version() -> str:
    """The version of the installed program, "" if there is none."""
    program = shutil.which(PROGRAM)
    try:
        return _run(program, "--version").partition("\n")[0].strip() if program else ""
    except (OSError, subprocess.SubprocessError):
        return ""


def _run(program: str, *arguments: str, given: bytes = b"") -> str:
    ended = subprocess.run(  # noqa: S603 - the program is found on the operator's own path
        [program, *arguments],
        input=given,
        capture_output=True,
        timeout=_PAGE_SECONDS,
        check=True,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # its threads cost more than they gain
    )
    return ended.stdout.decode("utf-8", "replace")
