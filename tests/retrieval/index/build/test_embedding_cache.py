"""What was encoded once is not paid for again, also when it was interrupted."""

import sqlite3

import numpy as np
import pytest

from embeddings import ModelUnusable
from retrieval.errors import DamagedIndex
from retrieval.index.build.embedding_cache import EmbeddingCache
from tests.support.encoders import BagEncoder

TEXTS = [f"đoạn {number}" for number in range(600)]


class Interrupted(BagEncoder):
    """Somebody presses Ctrl-C while its second batch is encoded."""

    def encode_passages(self, texts, *, progress=None):
        if self.encoded:
            raise KeyboardInterrupt
        return super().encode_passages(texts, progress=progress)


@pytest.fixture
def cache(tmp_path):
    with EmbeddingCache(tmp_path / "embeddings.sqlite") as cache:
        yield cache


def encode_passages(cache, encoder, texts, progress=lambda _: None):
    """
    Pays for vectors alone, and gets them.
    """
    cache.encode_missing(encoder, cache.missing_texts(encoder, (), texts), progress)
    return cache.encode_passages(encoder, texts)


def encode_tokens(cache, encoder, texts, progress=lambda _: None):
    """
    Pays for the vectors of tokens, and gets them.
    """
    cache.encode_missing(encoder, cache.missing_texts(encoder, texts), progress)
    return list(cache.codes(encoder, texts))


STEPS = pytest.mark.parametrize("step", [encode_passages, encode_tokens])


@STEPS
def test_an_interrupted_step_goes_on_where_it_stopped(tmp_path, encoder, step):
    """
    The batch before Ctrl-C is kept, on the disk: the next process pays for the others only.
    """
    stopped = Interrupted()
    with EmbeddingCache(tmp_path / "embeddings.sqlite") as cache, pytest.raises(KeyboardInterrupt):
        step(cache, stopped, TEXTS)

    with EmbeddingCache(tmp_path / "embeddings.sqlite") as cache:
        step(cache, encoder, TEXTS)

    assert 0 < stopped.encoded < len(TEXTS)
    assert encoder.encoded == len(TEXTS) - stopped.encoded


@STEPS
def test_long_texts_are_kept_sooner(cache, step):
    """
    A hundred thousand letters are some ten seconds of work: that much is lost by Ctrl-C, and not 256 long texts.
    """
    stopped = Interrupted()

    with pytest.raises(KeyboardInterrupt):
        step(cache, stopped, [f"{number} {'a' * 2000}" for number in range(100)])

    assert stopped.encoded == 100_000 // 2003


def test_the_tokens_bring_the_vectors_along(cache, encoder):
    """
    A text that was read for its tokens is not read again for its vector, which is the same.
    """
    encode_tokens(cache, encoder, TEXTS[:5])
    paid = encoder.encoded

    vectors = cache.encode_passages(encoder, TEXTS[:5])

    assert encoder.encoded == paid == 5
    np.testing.assert_array_equal(vectors, BagEncoder().encode_passages(TEXTS[:5]))


def test_a_text_that_occurs_twice_is_read_once(cache, encoder):
    """
    Each place gets its tokens, and progress counts the letters that were read.
    """
    steps = []

    first, _, again = encode_tokens(cache, encoder, ["một hai", "ba", "một hai"], steps.append)

    assert encoder.encoded == 2
    assert sum(steps) == len("một hai") + len("ba")
    np.testing.assert_array_equal(first, again)


class Drifting(BagEncoder):
    """A model whose vectors depend on their place in a batch, as padding makes real ones do."""

    def encode_passages(self, texts, *, progress=None):
        vectors = super().encode_passages(texts, progress=progress)
        return vectors + np.arange(len(texts), dtype=np.float32)[:, None] / 1000


def test_a_window_that_occurs_twice_has_one_vector(cache):
    """
    Equal texts are equal at once and not only from the next build on, and are paid for once.
    """
    encoder = Drifting()

    first, _, again = cache.encode_passages(encoder, ["một hai", "ba", "một hai"])

    np.testing.assert_array_equal(first, again)
    assert encoder.encoded == 2


class Reporting(BagEncoder):
    """Tells of three texts at a time, as batches of a real model end; it reads ten letters of a text, and no more."""

    max_tokens = 3

    def encode_passages(self, texts, *, progress=None):
        for start in range(0, len(texts), 3):
            progress(len(texts[start : start + 3]))
        return super().encode_passages(texts)


@STEPS
def test_progress_is_told_in_letters_that_are_read(cache, step):
    """
    The longest first, each for what the model reads of it; together they are the work that was announced.
    """
    encoder, steps = Reporting(), []
    texts = ["a" * 25, "b" * 4, "c" * 3, "d" * 2]

    work = cache.missing_texts(encoder, texts).work(encoder)
    step(cache, encoder, texts, steps.append)

    assert steps == [10 + 4 + 3, 2]
    assert work == sum(steps)


def test_a_piece_that_is_also_a_window_has_no_turn_of_its_own(cache, encoder):
    """
    Its vector comes with its tokens: it is neither announced nor paid for twice.
    """
    missing = cache.missing_texts(encoder, ["một hai", "ba"], ["một hai", "bốn"])
    cache.encode_missing(encoder, missing)

    assert missing.work(encoder) == len("một hai" + "ba" + "bốn")
    assert encoder.encoded == 3
    assert cache.missing_texts(encoder, ["một hai", "ba"], ["một hai", "bốn"]).work(encoder) == 0


@STEPS
def test_a_page_that_went_bad_is_said_and_what_to_do(tmp_path, encoder, step):
    """
    The file opens and its first page is right: what is broken further back comes to light when a vector is looked for.
    """
    path = tmp_path / "embeddings.sqlite"
    with EmbeddingCache(path) as cache:
        step(cache, encoder, TEXTS)
    data = path.read_bytes()
    path.write_bytes(data[: 3 * 4096] + b"\xff" * (len(data) - 3 * 4096))

    with EmbeddingCache(path) as cache, pytest.raises(DamagedIndex, match="remove it, and all are computed again"):
        step(cache, encoder, TEXTS)


class Overflowing(BagEncoder):
    """A model whose arithmetic fails."""

    def encode_passages(self, texts, *, progress=None):
        return super().encode_passages(texts, progress=progress) * np.float32(np.nan)


@STEPS
def test_what_is_no_number_is_never_kept(cache, encoder, step):
    """
    It would stand in every later index, since what is kept is not computed again.
    """
    with pytest.raises(ModelUnusable, match="bag/1 gave nan"):
        step(cache, Overflowing(), ["một"])

    step(cache, encoder, ["một"])
    assert encoder.encoded == 1


def test_a_vector_cut_short_is_said(tmp_path, encoder):
    """
    A row of another length than the model's is no vector of it.
    """
    with EmbeddingCache(tmp_path / "embeddings.sqlite") as cache:
        cache.encode_passages(encoder, ["một"])
    with sqlite3.connect(tmp_path / "embeddings.sqlite") as db:
        db.execute("UPDATE vectors SET vector = x'00000000'")
    db.close()

    with EmbeddingCache(tmp_path / "embeddings.sqlite") as cache, pytest.raises(DamagedIndex, match="remove it"):
        cache.encode_passages(encoder, ["một"])
