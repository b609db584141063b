"""
The contract of an index engine: a `Place` of generations, and an `Index`, one opened.

A question crosses it in batches, at most six whatever the number of candidates (each part of a question of several
parts as many), so that an engine may stand behind a network. Beside them `Place.live` and `attachment_version` are
asked each time: an engine answers from what it was told, or from memory no older than a second. What an opened
generation is made of as a whole (`catalogue`, `abbreviations`, `collections`) is loaded once.

An engine proposes passages; their scores are computed by `index.scoring`, the same for every engine. The sentences that
every engine must satisfy are the tests of `tests/retrieval/contract/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:  # a question loads neither readers nor the builder
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from embeddings import Encoder
    from retrieval.index.address import IndexAddress
    from retrieval.index.build.progress import Progress
    from retrieval.index.build.summary import BuildSummary
    from retrieval.index.candidate import Candidate, PassageKey
    from retrieval.index.manifest import BuildOrigin, Manifest
    from retrieval.index.records.catalogue import Catalogue
    from retrieval.index.records.document_record import DocumentRecord
    from retrieval.index.records.stored_document import StoredDocument
    from retrieval.index.scoring.field_query import Field
    from retrieval.index.scoring.model_scale import ModelScale
    from retrieval.index.scoring.token_codes import BlockSimilarities
    from retrieval.index.settings import Settings
    from retrieval.language.abbreviation import AbbreviationList
    from retrieval.language.analyzer import Terms
    from retrieval.language.diacritic_restoration import Spellings
    from retrieval.passage import Passage
    from retrieval.reading.corpus import Refusal
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


GenerationState = Literal["live", "earlier", "left behind"]  # what is left behind is due for removal


@dataclass(frozen=True, slots=True)
class Generation:
    """
    A generation of a place.

    `manifest` is None where `fault` says why it cannot be used.
    """

    name: str
    state: GenerationState
    manifest: Manifest | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class CacheContents:
    """
    Bytes of computed vectors.

    `models` has those that kept generations need, by fingerprint; `unneeded` counts the others.
    """

    models: dict[str, int]
    unneeded: int


class Place(Protocol):
    """
    What an `IndexAddress` names: the generations of one index, of which one is live.

    Raises:
        UnreachableIndex: by every member, when the engine does not answer now.
    """

    @property
    def address(self) -> IndexAddress:
        """The address, for messages."""

    @property
    def caches(self) -> Path:
        """The folder on this machine for what a builder need not compute again."""

    def live(self) -> str:
        """The name of the live generation; MissingIndex when nothing was built here."""

    def open(self, name: str | None = None) -> Index:
        """Open a generation, None for the live one; IndexFault when it cannot be used."""

    def open_documents(self, name: str | None = None) -> Documents:
        """
        Open the documents of a generation alone, None for the live one.

        Quickly, without comparing checksums; also of an older format, as far as it can be read.
        """

    def generations(self) -> list[Generation]:
        """All generations, the newest first; MissingIndex when nothing was built here."""

    def history(self) -> list[str]:
        """
        The names of the live generation and of those before it.

        MissingIndex when nothing was built here.
        """

    def manifest(self, name: str | None = None) -> Manifest:
        """
        The manifest of a generation, None for the live one.

        IndexFault when it cannot be used.
        """

    def origin(self, name: str | None = None) -> BuildOrigin:
        """
        What a generation was built from, None for the live one.

        It may be of an older format; IndexFault when it does not say.
        """

    def origins(self) -> list[BuildOrigin]:
        """
        The origins of all generations that say theirs, the live one's first.

        An empty list where nothing was built.

        DamagedIndex when there are generations and none says.
        """

    def corpus_root(self, origin: BuildOrigin | Manifest) -> Path | None:
        """
        The corpus folder of a generation.

        None when it was not built from files, or these are not on this machine: quotes are then compared with the
        stored document only.
        """

    def build(  # noqa: PLR0913 - what to index, how, and how to report it
        self,
        entries: Iterable[Document | Refusal],
        encoder: Encoder,
        *,
        root: Path | None,
        model: str | None,
        progress: Progress,
        cache: Path | None = None,
        rebuild: bool = False,
        admit: Callable[[str], None] = lambda _: None,
        bundled: Callable[[], Encoder] | None = None,
    ) -> BuildSummary:
        """
        Bring the index up to date with the documents and make the result live, atomically.

        Args:
            root: the corpus folder; None for documents that are no files.
            model: the model as a manifest names it, None for the bundled one.
            cache: a file for computed vectors instead of the one in `caches`.
            rebuild: computes everything again but vectors.
            admit: gets the name of the new generation, which can be opened by it, before it goes live; raises to
                reject it.
            bundled: loads the bundled model, with which another one is compared: see `model_scale`.

        Raises:
            EmptyCorpus: there is no document to index; the live generation stays.
            BuildInProgress: another process is building here.
            BuildFailed: a write was refused; the live generation stays.
        """

    def roll_back(self) -> str:
        """
        Make the previous generation live again; returns its name. The next build continues from it.

        Raises:
            NoEarlierGeneration: none is kept.
            IndexFault: there is no index, or the previous generation is damaged; the live one stays.
            BuildInProgress: another process is building here.
        """

    def verify(self, name: str) -> Manifest:
        """Compare everything that a generation stores, slowly; IndexFault names the first that differs."""

    def settings(self) -> Settings:
        """The stored settings, or the defaults; DamagedIndex when they cannot be used."""

    def keep_settings(self, settings: Settings) -> None:
        """Store the settings, atomically."""

    def attachment(self, name: str) -> str | None:
        """
        A text kept beside the generations, which builds and rollbacks keep.

        None when there is none.
        """

    def attachment_version(self, name: str) -> tuple[int, ...] | None:
        """Changes whenever the attachment does, and is quicker to ask for; None without one."""

    def attach(self, name: str, text: str | None) -> None:
        """Keep a text beside the generations, atomically; None removes it."""

    def last_versions(
        self, root: Path | None, refused: Sequence[Refusal], secret_collections: frozenset[str]
    ) -> list[Document]:
        """
        The documents that a build would keep as they were last read.

        Their files are refused now, and still exist.
        """

    def cache_contents(self) -> CacheContents:
        """What computed vectors are kept for; IndexFault when there is no index."""

    def clean_cache(self) -> int:
        """
        Remove the vectors that no kept generation needs; return their bytes.

        Raises:
            IndexFault: there is no index, another process builds in it, or the system refuses it.
        """

    def size(self, name: str | None = None) -> int:
        """The bytes that a generation takes, None for the live one."""

    def check_rights(self) -> str:
        """Say that nobody else can read the index; IndexFault names what they can."""
