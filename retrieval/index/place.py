"""
What an address names: the generations of one index.

The outer half of what an index engine must satisfy; `contract` is that of one opened generation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:  # a question loads neither readers nor the builder
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from embeddings import Encoder
    from retrieval.index.address import IndexAddress
    from retrieval.index.build.progress import Progress
    from retrieval.index.build.summary import BuildSummary
    from retrieval.index.contract import Documents, Index
    from retrieval.index.manifest import BuildOrigin, Manifest
    from retrieval.index.records.document_record import DocumentRecord
    from retrieval.index.settings import Settings
    from retrieval.reading.corpus import Refusal
    from retrieval.reading.document import Document


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


@dataclass(frozen=True, slots=True)
class Server:
    """
    A server of an index, as it was found a moment ago.

    Args:
        host: with its port.
        fault: why it does not answer, "" when it does.
        is_standby: whether it follows another one, and takes no writes.
        lag: seconds that a standby is behind, 0 of a primary.
        live: the name of the generation that is live there, None where nothing was built.
        trip: seconds that a small statement took, there and back.
    """

    host: str
    fault: str = ""
    is_standby: bool = False
    lag: float = 0.0
    live: str | None = None
    trip: float = 0.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What an engine says to `trichdan doctor`; a problem says what to do about it."""

    name: str
    text: str
    is_problem: bool = False


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
        known: Sequence[DocumentRecord] = (),
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
            known: records of another place, whose documents keep their ids where nothing was built here.

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

    def servers(self) -> Sequence[Server]:
        """
        The servers behind the address, in its order; none of an engine that has none.

        Within some ten seconds, also when none answers: that is said, not raised.
        """

    def health(self) -> Sequence[Finding]:
        """
        What the engine finds of its servers and of what they hold, slowly.

        Nothing of an engine that has none. What does not answer is a finding, and not raised.
        """
