"""
The Retriever: a question in, an Answer out; the public entrance to an index.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from embeddings import Encoder, LoadOptions
from embeddings.load_options import DEFAULT_OPTIONS
from retrieval.answering.answer import Answer
from retrieval.answering.open_generation import OpenGeneration
from retrieval.answering.parts import join_parts
from retrieval.answering.pipeline import Pipeline
from retrieval.answering.query_encoder import QueryEncoder
from retrieval.answering.quote import Quote, SourceWatch
from retrieval.answering.source_file import read_source
from retrieval.errors import IndexFault, IndexMismatch, StaleQuote
from retrieval.index.address import AnyAddress, IndexAddress
from retrieval.index.manifest import Manifest
from retrieval.index.opening import open_place
from retrieval.index.place import Place
from retrieval.index.records.document_record import DocumentRecord
from retrieval.index.scoring.field_query import Field
from retrieval.passage import Passage
from retrieval.question.parts import split_parts
from retrieval.ranking.learned.stored_calibrations import calibration_version, read_calibrations
from retrieval.ranking.ranking import Ranking

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.reading.pdf.page_image import PageImage
    from retrieval.reading.sandbox.process import Sandbox


class Retriever:
    """
    Answer questions from the live generation of an index.

    Thread-safe. Moves to a new generation at the next question; questions in progress finish on the old one.

    Args:
        index: its address, or the place itself.
        encoder: the model that the index was built with; by default loaded at the first question, as the manifest says.
        options: how a model is run that is loaded here.
        generation: answer from this generation only, live or not.
        today: tells the day by which documents are in force.
    """

    def __init__(
        self,
        index: AnyAddress | Place,
        encoder: Encoder | None = None,
        *,
        options: LoadOptions = DEFAULT_OPTIONS,
        generation: str | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._place = open_place(index) if isinstance(index, IndexAddress | Path | str) else index
        self._today = today
        self._pinned = generation
        self._encoder = QueryEncoder(encoder, options)
        self._pipeline = Pipeline(self._encoder)
        self._lock = threading.Lock()
        self._generation: OpenGeneration | None = None
        self._calibration_version: tuple[int, ...] | None = None

    def ask(
        self, question: str, *, k: int = 3, previous: str | None = None, within: frozenset[str] | None = None
    ) -> Answer:
        """
        Answer a question with at most `k` quotes, best first.

        Args:
            previous: the previous answer's `query.context`, by which a follow-up ("còn năm 2023?") is understood.
            within: the collections that the reader may see, None for all; the rest is not searched, named,
                counted or used as vocabulary.

        Raises:
            QuestionError: the question is empty or too long.
            IndexFault: there is no index, or not one that this program and model can search.
        """
        generation = self._open(within)
        answer = self._pipeline.answer(generation, question, k, previous)
        parts = () if answer.absence else split_parts(answer.query.text)
        if not parts:
            return answer
        # "Ai ký và ông sinh ở đâu?": a later part may speak of what the first one names.
        context = None
        answered: list[Answer] = []
        for part in parts:
            answered.append(self._pipeline.answer(generation, part, 1, context))
            context = answered[0].query.context
        return join_parts(answer, answered, k)

    def rank(self, question: str, *, previous: str | None = None, within: frozenset[str] | None = None) -> Ranking:
        """The ranked candidates without quotes, for training and evaluation; raises as `ask` does."""
        return self._pipeline.rank(self._open(within), question, previous=previous)

    def idf(self, field: Field, term: str) -> float:
        """How rare a term is in the live generation."""
        return self._open().index.rarity((term,)).idf(field, term)

    def passage(self, passage_id: str, *, within: frozenset[str] | None = None) -> Quote:
        """
        The verified quote of a passage.

        UnknownPassage when it is missing or may not be seen.
        """
        generation = self._open(within)
        return generation.whole_quote(generation.index.passage(passage_id))

    def page_images(
        self, quote: Quote, *, sandbox: Sandbox, within: frozenset[str] | None = None
    ) -> tuple[PageImage, ...]:
        """
        The PDF pages that hold a quote, with its paragraph marked.

        Raises as `passage` and `quote_pages.page_images_of_passage` do.
        """
        from retrieval.answering.quote_pages import (
            page_images_of_passage,  # loads the PDF reader, which questions do not need
        )

        generation = self._open(within)
        passage = generation.index.passage(quote.passage_id)
        if passage.text != quote.text:
            raise StaleQuote(f"{quote.passage_id} reads otherwise since it was quoted: ask again")
        return page_images_of_passage(generation, passage, sandbox)

    def write_html_page(
        self, passage_id: str, target: Path, *, sandbox: Sandbox, images: int, within: frozenset[str] | None = None
    ) -> str:
        """
        Write the page of HTML of a passage's document; returns its source.

        Raises:
            UnknownPassage: there is no such passage, or it may not be seen.
            StaleQuote: the file is no longer what was indexed.
            DocumentError: it cannot be read in the sandbox.
        """
        from retrieval.answering.quote_pages import original_file
        from retrieval.inspection.document_bytes import document_of_bytes
        from retrieval.inspection.write_page import write_html_page
        from retrieval.reading.files.sidecar import Sidecar

        generation = self._open(within)
        doc_id = generation.index.passage(passage_id).doc_id
        record = generation.index.stored_documents((doc_id,))[doc_id].record
        if record.kept:
            raise StaleQuote(f"{record.source} was indexed and can no longer be read: run `trichdan index`")
        data = original_file(generation, record)
        known = Sidecar(record.title, record.publisher, record.author, record.published)
        write_html_page(document_of_bytes(data, record.source, sandbox, known), data, sandbox, target, images=images)
        return record.source

    def source_file(self, record: DocumentRecord, *, limit: int) -> bytes:
        """
        The bytes of a document's file as indexed, or of the archive around it.

        Raises:
            StaleQuote: there is no file, or it has changed since it was indexed.
            SizeError: it has more than `limit` bytes.
        """
        path = self._open().watch.path(record)
        if path is None:
            raise StaleQuote("a document is sent from its file, this index was not built from files")
        return read_source(path, record, limit)

    def neighbour(self, passage_id: str, step: int, *, within: frozenset[str] | None = None) -> Quote | None:
        """The verified quote `step` paragraphs further in the document, None beyond its ends."""
        generation = self._open(within)
        here = generation.index.passage(passage_id)
        document = generation.index.stored_documents((here.doc_id,), with_passages={here.doc_id})[here.doc_id]
        paragraphs = [p for p in document.passages if p.kind == "paragraph"]
        place = here.paragraph - 1 + step
        return generation.quote(paragraphs[place], document) if 0 <= place < len(paragraphs) else None

    def outline(self, doc_id: str, *, within: frozenset[str] | None = None) -> tuple[DocumentRecord, list[Passage]]:
        """
        A document's record and its passages in order.

        UnknownPassage when it is missing or may not be seen.
        """
        found = self._open(within).index.stored_documents((doc_id,), with_passages={doc_id})[doc_id]
        return found.record, found.passages

    def documents(self, *, within: frozenset[str] | None = None) -> list[DocumentRecord]:
        """The records of the documents that may be seen, without withdrawn ones, by id."""
        generation = self._open(within)
        return [record for record in generation.index.documents() if not generation.watch.is_withdrawn(record)]

    def collections(self) -> frozenset[str]:
        """The collections of the live generation; see `reading.collection`."""
        return self._open().index.collections

    def manifest(self) -> Manifest:
        """The manifest of the live generation."""
        return self._open().index.manifest

    def runs_model_of(self, fingerprint: str) -> bool:
        """Whether a passage fingerprint is of the live generation's model, however that is run."""
        return self._encoder.for_index(self.manifest()).is_model_of(fingerprint)

    def beside(self, index: AnyAddress) -> Retriever:
        """
        A Retriever over another index, with this one's model, so that answers can be compared.

        Raises:
            IndexFault: there is no index at that address, or it was built with another model.
        """
        address = IndexAddress.of(index)
        other = Retriever(address, today=self._today)
        mine, its = self.manifest(), other.manifest()
        if not self._encoder.can_search(mine, its):
            raise IndexMismatch(
                f"two indexes are compared with one model, {address} was built with {its.token_fingerprint}, this one "
                f"with {mine.token_fingerprint}: build it with this one's model, `trichdan index --index {address} "
                "--rebuild`, or ask each by itself"
            )
        other._encoder, other._pipeline = self._encoder, self._pipeline
        return other

    def warm_up(self) -> None:
        """Open the index and load the model before the first question needs them."""
        self._encoder.warm_up(self.manifest())

    def _open(self, within: frozenset[str] | None = None) -> OpenGeneration:
        """The live generation as it may be seen today."""
        with self._lock:
            try:
                current = self._current()
            except IndexFault:
                # Two builds may have finished since CURRENT was read, and removed what it named. A retry finds the new
                # generation, or the same fault.
                current = self._current()
        return current.restrict(within, self._today())

    def _current(self) -> OpenGeneration:
        live = self._pinned or self._place.live()
        version = calibration_version(self._place)
        if self._generation is None or self._generation.index.name != live:
            self._generation = self._open_generation(live)
        elif version != self._calibration_version:
            self._generation = replace(self._generation, calibrations=read_calibrations(self._place))
        self._calibration_version = version
        return self._generation

    def _open_generation(self, name: str) -> OpenGeneration:
        index = self._place.open(name)
        watch = SourceWatch(self._place.corpus_root(index.manifest))
        return OpenGeneration(index, watch, read_calibrations(self._place))
