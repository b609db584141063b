"""
Corrupt real files and read them: a valid Document or a refusal must result.

    .venv/bin/python -m tests.support.fuzz --reader .pdf --seconds 300 [--seed 1]

Files are spoilt where it hurts: bytes, lengths, members of archives, elements of XML and HTML, lines of text. The
readers run in the process that they always run in, one for all files, which must live. A failure is written to
`fuzz-failures/` and named with its seed.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import sys
import time
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path

from lxml import etree

from retrieval.errors import DocumentError
from retrieval.passage import split_document
from retrieval.reading.files.sidecar import Sidecar
from retrieval.reading.reader import READERS, document_of_outline
from retrieval.reading.sandbox.process import Sandbox

ROOT = Path(__file__).parents[2]
REAL = ROOT / "tests" / "retrieval" / "reading" / "real"
SEEDS = ROOT / "seeds"
SLOWEST = 300.0  # seconds for one of these small files, however busy the machine
WORDS = (
    "\n",
    "\n\n",
    " ",
    "\t",
    "\u00a0",
    "\u00ad",
    "\u200b",
    "\u0301",
    "\ufeff",
    "“",
    '"',
    "(",
    "¹",
    "1. ",
    "a) ",
    "Điều 9. ",
)
MARKS = (*WORDS, "```\n", "| a | b |\n", "|---|---|\n", "[^1]", "[^1]: ", "# ", "---\n", "<!--", "**", "\\", "> ", "- ")
NUMBERS = ("0", "-1", "1", "65536", "2147483648", "1e99", "nan", "x", "")
_PARTS = (
    "word/document.xml", "word/document.xml", "word/styles.xml", "word/numbering.xml", "word/footnotes.xml",
    "content.xml", "content.xml", "styles.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml",
    "ppt/slides/slide1.xml", "ppt/slides/slide1.xml", "ppt/presentation.xml",
)  # fmt: skip
_ZIPPED = (".docx", ".epub", ".odp", ".ods", ".odt", ".pptx", ".xlsx")
_SAME = {  # one format
    ".htm": ".html", ".markdown": ".md", ".docm": ".docx", ".dotx": ".docx", ".dotm": ".docx", ".dot": ".doc",
    ".mht": ".mhtml", ".ott": ".odt", ".pptm": ".pptx", ".xlsm": ".xlsx",
}  # fmt: skip
_TAG = re.compile(rb"<[^<>]*>")
_VALUE = re.compile(rb'(?<==")[^"<>]*(?=")|(?<=[ \[(/])\d+(?=[ \])/\n])')
_CONTROL = re.compile(rb"\\[a-z]+-?\d*|[{}]")


def originals(suffix: str) -> list[bytes]:
    """Real files of a format, and for text the seeds."""
    kind = _SAME.get(suffix, suffix)
    files = sorted(REAL.glob(f"*{kind}")) + sorted(SEEDS.glob(f"*{kind}"))
    return [path.read_bytes() for path in files]


def corrupt(data: bytes, suffix: str, chance: random.Random) -> bytes:
    """The file with one to five things done to it."""
    ways = _WAYS.get(_SAME.get(suffix, suffix), _WAYS[""])
    for _ in range(chance.randint(1, 5)):
        data = chance.choice(ways)(data, chance)
    return data


def fault_of(data: bytes, suffix: str, sandbox: Sandbox) -> str:
    """What is wrong with how a file is read: "" when it is a Document that holds, and "refused: X" for a refusal."""
    name = f"a{suffix}"
    started = time.monotonic()
    try:
        # Own formats too are read in the process, as the command line reads foreign ones: a hang would end the run.
        content = sandbox.read(data, name)
        document = document_of_outline(content, name, sidecar=Sidecar(), sha256="")
    except DocumentError as error:
        return f"refused: {type(error).__name__}"
    text, passages = document.text, split_document(document)
    starts = [passage.start for passage in passages]
    holds = {
        f"it took less than {SLOWEST:g} seconds": time.monotonic() - started < SLOWEST,
        "its text is NFC": unicodedata.is_normalized("NFC", text),
        "passages are where they say": all(text[passage.start : passage.end] == passage.text for passage in passages),
        "blocks lie within the text": all(0 <= block.start <= block.end <= len(text) for block in document.blocks),
        "passages are in order": starts == sorted(starts),
        "read again, it is the same": sandbox.read(data, name) == content,
    }
    return ", ".join(f"not: {promise}" for promise, kept in holds.items() if not kept)


def _bytes(data: bytes, chance: random.Random) -> bytes:
    spoiling = bytearray(data)
    for _ in range(chance.randint(1, 30)):
        if spoiling:
            spoiling[chance.randrange(len(spoiling))] = chance.randrange(256)
    return bytes(spoiling)


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randint(0, len(data))]


def _gap(data: bytes, chance: random.Random) -> bytes:
    start = chance.randint(0, len(data))
    return data[:start] + data[start + chance.randint(1, 2000) :]


def _repeat(data: bytes, chance: random.Random) -> bytes:
    start = chance.randint(0, len(data))
    return data[:start] + data[start : start + chance.randint(1, 400)] * chance.randint(2, 40) + data[start:]


def _value(data: bytes, chance: random.Random) -> bytes:
    """A number or an attribute becomes one that nobody expects."""
    found = [match.span() for match in _VALUE.finditer(data)]
    if not found:
        return _bytes(data, chance)
    start, end = chance.choice(found)
    return data[:start] + chance.choice(NUMBERS).encode() + data[end:]


def _tag(data: bytes, chance: random.Random) -> bytes:
    """A tag is gone, twice there, or in another's place."""
    found = [match.span() for match in _TAG.finditer(data)]
    if not found:
        return _bytes(data, chance)
    start, end = chance.choice(found)
    other = data[slice(*chance.choice(found))]
    return data[:start] + chance.choice((b"", data[start:end] * chance.randint(2, 300), other)) + data[end:]


def _control(data: bytes, chance: random.Random) -> bytes:
    """A control word or a brace of RTF is gone, often there, or another's."""
    found = [match.span() for match in _CONTROL.finditer(data)]
    if not found:
        return _bytes(data, chance)
    start, end = chance.choice(found)
    other = data[slice(*chance.choice(found))]
    number = re.sub(rb"-?\d+", chance.choice(NUMBERS).encode(), data[start:end])
    ways = (b"", data[start:end] * chance.randint(2, 300), other, number)
    return data[:start] + chance.choice(ways) + data[end:]


def _record(data: bytes, chance: random.Random) -> bytes:
    """A length or offset in a binary file becomes one that nobody expects."""
    start = chance.randrange(0, max(1, len(data) - 4), 2)
    size = chance.choice((2, 4))
    value = chance.choice((0, 1, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, chance.randrange(1 << 16)))
    return data[:start] + (value & ((1 << 8 * size) - 1)).to_bytes(size, "little") + data[start + size :]


def _element(data: bytes, chance: random.Random) -> bytes:
    """An element is gone, twice there, or somewhere else, and what comes of it is still XML."""
    try:
        tree = etree.fromstring(data)
    except etree.XMLSyntaxError:
        return _tag(data, chance)
    elements = [element for element in tree.iter() if element.getparent() is not None]
    if not elements:
        return data
    element, other = chance.choice(elements), chance.choice(elements)
    if chance.random() < 0.3:
        element.getparent().remove(element)
    elif element not in other.iterancestors() and other is not element:
        other.append(element if chance.random() < 0.5 else deepcopy(element))
    if element.attrib and chance.random() < 0.5:
        element.set(chance.choice(sorted(element.attrib)), chance.choice(NUMBERS))
    return etree.tostring(tree)


def _words(data: bytes, chance: random.Random) -> bytes:
    """Marks that mean something to a reader, anywhere in the text."""
    text = data.decode("utf-8", "replace")
    start = chance.randint(0, len(text))
    return (text[:start] + chance.choice(MARKS) * chance.choice((1, 2, 3, 50)) + text[start:]).encode()


def _lines(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    start = chance.randrange(len(lines))
    moved = lines[start : start + chance.randint(1, 8)]
    rest = lines[:start] + lines[start + len(moved) :]
    at = chance.randint(0, len(rest))
    return b"\n".join(rest[:at] + moved * chance.randint(0, 3) + rest[at:])


def _decomposed(data: bytes, chance: random.Random) -> bytes:
    return unicodedata.normalize(chance.choice(("NFD", "NFKD")), data.decode("utf-8", "replace")).encode()


def _member(data: bytes, chance: random.Random) -> bytes:
    """One part of an archive is spoilt, gone, empty or another."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, RuntimeError, KeyError):
        return _bytes(data, chance)
    except Exception as error:  # noqa: BLE001 - zlib's own, which has no public base
        return _bytes(data, chance) if "zlib" in type(error).__module__ else _cut(data, chance)
    if not parts:
        return data
    likely = [name for name in _PARTS if name in parts] or sorted(parts)
    name = chance.choice(sorted(parts) if chance.random() < 0.2 else likely)
    way = chance.choice((_element, _element, _element, _element, _value, _value, _tag, _bytes, None))
    parts[name] = way(parts[name], chance) if way else parts[chance.choice(sorted(parts))]
    if chance.random() < 0.05:
        del parts[name]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, words in parts.items():
            archive.writestr(part, words)
    return buffer.getvalue()


_Way = Callable[[bytes, random.Random], bytes]
_WAYS: dict[str, Sequence[_Way]] = {
    **dict.fromkeys(_ZIPPED, (_member, _member, _member, _member, _bytes, _cut)),
    ".pdf": (_bytes, _cut, _gap, _repeat, _value, _value, _value),
    ".doc": (_record, _record, _record, _bytes, _cut, _gap),
    ".dot": (_record, _record, _record, _bytes, _cut, _gap),
    ".ppt": (_record, _record, _record, _bytes, _cut, _gap),
    ".xls": (_record, _record, _record, _bytes, _cut, _gap),
    ".rtf": (_control, _control, _control, _bytes, _cut, _gap, _repeat),
    ".html": (_tag, _tag, _value, _words, _bytes, _gap, _repeat, _decomposed),
    "": (_words, _words, _lines, _lines, _bytes, _cut, _gap, _repeat, _decomposed),
}


def main() -> int:
    """Spoils and reads until the time is over; 1 when something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reader", choices=sorted(READERS), required=True)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    ended = time.monotonic() + options.seconds
    outcomes: Counter[str] = Counter()
    seed, failures = options.seed, Path("fuzz-failures")
    with Sandbox() as sandbox:
        while time.monotonic() < ended:
            chance = random.Random(seed)  # noqa: S311 - a seed that finds the same file again is what is wanted
            data = corrupt(chance.choice(originals(options.reader)), options.reader, chance)
            fault = fault_of(data, options.reader, sandbox)
            outcomes[fault or "read"] += 1
            if fault and not fault.startswith("refused"):
                failures.mkdir(exist_ok=True)
                (failures / f"{seed}{options.reader}").write_bytes(data)
                sys.stdout.write(f"seed {seed}: {fault}\n")
            seed += 1
    sys.stdout.write(f"{options.reader}: {outcomes.total()} files, {dict(outcomes.most_common())}\n")
    return int(any(not kind.startswith(("read", "refused")) for kind in outcomes))


if __name__ == "__main__":
    sys.exit(main())
