"""
Convert files with LibreOffice, where it is installed.

It runs in the sandbox's process group, under its limits of memory and time and confined as it is, with a profile of its
own in a folder that is deleted afterwards: no macros, no links that are followed, and a proxy that is not there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from retrieval.errors import BrokenError

INSTALL: Final = "apt-get install libreoffice-writer-nogui"
_PROGRAMS = ("soffice", "libreoffice")
_BINARY = "soffice.bin"  # beside the program that starts it, which looks for a running office in /tmp
_RESTART = 81  # its exit code, once, after it has set up a new profile: EXITHELPER_NORMAL_RESTART
_STARTS = 3
_NO_NETWORK = "http://127.0.0.1:9"  # the discard port, where nothing listens
_SETTINGS = (
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Office.Writer/Content/Update", "Field", "false"),
)


def find_libreoffice() -> str:
    """The path of LibreOffice, "" if it is not installed."""
    return next(filter(None, map(shutil.which, _PROGRAMS)), "")


def libreoffice_version() -> str:
    """What changes when LibreOffice is installed, updated or removed; quick, without starting it."""
    program = find_libreoffice()
    if not program:
        return ""
    place = Path(program).resolve()
    return f"{place} {place.stat().st_mtime_ns}"


def convert_with_libreoffice(data: bytes, source: str, *, infilter: str, suffix: str, target: str) -> bytes:
    """
    The file in another format, such as "docx"; BrokenError if LibreOffice writes none.

    `infilter`: LibreOffice's name of the file's format. Left to itself it opens a damaged file as plain text.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_profile(folder / "profile")
        (folder / f"document{suffix}").write_bytes(data)
        for _ in range(_STARTS):
            if _run(folder, f"document{suffix}", infilter, target) != _RESTART:
                break
        written = folder / "out" / f"document.{target}"
        if not written.exists():
            raise BrokenError(
                f"LibreOffice can open a document, {source} it cannot: open it in its own program and save it again"
            )
        return written.read_bytes()


def _run(folder: Path, name: str, infilter: str, target: str) -> int:
    """
    Run it and return the exit code.

    Without a time limit of its own: the sandbox kills the whole process group.
    """
    return subprocess.run(  # noqa: S603 - the program is found on the operator's own path
        [
            *(_binary(), "--headless", "--norestore", "--nolockcheck", "--nofirststartwizard"),
            *(f"-env:UserInstallation={(folder / 'profile').as_uri()}", f"--infilter={infilter}"),
            f"-env:OSL_SOCKET_PATH={tempfile.gettempdir()}",  # where it may not write to /tmp
            *("--convert-to", target),
            *("--outdir", str(folder / "out"), str(folder / name)),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        cwd=folder,
        env={
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "LANG": "C.UTF-8",
            "SAL_USE_VCLPLUGIN": "svp",
            **dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy"), _NO_NETWORK),
        },
    ).returncode


def _binary() -> str:
    program = find_libreoffice()
    binary = Path(program).resolve().with_name(_BINARY)
    return str(binary) if binary.is_file() else program


def _write_profile(folder: Path) -> None:
    (folder / "user").mkdir(parents=True)
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (folder / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )
