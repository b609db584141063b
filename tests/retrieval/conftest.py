"""Fixtures of the retrieval tests: the tiny encoder, the model, and corpora with their indexes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from embeddings import Encoder, load_encoder
from retrieval.retriever import Retriever
from tests.support.corpus import SEEDS, Home, build_index
from tests.support.encoders import BagEncoder


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
