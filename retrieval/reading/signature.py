"""
The format of an office file by its content: many carry another's suffix.

Programs have long written RTF and HTML as .doc and .xls, and open them without a word.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final

_RENAMED: Final = frozenset(
    {
        ".doc", ".docm", ".docx", ".dot", ".dotm", ".dotx", ".htm", ".html", ".mht", ".mhtml", ".odp", ".ods", ".odt",
        ".ott", ".pdf", ".ppt", ".pptm", ".pptx", ".rtf", ".txt", ".xls", ".xlsm", ".xlsx",
    }
)  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = {"WordDocument": ".doc", "Workbook": ".xls", "Book": ".xls", "PowerPoint Document": ".ppt"}
_PARTS = {"word/document.xml": ".docx", "xl/workbook.xml": ".xlsx", "ppt/presentation.xml": ".pptx"}
_STARTS = {b"%PDF-": ".pdf", rb"{\rtf": ".rtf"}
# The first part of an OpenDocument file is its type, unpacked.
_OPEN_KIND = re.compile(
    rb"PK.{28}mimetypeapplication/vnd\.oasis\.opendocument\.(?P<kind>text|spreadsheet|presentation)", re.DOTALL
)
_SIGNATURE = re.compile(
    rb"(?:[A-Za-z][\w-]*:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){0,40}?(?:MIME-Version:|Content-Type:\s*multipart/related)",
    re.IGNORECASE,
)
_HTML = re.compile(
    rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|meta|body)\b", re.IGNORECASE | re.DOTALL
)
_ALIKE = {
    ".dot": ".doc", ".docm": ".docx", ".dotx": ".docx", ".dotm": ".docx", ".htm": ".html", ".mht": ".mhtml",
    ".ott": ".odt", ".pptm": ".pptx", ".xlsm": ".xlsx",
}  # fmt: skip
_OPEN_DOCUMENTS = {b"text": ".odt", b"spreadsheet": ".ods", b"presentation": ".odp"}
_IN_TEXT = frozenset({".mhtml"})  # what a .txt file is surely not meant to show as it is
_LONGEST_START = 4096  # bytes in which an HTML page begins


def suffix_of_content(data: bytes, suffix: str) -> str:
    """The suffix that fits the content; the file's own if that may be right."""
    if suffix not in _RENAMED:
        return suffix
    found = _suffix(data)
    if suffix == ".txt" and found not in _IN_TEXT:
        return suffix
    return suffix if not found or found == _ALIKE.get(suffix, suffix) else found


def _suffix(data: bytes) -> str:
    """The suffix by first bytes or parts of a container, "" if unknown."""
    start = data[:_LONGEST_START].removeprefix(b"\xef\xbb\xbf").lstrip()
    if data.startswith(_OLE):
        return _suffix_of_ole(data)
    if data.startswith(b"PK\x03\x04"):
        return _suffix_of_zip(data)
    if is_web_archive(data):
        return ".mhtml"
    known = (suffix for signature, suffix in _STARTS.items() if start.startswith(signature))
    return next(known, ".html" if _HTML.match(start) else "")


def is_web_archive(data: bytes) -> bool:
    """Whether bytes are a web page that was saved in one file, as .mhtml."""
    head = data[: 2 * _LONGEST_START].lstrip()
    return _SIGNATURE.match(head) is not None and re.search(rb"multipart/related", head, re.IGNORECASE) is not None


def _suffix_of_ole(data: bytes) -> str:
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            return next((suffix for stream, suffix in _STREAMS.items() if file.exists(stream)), "")
    except Exception:  # noqa: BLE001 - olefile raises whatever a damaged container leads to; its own reader refuses it
        return ""


def _suffix_of_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = set(parts.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return ""
    kind = _OPEN_KIND.match(data[:_LONGEST_START])
    if kind:
        return _OPEN_DOCUMENTS[kind["kind"]]
    return next((suffix for part, suffix in _PARTS.items() if part in names), "")
