"""
Read .doc and .dot with office_oxide and, where it gives more, with LibreOffice.

office_oxide is installed with this program and takes milliseconds. What it does not tell are the fonts of runs, and so
which words of a legacy font are capitals, and the numbers that Word computes for lists. A file that has such fonts or
lists is converted to .docx by LibreOffice where that is installed.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from retrieval.errors import BrokenError, LockedError
from retrieval.reading.docx.reader import read_word
from retrieval.reading.office.libreoffice import INSTALL, convert_with_libreoffice, find_libreoffice
from retrieval.reading.office.word_headers import header_lines
from retrieval.reading.office.word_tree import WordTree
from retrieval.reading.text.syllables import syllable_share

if TYPE_CHECKING:
    from retrieval.reading.document import Content

_LONG = 60  # marked words; of as many in ordinary text, several have a "ư" without a tone
_WORD_97 = 193  # first version of the file format that office_oxide reads: [MS-DOC] 2.5.2
_FILTERS = {101: "MS WinWord 6.0", 104: "MS Word 95"}  # LibreOffice's names of the formats before, by version
_ENCRYPTED = ("encrypt", "password", "obfuscat")  # in office_oxide's messages


def read_old_word(data: bytes, source: str) -> Content:
    """Read a .doc or .dot file."""
    from office_oxide import OfficeOxideError

    try:
        tree = WordTree(_elements(data))
    except OfficeOxideError as error:
        return _read_what_is_older(data, source, str(error))
    if tree.is_incomplete and find_libreoffice():
        return _convert(data, source)
    content = replace(tree.content(), margins=tuple(map(tree.in_unicode, header_lines(data))))
    if content.origin == "tcvn3" and _lacks_a_letter(content.text):
        raise BrokenError(
            f"every letter of a .doc is read, the letter ư of {source} is stored as a hyphen, which only LibreOffice "
            f"reads: {INSTALL}"
        )
    return content


def _elements(data: bytes) -> list[dict[str, Any]]:
    """The elements of all sections of office_oxide's tree."""
    from office_oxide import Document

    return [
        element for section in Document.from_bytes(data, "doc").to_ir()["sections"] for element in section["elements"]
    ]


def _read_what_is_older(data: bytes, source: str, reason: str) -> Content:
    """With LibreOffice, which reads Word 6 and 95 too."""
    if any(word in reason.lower() for word in _ENCRYPTED):
        raise LockedError(f"a document can be read without a password, {source} cannot: save it without one")
    if not find_libreoffice() or not _filter(data):
        raise BrokenError(
            f"a .doc is whole and of Word 97 to 2003, {source} is not ({reason}): save it as .docx, or install "
            f"LibreOffice, which reads older ones too: {INSTALL}"
        )
    return _convert(data, source)


def _lacks_a_letter(text: str) -> bool:
    """Whether a longer text in TCVN3 lacks "ư", which some programs store as a hyphen."""
    return syllable_share(text)[1] >= _LONG and "ư" not in text.lower()


def _convert(data: bytes, source: str) -> Content:
    return read_word(
        convert_with_libreoffice(data, source, infilter=_filter(data), suffix=".doc", target="docx"), source
    )


def _filter(data: bytes) -> str:
    """LibreOffice's name of the format, "" if it is none of Word's."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            head = file.openstream("WordDocument").read(4)
    except Exception:  # noqa: BLE001 - olefile raises whatever a damaged container leads to
        return ""
    version = int.from_bytes(head[2:4], "little")
    return "MS Word 97" if version >= _WORD_97 else _FILTERS.get(version, "")
