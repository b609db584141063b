"""
What the retrieval tests stand on: a real, tiny encoder, and corpora written to disk.
"""

from __future__ import annotations

import hashlib
import shutil
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from embeddings import Encoder, PassageVectors, Tokens, load_encoder
from retrieval.index.build.build import build
from retrieval.index.build.summary import BuildSummary
from retrieval.language.analyzer import WORD
from retrieval.language.spelling import fold
from retrieval.reading.corpus import walk
from retrieval.retriever import Retriever
from tests.support.silent_progress import SilentProgress

SEEDS = Path(__file__).parents[2] / "seeds"


class BagEncoder:
    """
    An `Encoder` without a model: each folded syllable has a fixed random direction, a text is their sum.

    Texts that share words are near each other, equal texts are equal, and the order of words is lost, as a
    caricature of a dense model.
    """

    name = "bag"
    dim = 64
    precision = "float32"
    max_tokens = 1_000_000

    def __init__(self, fingerprint: str = "bag/1") -> None:
        self.fingerprint = fingerprint
        self.encoded = 0  # texts that were paid for

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([self._vector(text) for text in texts], dtype=np.float32).reshape(-1, self.dim)

    def encode_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        self.encoded += len(texts)
        if progress:
            progress(len(texts))
        return self.encode_queries(texts)

    @property
    def token_fingerprint(self) -> str:
        return f"{self.fingerprint}/words"

    def encode_query_tokens(self, text: str) -> Tokens:
        words = list(WORD.finditer(text))
        vectors = self.encode_queries([word[0] for word in words])
        return Tokens(vectors, tuple((word.start(), word.end()) for word in words))

    def mixes_with(self, token_fingerprint: str) -> bool:
        return token_fingerprint == self.token_fingerprint

    def read_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> list[PassageVectors]:
        vectors = self.encode_passages(texts, progress=progress)
        tokens = (self.encode_query_tokens(text).vectors for text in texts)
        return list(map(PassageVectors, vectors, tokens))

    def _vector(self, text: str) -> NDArray[np.float32]:
        total = np.full(self.dim, 1e-3, dtype=np.float32)
        for word in WORD.findall(fold(text)):
            seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8])
            total += np.random.default_rng(seed).standard_normal(self.dim).astype(np.float32)
        return total / np.linalg.norm(total)


@pytest.fixture
def encoder() -> BagEncoder:
    """A fresh tiny encoder."""
    return BagEncoder()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty corpus folder."""
    path = tmp_path / "corpus"
    path.mkdir()
    return path


@pytest.fixture
def indexed(tmp_path: Path, folder: Path, encoder: BagEncoder) -> Callable[..., Path]:
    """Writes files (name -> text) into the corpus folder, indexes it, and gives the index folder."""

    def make(**files: str) -> Path:
        for name, text in files.items():
            (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        build_index(folder, tmp_path / "index", encoder)
        return tmp_path / "index"

    return make


@dataclass(frozen=True, slots=True)
class Home:
    """A corpus folder and its index, side by side, so that both may be copied elsewhere together."""

    corpus: Path
    index: Path


@pytest.fixture(scope="session")
def model() -> Encoder:
    """The bundled model, loaded once."""
    return load_encoder()


@pytest.fixture(scope="session")
def seeds(tmp_path_factory: pytest.TempPathFactory, model: Encoder) -> Home:
    """The seed documents and their index, built once with the bundled model. Not to be written to."""
    folder = tmp_path_factory.mktemp("seeds")
    home = Home(folder / "seeds", folder / "index")
    shutil.copytree(SEEDS, home.corpus)
    build_index(home.corpus, home.index, model)
    return home


@pytest.fixture(scope="session")
def answering(seeds: Home, model: Encoder) -> Retriever:
    """A Retriever over the seeds' index."""
    return Retriever(seeds.index, model)


@pytest.fixture
def own_seeds(tmp_path: Path, seeds: Home) -> Home:
    """A copy of the seeds and their index for one test to spoil."""
    home = Home(tmp_path / "seeds", tmp_path / "index")
    shutil.copytree(seeds.corpus, home.corpus)
    shutil.copytree(seeds.index, home.index)
    return home


def text_of_file(path: Path) -> str:
    """What offsets count in: UTF-8 decoded, newlines as "\\n", NFC."""
    text = path.read_bytes().decode("utf-8-sig")
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def build_index(corpus: Path, index: Path, encoder: Encoder, *, rebuild: bool = False) -> BuildSummary:
    """Indexes a folder."""
    files = walk([corpus])
    return build(files, index, encoder, root=files.root, model=None, progress=SilentProgress(), rebuild=rebuild)
