"""
Documents, passages and windows as the rows that a build copies to the server.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from embeddings import Encoder
from retrieval.index.build.document_collector import SplitDocument
from retrieval.index.build.embedding_cache import EmbeddingCache
from retrieval.index.build.encoder_input import piece_texts, window_texts
from retrieval.index.postgres.proposals import vector_text
from retrieval.index.postgres.schema import NEVER
from retrieval.index.postgres.term_words import words_of
from retrieval.index.records.legal_force_columns import legal_force_columns
from retrieval.index.records.stored_rows import document_columns, passage_columns
from retrieval.index.scoring.field_query import FIELDS
from retrieval.index.scoring.forward_index import field_numbers
from retrieval.index.scoring.passage_terms import PassageTerms
from retrieval.index.scoring.token_codes import Codes
from retrieval.language.abbreviation import defines
from retrieval.passage import Passage
from retrieval.reading.administrative.legal_force import LegalForce, legal_force_of
from retrieval.reading.collection import collection_of

_Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class NumberedDocument:
    """A document and the ids of its row and of its first passage's."""

    split: SplitDocument
    document_id: int
    first_passage: int


@dataclass(frozen=True, slots=True)
class DocumentRows:
    """The rows of one document, in the order of their tables' columns."""

    document: _Row
    passages: tuple[_Row, ...]
    windows: tuple[_Row, ...]


def document_rows(
    block: Sequence[NumberedDocument], number: int, encoder: Encoder, cache: EmbeddingCache
) -> Iterator[DocumentRows]:
    """The rows of documents that are new in generation `number`, with vectors from the cache."""
    windows = [list(_windows(each.split)) for each in block]
    texts = [text for own in windows for *_, text in own]
    vectors = np.empty((len(texts), encoder.dim), np.float32)
    cache.put_vectors(encoder, texts, vectors, range(len(texts)))
    codes = cache.codes(encoder, [text for each in block for own in _pieces(each.split) for text in own])
    places = iter(vectors)
    for each, own_windows in zip(block, windows, strict=True):
        passages = [_Passage.of(each.split, passage, codes) for passage in each.split.passages]
        yield _rows_of(each, number, passages, [(*place, next(places)) for *place, _ in own_windows])


def _pieces(split: SplitDocument) -> Iterator[tuple[str, ...]]:
    return (piece_texts(split.document.title, passage) for passage in split.passages)


def _windows(split: SplitDocument) -> Iterator[tuple[int, int, str]]:
    """The place of each window's passage, its own place in it, and its text."""
    for ordinal, passage in enumerate(split.passages):
        for nth, text in enumerate(window_texts(split.document.title, passage)):
            yield ordinal, nth, text


@dataclass(frozen=True, slots=True)
class _Passage:
    """What is searched and scored of a passage."""

    passage: Passage
    fields: list[list[str]]  # the terms, in the order of FIELDS
    codes: Codes

    @classmethod
    def of(cls, split: SplitDocument, passage: Passage, codes: Iterator[Codes]) -> _Passage:
        terms = PassageTerms.of(passage.text, f"{split.document.title} {passage.section}")
        fields = [value.split(" ") if (value := getattr(terms, field)) else [] for field in FIELDS]
        own = [next(codes) for _ in piece_texts(split.document.title, passage)]
        return cls(passage, fields, np.concatenate(own))

    @property
    def lengths(self) -> list[int]:
        return list(map(len, self.fields))

    def columns(self) -> _Row:
        passage = self.passage
        return (
            *(*passage_columns(passage), defines(passage.text), *map(words_of, self.fields), self.lengths),
            *(np.concatenate([*map(field_numbers, self.fields)]).tobytes(), len(self.codes), self.codes.tobytes()),
        )


def _rows_of(
    each: NumberedDocument, number: int, passages: Sequence[_Passage], windows: Sequence[tuple[Any, ...]]
) -> DocumentRows:
    document, row = each.split.document, each.document_id
    collection, force = collection_of(document.doc_id), legal_force_of(document)
    columns = [passage.columns() for passage in passages]
    lengths = np.array([passage.lengths for passage in passages], np.int64).reshape(-1, len(FIELDS)).sum(axis=0)
    size = len(document.text.encode()) + sum(_bytes(each) for each in (*columns, *windows))
    states = (None, None) if force == LegalForce() else legal_force_columns(force)
    own = (*document_columns(document, each.split.digest), *states)
    return DocumentRows(
        (row, number, NEVER, collection, *own, len(passages), len(windows), lengths.tolist(), size),
        tuple(
            (each.first_passage + ordinal, number, NEVER, collection, row, ordinal, *column)
            for ordinal, column in enumerate(columns)
        ),
        tuple(
            (each.first_passage + ordinal, nth, number, NEVER, collection, vector_text(vector))
            for ordinal, nth, vector in windows
        ),
    )


def _bytes(columns: _Row) -> int:
    """About what a row takes."""
    sized = (value.encode() if isinstance(value, str) else value for value in columns)
    return sum(len(value) if isinstance(value, bytes) else getattr(value, "nbytes", 4) for value in sized)
