"""
Quotes: verified spans of documents, and their citations.

Nothing is shown except through `verified_quote`.
"""

from __future__ import annotations

import os
import stat
import threading
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from embeddings.durable_file import file_sha256
from retrieval.answering.legal_remarks import legal_remarks
from retrieval.errors import SidecarError, StaleQuote
from retrieval.index.records.catalogue import Catalogue
from retrieval.index.records.document_record import DocumentRecord
from retrieval.index.records.legal_status import LegalStatus
from retrieval.index.records.stored_document import StoredDocument
from retrieval.passage import Passage, PassageKind
from retrieval.reading.document import BETWEEN_CELLS, Origin
from retrieval.reading.files.file_state import UNREADABLE, is_unreadable
from retrieval.reading.files.sidecar import read_sidecar, sidecar_path
from retrieval.reading.lead_in import BETWEEN
from retrieval.reading.provision import article_in, headings_of, lead_in_of

# Remarks for the reader of a quote whose characters are not the file's own.
ORIGINS: dict[Origin, str] = {
    "": "",
    "tcvn3": "chuyển từ phông chữ TCVN3",
    "vni": "chuyển từ phông chữ VNI",
    "viscii": "chuyển từ bảng mã VISCII",
    "vps": "chuyển từ phông chữ VPS",
    "ocr": "nhận dạng từ ảnh",
}
_KEPT = "bản trước; tệp hiện không đọc được"
UNDATED = "không rõ ngày"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a quote stands."""

    source: str
    title: str
    publisher: str
    author: str
    published: date | None
    kind: PassageKind
    paragraph: int
    paragraphs: int
    section: str
    marker: str
    page: int | None = None
    last_page: int | None = None
    origin: Origin = ""
    kept: bool = False  # the file can no longer be read: quoted from its last good version
    number: str = ""  # of an administrative document
    is_title_shared: bool = False  # another document has the same title, so the file has to be named
    status: LegalStatus = LegalStatus()  # noqa: RUF009 - frozen
    as_of: date = date.max  # the day of the question

    @property
    def place(self) -> str:
        """Example: "đoạn 7/19", "chú thích 2 của đoạn 5/9" """
        paragraph = f"đoạn {self.paragraph}/{self.paragraphs}"
        if self.kind == "footnote":
            return f"chú thích {self.marker} của {paragraph}"
        return f"chú thích ảnh sau {paragraph}" if self.kind == "caption" else paragraph

    @property
    def provision(self) -> str:
        """Example: "Điều 5, khoản 2", or where there is no article "đoạn 7/19" """
        return article_in(self.section) or self.place

    @property
    def line(self) -> str:
        """
        The citation in one line; a missing date is stated as unknown.

        Example: "QPTD · 09/03/2023 · Điều 5, khoản 2 · trang 7–8 · đoạn 7/19 · câu dẫn: “Hồ sơ gồm:”"
        """
        section = article_in(self.section) or headings_of(self.section)
        where = (section, self._page, self.place, self._lead_in)
        parts = (self._number, self.publisher, self._day, *where, *self._force, *self._remarks, self._file)
        return " · ".join(part for part in parts if part)

    @property
    def _lead_in(self) -> str:
        """The sentence that leads into the list in which the quote stands."""
        lead_in = lead_in_of(self.section)
        return f"câu dẫn: “{lead_in}”" if lead_in else ""

    @property
    def brief(self) -> str:
        """
        The citation with the title, for use in a sentence.

        Example: "Hội nhập quốc tế (QPTD, 09/03/2023), đoạn 7/19"
        """
        about = ", ".join(part for part in (self._file, self._number, self.publisher, self._day) if part)
        where = (article_in(self.section), self._page, self.place, *self._force, *self._remarks)
        return ", ".join((f"{self.title} ({about})", *(part for part in where if part)))

    @property
    def _force(self) -> tuple[str, ...]:
        return tuple(legal_remarks(self.status, self.as_of))

    @property
    def _remarks(self) -> tuple[str, ...]:
        return ORIGINS[self.origin], _KEPT if self.kept else ""

    @property
    def remark(self) -> str:
        """
        What the reader must know about the quoted text, "" when nothing.

        Example: "nhận dạng từ ảnh"
        """
        return "; ".join(filter(None, self._remarks))

    @property
    def _file(self) -> str:
        return self.source if self.is_title_shared else ""

    @property
    def _number(self) -> str:
        return f"số {self.number}" if self.number and self.number not in self.title else ""

    @property
    def _page(self) -> str:
        over = f"–{self.last_page}" if self.last_page and self.last_page != self.page else ""
        return f"trang {self.page}{over}" if self.page else ""

    @property
    def _day(self) -> str:
        return f"{self.published:%d/%m/%Y}" if self.published else UNDATED


@dataclass(frozen=True, slots=True)
class Quote:
    """``document.text[start:end] == text``; `highlight` is (start, end) inside `text`."""

    passage_id: str
    doc_id: str
    start: int
    end: int
    text: str
    highlight: tuple[int, int]
    citation: Citation

    @property
    def highlighted(self) -> str:
        """The highlighted words."""
        return self.text[slice(*self.highlight)]

    @property
    def columns(self) -> str:
        """
        The header above a table's row, "" for what is no row.

        Example: "Chức vụ | Hệ số | Mức phụ cấp" for "Trưởng phòng | 0,5 | 900.000 đồng"
        """
        last = self.citation.section.rpartition(BETWEEN)[2]
        cells = last.count(BETWEEN_CELLS)
        return last if cells and self.text.count(BETWEEN_CELLS) == cells else ""


class SourceWatch:
    """
    Checks whether the files behind an index are still what was indexed.

    A file is hashed on first use and whenever its size, times or inode change. Thread-safe.
    """

    def __init__(self, root: Path | None) -> None:
        self._root = root
        self._seen: dict[Path, tuple[tuple[int, ...], str]] = {}
        self._lock = threading.Lock()

    def path(self, record: DocumentRecord) -> Path | None:
        """
        The path of the record's file.

        None for an index that was not built from files.
        """
        return None if self._root is None else self._root / record.file

    def is_withdrawn(self, record: DocumentRecord) -> bool:
        """Whether the record's file was deleted or moved away."""
        path = self.path(record)
        if path is None:
            return False
        try:
            path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError:  # it is there, and cannot be looked at now
            return False
        return False

    def check(self, record: DocumentRecord) -> None:
        """Raise StaleQuote when the record's file is gone, or it or its sidecar has changed."""
        path = self.path(record)
        if path is None:
            return
        if record.kept == UNREADABLE:
            self._check_unreadable(record)
            return
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                raise StaleQuote(f"{record.source} was indexed and is no longer a file: run `trichdan index`")
            found = self._sha256(path, status)
            if not (record.kept or record.archive or record.sidecar is None):
                self._check_sidecar(record, path)
        except OSError as error:
            raise StaleQuote(
                f"{record.source} was indexed and can no longer be read ({error.strerror}): run `trichdan index`"
            ) from error
        if found != (record.kept or record.sha256):
            raise StaleQuote(f"{record.source} has changed since it was indexed: run `trichdan index`")

    def _sha256(self, path: Path, status: os.stat_result) -> str:
        signature = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        with self._lock:
            if self._seen.get(path, ((), ""))[0] != signature:
                self._seen[path] = (signature, file_sha256(path))
            return self._seen[path][1]

    def _check_sidecar(self, record: DocumentRecord, document: Path) -> None:
        """The publisher and the date of a citation may stand there."""
        path = sidecar_path(document)
        if (self._sha256(path, path.stat()) if path else "") != record.sidecar and _is_usable(document):
            raise StaleQuote(
                f"the .meta.toml of {record.source} has changed since it was indexed: run `trichdan index`"
            )

    def _check_unreadable(self, record: DocumentRecord) -> None:
        if self._root is not None and not is_unreadable(self._root / record.file):
            raise StaleQuote(
                f"{record.source} could not be read when it was last indexed, and has changed since: "
                "run `trichdan index`"
            )


def _is_usable(document: Path) -> bool:
    """
    Whether a document's sidecar says anything.

    One that cannot be used leaves the document as it was last read.
    """
    try:
        read_sidecar(document)
    except SidecarError:
        return False
    return True


def verified_quote(
    passage: Passage,
    highlight: tuple[int, int],
    document: StoredDocument,
    *,
    watch: SourceWatch,
    catalogue: Catalogue,
    today: date,
) -> Quote:
    """
    Quote a passage after checking it and its document.

    The passage is checked against the stored document, and that document against its file. Its legal force is what the
    documents of the catalogue state.

    Raises:
        StaleQuote: the text is not at that offset, or the file has changed since it was indexed.
        DamagedIndex: the stored document does not match its hash.
    """
    record = document.record
    watch.check(record)
    if document.text[passage.start : passage.end] != passage.text:
        raise StaleQuote(
            f"{passage.passage_id} is not at offset {passage.start} of its document: run `trichdan index --rebuild`"
        )
    return Quote(
        passage_id=passage.passage_id,
        doc_id=passage.doc_id,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        highlight=highlight,
        citation=Citation(
            source=record.source,
            title=record.title,
            publisher=record.publisher,
            author=record.author,
            published=record.published,
            kind=passage.kind,
            paragraph=passage.paragraph,
            paragraphs=passage.paragraphs,
            section=passage.section,
            marker=passage.marker,
            page=passage.page,
            last_page=passage.last_page,
            origin=record.origin,
            kept=bool(record.kept),
            number=record.number,
            is_title_shared=record.title in catalogue.shared_titles,
            status=catalogue.legal_statuses.of(passage.doc_id),
            as_of=today,
        ),
    )
