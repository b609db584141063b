"""
Open Word files with python-docx: also strict ones, templates and those with macros.

Strict files hold the same XML under other names, which are replaced in memory before it is parsed.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

from retrieval.errors import BrokenError
from retrieval.reading.assembly.zip_parts import has_macros, open_parts

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_OTHER_TYPES = re.compile(
    r"application/vnd\.(?:ms-word\.document\.macroEnabled|ms-word\.template\.macroEnabledTemplate"
    r"|openxmlformats-officedocument\.wordprocessingml\.template)\.main\+xml",
    re.IGNORECASE,
)
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_STRICT_MARK = b"purl.oclc.org/ooxml/officeDocument"
_RELATIONSHIPS = "_rels/.rels"


def open_word(data: bytes, source: str) -> tuple[WordDocument, bool]:
    """The document, and whether the file has macros."""
    from docx.opc.package import Unmarshaller
    from docx.opc.pkgreader import PackageReader
    from docx.package import Package
    from docx.parts.document import DocumentPart

    with open_parts(data, source) as parts:
        is_program = has_macros(parts)
        if _RELATIONSHIPS in parts.namelist() and _STRICT_MARK in parts.read(_RELATIONSHIPS):
            data = _transitional(parts)
    package = Package()
    reader: Any = PackageReader  # python-docx gives neither any types
    unmarshaller: Any = Unmarshaller
    unmarshaller.unmarshal(reader.from_file(io.BytesIO(data)), package, _part)
    main = package.main_document_part
    if not isinstance(main, DocumentPart):
        raise BrokenError(
            f"a Word file has a document as its main part, {source} has {main.content_type}: "
            "open it in its own program and save it as .docx"
        )
    return main.document, is_program


def _part(name: Any, kind: str, relation: str, data: bytes, package: Any) -> Any:  # noqa: ANN401 - as python-docx calls it
    """A part of the file; an embedded file is not parsed."""
    from docx.opc.constants import CONTENT_TYPE
    from docx.opc.part import Part, PartFactory

    if relation.endswith("/aFChunk"):
        return Part(name, kind, data, package)
    return PartFactory(
        name, CONTENT_TYPE.WML_DOCUMENT_MAIN if _OTHER_TYPES.fullmatch(kind) else kind, relation, data, package
    )


def _transitional(parts: zipfile.ZipFile) -> bytes:
    """The same file with the names that Word writes by default."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as renamed:
        for name in dict.fromkeys(parts.namelist()):
            part = parts.read(name)
            if name.endswith((".xml", ".rels")):
                part = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", part)
            renamed.writestr(name, part)
    return buffer.getvalue()
