"""
Real programs that write documents: LibreOffice, Chromium, wkhtmltopdf and pandoc.

Each is fed one HTML page per document.

What is proven with them is that the readers find in a file what was put into it, whoever wrote the file. A program that
is not installed is passed over.
"""

from __future__ import annotations

import base64
import html
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

_TOGETHER = 60  # files that LibreOffice converts in one run


@dataclass(frozen=True, slots=True)
class Producer:
    """One way of making files of one suffix; `write` turns pages (file stem -> HTML) into files in a folder."""

    name: str
    suffix: str
    program: str
    write: Callable[[Mapping[str, str], Path], None]

    @property
    def is_installed(self) -> bool:
        """Whether the program is on the path."""
        return shutil.which(self.program) is not None

    @property
    def version(self) -> str:
        """What the program says of itself."""
        said = subprocess.run([self.program, "--version"], capture_output=True, text=True, check=False)
        return (said.stdout or said.stderr).strip().splitlines()[0]


def page_of(title: str, paragraphs: Sequence[str]) -> str:
    """A plain HTML page."""
    body = "\n".join(f"<p>{html.escape(words)}</p>" for words in paragraphs)
    return (
        f'<!doctype html>\n<html lang="vi"><head><meta charset="utf-8"><title>{html.escape(title)}</title></head>\n'
        f"<body><h1>{html.escape(title)}</h1>\n{body}\n</body></html>\n"
    )


def _with_pandoc(suffix: str, *options: str) -> Callable[[Mapping[str, str], Path], None]:
    def write(pages: Mapping[str, str], folder: Path) -> None:
        for name, page in pages.items():
            target = folder / f"{name}{suffix}"
            command = ["pandoc", "--from=html", *options, f"--output={target}"]
            subprocess.run(command, input=page.encode(), check=True, capture_output=True)

    return write


def with_libreoffice(*formats: str) -> Callable[[Mapping[str, str], Path], None]:
    """Write pages with LibreOffice: each format is made from the one before it, the first from HTML."""

    def write(pages: Mapping[str, str], folder: Path) -> None:
        with tempfile.TemporaryDirectory() as temporary:
            sources = _written(pages, Path(temporary) / "html")
            options = ["--infilter=HTML (StarWriter)"]
            for format_ in formats:
                target = folder if format_ == formats[-1] else Path(temporary) / format_
                _convert(sources, format_, target, options, Path(temporary) / "profile")
                sources = [target / f"{source.stem}.{format_}" for source in sources]
                options = []

    return write


def _convert(sources: Sequence[Path], format_: str, target: Path, options: Sequence[str], profile: Path) -> None:
    for start in range(0, len(sources), _TOGETHER):
        command = [
            *("soffice", "--headless", f"-env:UserInstallation={profile.as_uri()}", *options),
            *("--convert-to", format_, "--outdir", str(target)),
            *map(str, sources[start : start + _TOGETHER]),
        ]
        subprocess.run(command, check=True, capture_output=True)


def convert_with_libreoffice(source: Path, target: Path) -> None:
    """One file in another format, by the suffix of `target`."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _convert([source], target.suffix[1:], folder, [], folder / "profile")
        target.write_bytes((folder / f"{source.stem}{target.suffix}").read_bytes())


def _with_wkhtmltopdf(pages: Mapping[str, str], folder: Path) -> None:
    for name, page in pages.items():
        command = ["wkhtmltopdf", "--quiet", "--encoding", "utf-8", "-", str(folder / f"{name}.pdf")]
        subprocess.run(command, input=page.encode(), check=True, capture_output=True)


def _with_chromium(pages: Mapping[str, str], folder: Path) -> None:
    """All pages through one browser, by the DevTools protocol over its pipe: starting it costs more than printing."""
    with tempfile.TemporaryDirectory() as temporary, _browser(Path(temporary) / "profile") as call:
        for source in _written(pages, Path(temporary) / "html"):
            target = call("Target.createTarget", {"url": "about:blank"})["targetId"]
            session = call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
            call("Page.navigate", {"url": source.as_uri()}, session)
            ready = "document.readyState === 'complete' || new Promise(done => addEventListener('load', done))"
            call("Runtime.evaluate", {"expression": ready, "awaitPromise": True}, session)
            printed = call("Page.printToPDF", {"preferCSSPageSize": True}, session)
            (folder / f"{source.stem}.pdf").write_bytes(base64.b64decode(printed["data"]))
            call("Target.closeTarget", {"targetId": target})


@contextmanager
def _browser(profile: Path) -> Iterator[Callable[..., dict[str, Any]]]:
    # The browser reads commands from descriptor 3 and writes answers to 4, which only a shell can promise it.
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    browser = subprocess.Popen(
        [
            *("sh", "-c", f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}', "sh", "chromium", "--headless", "--no-sandbox"),
            *("--disable-gpu", "--disable-dev-shm-usage", f"--user-data-dir={profile}", "--remote-debugging-pipe"),
        ],
        pass_fds=(theirs_in, theirs_out),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs_in)
    os.close(theirs_out)
    with os.fdopen(ours_out, "wb") as commands, os.fdopen(ours_in, "rb") as answers:
        try:
            yield _caller(commands, answers)
        finally:
            browser.kill()
            browser.wait()


def _caller(commands: IO[bytes], answers: IO[bytes]) -> Callable[..., dict[str, Any]]:
    count = 0

    def call(method: str, params: dict[str, Any], session: str = "") -> dict[str, Any]:
        nonlocal count
        count += 1
        message = {"id": count, "method": method, "params": params} | ({"sessionId": session} if session else {})
        commands.write(json.dumps(message).encode() + b"\0")
        commands.flush()
        while (answer := json.loads(_until_nul(answers))).get("id") != count:
            pass
        return dict(answer["result"])

    return call


def _until_nul(answers: IO[bytes]) -> bytes:
    parts = []
    while (byte := answers.read(1)) != b"\0":
        if not byte:
            raise EOFError("a browser answers, this one ended: run it by hand to see why")
        parts.append(byte)
    return b"".join(parts)


def _written(pages: Mapping[str, str], folder: Path) -> list[Path]:
    folder.mkdir()
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    return [folder / f"{name}.html" for name in pages]


PRODUCERS = (
    Producer("pandoc to Markdown", ".md", "pandoc", _with_pandoc(".md", "--to=gfm")),
    Producer("pandoc to HTML", ".html", "pandoc", _with_pandoc(".html", "--standalone")),
    Producer("pandoc to DOCX", ".docx", "pandoc", _with_pandoc(".docx")),
    Producer("LibreOffice to DOCX", ".docx", "soffice", with_libreoffice("docx")),
    Producer("LibreOffice to ODT to DOCX", ".docx", "soffice", with_libreoffice("odt", "docx")),
    Producer("LibreOffice to ODT", ".odt", "soffice", with_libreoffice("odt")),
    Producer("LibreOffice to DOC", ".doc", "soffice", with_libreoffice("doc")),
    Producer("LibreOffice to RTF", ".rtf", "soffice", with_libreoffice("rtf")),
    Producer("LibreOffice to PDF", ".pdf", "soffice", with_libreoffice("pdf")),
    Producer("Chromium to PDF", ".pdf", "chromium", _with_chromium),
    Producer("wkhtmltopdf to PDF", ".pdf", "wkhtmltopdf", _with_wkhtmltopdf),
)
