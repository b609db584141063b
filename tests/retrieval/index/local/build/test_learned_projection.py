"""The projection of another model's token states is learned once, and goes with the index."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from embeddings import LoadOptions, Projection, load_encoder
from embeddings.torch_engine.sentence_transformer import SentenceTransformerEncoder
from retrieval.errors import DamagedIndex
from retrieval.index.build.fitted_encoder import _SAMPLE
from retrieval.index.local.generations.generation import live_folder, read_manifest
from retrieval.index.local.generations.projection_file import FILE, read_projection
from retrieval.index.manifest import Manifest
from retrieval.retriever import Retriever
from tests.support.corpus import build_index
from tests.support.models import save_decoder, save_encoder

pytestmark = pytest.mark.slow  # sentence-transformers takes seconds to import

IN_TORCH = LoadOptions(engine="sentence-transformers")  # nothing is compiled into the user's cache
SENTENCES = (
    "Đơn vị có 63 người, trong đó có 10 bác sĩ.",
    "Hải quân và không quân canh giữ Biển Đông.",
    "Người lao động được nghỉ hằng năm mười hai ngày.",
    "Thủ tục cấp lại thẻ căn cước công dân bị mất.",
)


class Counting(SentenceTransformerEncoder):
    """Counts the passages that it reads, and the texts that it learned from."""

    read = 0
    learned_from = 0

    def read_passages(self, texts, *, progress=None):
        Counting.read += len(texts)
        return super().read_passages(texts, progress=progress)

    def learn_projection(self, texts):
        Counting.learned_from += len(texts)
        return super().learn_projection(texts)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A decoder as Qwen3-Embedding is, far too small to know anything."""
    return save_decoder(tmp_path_factory.mktemp("model"))


@pytest.fixture(autouse=True)
def _uncounted() -> None:
    Counting.read = Counting.learned_from = 0


@pytest.fixture
def write(tmp_path: Path) -> Callable[[int], Path]:
    """A corpus of so many documents of a paragraph each."""
    folder = tmp_path / "corpus"
    folder.mkdir()

    def write(count: int) -> Path:
        for number in range(count):
            text = f"Văn bản {number}\n\n{SENTENCES[number % len(SENTENCES)]} Số {number}."
            (folder / f"{number:04}.txt").write_text(text, encoding="utf-8")
        return folder

    return write


def index_with(model: Path, corpus: Path, index: Path, *, rebuild: bool = False) -> Manifest:
    """Build, and read the manifest back."""
    build_index(corpus, index, Counting(model), model=str(model), rebuild=rebuild)
    return read_manifest(live_folder(index))


def test_a_question_is_projected_as_the_passages_are(model: Path, write: Callable, tmp_path: Path) -> None:
    """A process that knows nothing but the index loads the model, and the projection from the index."""
    manifest = index_with(model, write(8), tmp_path / "index")

    answer = Retriever(tmp_path / "index", options=IN_TORCH).rank("Đơn vị có bao nhiêu người?")

    assert manifest.projection is not None
    assert manifest.token_fingerprint.endswith(manifest.projection.fingerprint)
    assert max(place.features.near for place in answer.places) > 0


def test_an_update_keeps_the_projection(model: Path, write: Callable, tmp_path: Path) -> None:
    """Only the new document is read, and nothing is learned again; nor is it by a rebuild."""
    first = index_with(model, write(8), tmp_path / "index")
    Counting.read = Counting.learned_from = 0

    second = index_with(model, write(9), tmp_path / "index")
    third = index_with(model, write(9), tmp_path / "index", rebuild=True)

    assert first.token_fingerprint == second.token_fingerprint == third.token_fingerprint
    assert (Counting.read, Counting.learned_from) == (1, 0)


def test_a_projection_of_few_texts_is_learned_anew_from_more(model: Path, write: Callable, tmp_path: Path) -> None:
    """When there are twice as many; what a sample was learned from is enough for good."""
    few = index_with(model, write(4), tmp_path / "index")
    more = index_with(model, write(8), tmp_path / "index")
    enough = index_with(model, write(_SAMPLE), tmp_path / "index")

    many = index_with(model, write(2 * _SAMPLE), tmp_path / "index")

    learned = [manifest.projection for manifest in (few, more, enough, many)]
    assert [projection and projection.texts for projection in learned] == [4, 8, _SAMPLE, _SAMPLE]
    assert enough.token_fingerprint == many.token_fingerprint


def test_the_cache_has_it_where_the_index_is_lost(model: Path, write: Callable, tmp_path: Path) -> None:
    """The same texts give exactly the same projection, so no token vector is computed again."""
    first = index_with(model, write(8), tmp_path / "index")
    cache = (tmp_path / "index" / "embeddings.sqlite").read_bytes()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "embeddings.sqlite").write_bytes(cache)
    Counting.read = Counting.learned_from = 0

    second = index_with(model, write(8), tmp_path / "other")

    assert first.token_fingerprint == second.token_fingerprint
    assert (Counting.read, Counting.learned_from) == (0, 0)


def test_an_index_of_before_is_searched_until_it_is_updated(model: Path, write: Callable, tmp_path: Path) -> None:
    """Its token vectors lie in random directions; the next build learns better ones."""
    encoder = Counting(model)
    encoder.learns_projection = False
    build_index(write(8), tmp_path / "index", encoder, model=str(model))
    old = read_manifest(live_folder(tmp_path / "index"))

    ranking = Retriever(tmp_path / "index", options=IN_TORCH).rank("Biển Đông")
    new = index_with(model, write(8), tmp_path / "index")

    assert old.projection is None
    assert ranking.places
    assert new.projection is not None


def test_another_model_gets_its_own(model: Path, write: Callable, tmp_path: Path) -> None:
    """That of the model before is of no use to it, although its states are as long."""
    first = index_with(model, write(8), tmp_path / "index")

    second = index_with(save_encoder(tmp_path / "model"), write(8), tmp_path / "index")

    assert first.projection
    assert second.projection
    assert first.projection.fingerprint != second.projection.fingerprint


def test_two_indexes_of_a_model_are_compared(model: Path, write: Callable, tmp_path: Path) -> None:
    """Though each was learned from its own passages."""
    one = index_with(model, write(4), tmp_path / "one")
    two = index_with(model, write(12), tmp_path / "two")

    beside = Retriever(tmp_path / "one", options=IN_TORCH).beside(tmp_path / "two")

    assert one.token_fingerprint != two.token_fingerprint
    assert beside.rank("Biển Đông").places


def test_the_bundled_model_keeps_its_own(write: Callable, tmp_path: Path) -> None:
    """No file, and the projection that ships with it."""
    build_index(write(2), tmp_path / "index", load_encoder())

    assert not (live_folder(tmp_path / "index") / FILE).exists()


def test_a_damaged_projection_is_named(tmp_path: Path) -> None:
    """As any other file of a generation, with what to do."""
    (tmp_path / FILE).write_bytes(b"not an archive")

    with pytest.raises(DamagedIndex, match=r"projection\.npz cannot be read .* --rebuild"):
        read_projection(tmp_path)


def test_a_projection_is_read_as_it_was_written() -> None:
    """Bit by bit, since its fingerprint tells indexes apart."""
    rng = np.random.default_rng(0)
    projection = Projection(
        rng.standard_normal(6).astype(np.float32), rng.standard_normal((6, 4)).astype(np.float32), texts=7
    )

    read = Projection.load(projection.dump())

    assert (read.fingerprint, read.texts) == (projection.fingerprint, 7)
