"""
The contract of an index engine: an `Index`, one opened generation of a `Place`.

A question crosses it in batches, at most six whatever the number of candidates (each part of a question of several
parts as many), so that an engine may stand behind a network. Beside them `Place.live` and `attachment_version` are
asked each time: an engine answers from what it was told, or from memory no older than a second. What an opened
generation is made of as a whole (`catalogue`, `abbreviations`, `collections`) is loaded once.

An engine proposes passages; their scores are computed by `index.scoring`, the same for every engine. The sentences that
every engine must satisfy are the tests of `tests/retrieval/contract/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a question loads neither readers nor the builder
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date

    import numpy as np
    from numpy.typing import NDArray

    from retrieval.index.candidate import Candidate, PassageKey
    from retrieval.index.manifest import Manifest
    from retrieval.index.records.catalogue import Catalogue
    from retrieval.index.records.document_record import DocumentRecord
    from retrieval.index.records.stored_document import StoredDocument
    from retrieval.index.scoring.field_query import Field
    from retrieval.index.scoring.model_scale import ModelScale
    from retrieval.index.scoring.token_codes import BlockSimilarities
    from retrieval.language.abbreviation import AbbreviationList
    from retrieval.language.analyzer import Terms
    from retrieval.language.diacritic_restoration import Spellings
    from retrieval.passage import Passage
    from retrieval.reading.document import Document


@dataclass(frozen=True, slots=True)
class LexicalSearch:
    """
    What a question asks of the lexical channel.

    Args:
        concepts: things named in several wordings, the best of which counts.
        synonyms: likewise, the wordings after the first counting for less.
        texts: whose terms will be weighed.
        documents: the ids of documents that the question names, whose sections are needed.
    """

    terms: Terms
    concepts: Sequence[Sequence[Terms]] = ()
    synonyms: Sequence[Sequence[Terms]] = ()
    texts: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


class Rarity(Protocol):
    """How rare terms are among the passages that may be seen."""

    @property
    def rarest_idf(self) -> float:
        """The idf of a term that one passage holds."""

    def idf(self, field: Field, term: str) -> float:
        """The idf of a term among the passages."""

    def knows(self, folded_term: str) -> bool:
        """Whether any passage holds the folded term."""


@dataclass(frozen=True, slots=True)
class SectionedPassage:
    """A passage of a named document, with its key and its section."""

    key: PassageKey
    section: str
    read_text: Callable[[PassageKey], str]

    @property
    def text(self) -> str:
        """The text of the passage."""
        return self.read_text(self.key)


class LexicalMatches(Protocol):
    """What the lexical channel found, opaque but for what is weighed and named."""

    @property
    def rarity(self) -> Rarity:
        """
        How rare the terms of the search and of its texts are.

        Other terms may take a batch each.
        """

    @property
    def sections(self) -> Mapping[str, Sequence[SectionedPassage]]:
        """The passages of the search's documents, in reading order, by document id."""


@dataclass(frozen=True, slots=True)
class Shortlist:
    """What is read of the candidates that are compared by their tokens."""

    similarities: BlockSimilarities  # of the question's tokens, in the order of the candidates
    records: Mapping[str, DocumentRecord]  # of their documents, by id
    footnotes: Mapping[str, Passage]  # of their passages, by passage id

    def published(self, doc_id: str) -> date | None:
        """The date of a candidate's document, None when unknown."""
        return self.records[doc_id].published


class Documents(Protocol):
    """
    The stored documents of a generation.

    What may not be seen is as if it were not there.
    """

    def stored_documents(
        self, doc_ids: Iterable[str], *, with_passages: AbstractSet[str] = frozenset()
    ) -> Mapping[str, StoredDocument]:
        """
        The documents with these ids.

        UnknownPassage when there is none of an id, or it may not be seen.

        `with_passages`: the ids of those whose passages are needed too.
        """

    def passage(self, passage_id: str) -> Passage:
        """
        One passage by its id.

        UnknownPassage when there is none, or it may not be seen.
        """

    def documents(self) -> Sequence[DocumentRecord]:
        """The records of all documents, ordered by id."""

    def full_document(self, doc_id: str) -> Document:
        """
        A document as it was read.

        UnknownPassage when there is none, or it may not be seen.
        """


class Index(Documents, Protocol):
    """
    One generation, opened for reading; safe for several threads.

    Nothing of it changes while it is held. Passages are named by keys that mean nothing elsewhere. Reading order is
    that in which documents were given to the build, and of passages within each.

    Raises:
        UnreachableIndex: by every member, when the engine does not answer now; it is no IndexFault.
        DamagedIndex: by every member, when what is stored is not what was written.
    """

    @property
    def name(self) -> str:
        """The name of the generation."""

    @property
    def manifest(self) -> Manifest:
        """The manifest of the generation."""

    @property
    def abbreviations(self) -> AbbreviationList:
        """The documents' own abbreviations, then the curated ones."""

    @property
    def collections(self) -> frozenset[str]:
        """The collections that have documents and may be seen."""

    @property
    def scale(self) -> ModelScale:
        """The scale of the model over the documents."""

    @property
    def catalogue(self) -> Catalogue:
        """What is known of all documents that may be seen."""

    @property
    def vocabulary(self) -> Spellings:
        """The counts of accented syllables and pairs."""

    def restrict(self, within: frozenset[str] | None) -> Index:
        """
        A view of these collections only, None for all.

        Results, abbreviations, vocabulary, rarity and the catalogue come from their documents only; the manifest
        counts all.
        """

    def rarity(self, texts: Iterable[str]) -> Rarity:
        """How rare the terms of these texts are."""

    def lexical_matches(self, search: LexicalSearch, k: int) -> LexicalMatches:
        """
        At least the `k` best passages of the lexical channel.

        It can run while the vectors are computed.
        """

    def candidates(
        self,
        vectors: NDArray[np.float32],
        found: LexicalMatches,
        k: int,
        also: AbstractSet[PassageKey] = frozenset(),
    ) -> list[Candidate]:
        """
        At least each channel's `k` best passages, scored by all channels, in reading order.

        Cosines are on the bundled model's scale.

        Args:
            vectors: (readings, dim) float32 unit rows, one per reading of the question; the best reading counts.
            found: the lexical matches of the same question.
            also: keys of passages that the question names.
        """

    def read_shortlist(self, vectors: NDArray[np.float32], candidates: Sequence[Candidate]) -> Shortlist:
        """
        Compare the readings' tokens with each candidate, whose passages are loaded.

        `vectors`: (tokens, dim) float32 unit rows, of one or several readings of the question.
        """
