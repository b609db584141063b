"""
The ways of a GPU, as far as a machine without one has them.

"cpu:0" is a place that is not "cpu": there weights have the precision of passages, states are projected where they
are, and several places share the passages.
"""

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from embeddings import ModelUnusable
from embeddings.any_model.reading import token_batches
from embeddings.device import Accelerators, Placement, place
from embeddings.torch_engine.model_copy import _affordable_tokens
from embeddings.torch_engine.sentence_transformer import SentenceTransformerEncoder
from tests.embeddings.torch_engine.conftest import TEXTS
from tests.support import models

pytestmark = pytest.mark.slow  # sentence-transformers takes seconds to import


@pytest.fixture(scope="module")
def plain(saved):
    return SentenceTransformerEncoder(saved["mean"], placement=place("cpu", "float32", Accelerators()))


def as_gpu(folder, places, precision="float32"):
    return SentenceTransformerEncoder(folder, placement=Placement("cuda", places, precision, "as if"))


@pytest.mark.parametrize("places", [("cpu:0",), ("cpu:0", "cpu:0", "cpu:0")], ids=len)
def test_any_number_of_devices_gives_the_same_vectors_and_tokens(saved, plain, places):
    """
    In the order of the texts, with progress for each, whichever device read it; projected there as on the CPU.
    """
    projection, steps, texts = plain.learn_projection(TEXTS), [], TEXTS * 5
    encoder = as_gpu(saved["mean"], places).with_projection(projection)

    readings = encoder.read_passages(texts, progress=steps.append)

    for found, expected in zip(readings, plain.with_projection(projection).read_passages(texts), strict=True):
        np.testing.assert_allclose(found.vector, expected.vector, atol=1e-5)
        np.testing.assert_allclose(found.tokens, expected.tokens, atol=1e-4)
    assert sum(steps) == len(texts)
    assert len(encoder._copies) == len(places)


def test_weights_in_half_precision_agree(saved, plain):
    """
    To a cosine of 0.999, for queries too, which have no other weights there; the fingerprint says where they were.
    """
    encoder = as_gpu(saved["mean"], ("cpu:0",), "bfloat16")

    cosines = (encoder.encode_queries(TEXTS) * plain.encode_queries(TEXTS)).sum(axis=1)

    assert cosines.min() > 0.999
    assert encoder.fingerprint.split("/")[1] == "cuda-bfloat16"
    assert encoder._first.model[0].model.dtype == torch.bfloat16
    assert plain.mixes_with(encoder.token_fingerprint)


def test_a_model_that_half_precision_cannot_hold_runs_in_float32(tmp_path):
    """
    A weight of a million is infinity in float16: the probe notices, and the reason is said.
    """
    folder = models.save_encoder(tmp_path)
    weights = load_file(folder / "model.safetensors")
    weights["encoder.layer.1.output.LayerNorm.weight"] *= 1e6
    save_file(weights, folder / "model.safetensors", {"format": "pt"})

    encoder = as_gpu(folder, ("cpu:0",), "float16")

    assert encoder.precision == "float32"
    assert "float16 gives no numbers" in encoder.running
    assert np.isfinite(encoder.encode_passages(TEXTS)).all()


@pytest.mark.parametrize(("free", "tokens"), [(1 << 10, 4096), (40_000_000, 8680), (1 << 40, 65_536)])
def test_a_batch_is_as_large_as_the_free_memory_allows(plain, monkeypatch, free, tokens):
    """
    Half of it, at 4 * (12 * 32 + 3 * 64) = 2304 bytes a token of this model, within bounds.
    """
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _: (free, free))

    assert _affordable_tokens(plain._first.model, "cuda:0") == tokens


class Cramped(torch.nn.Module):
    """A further layer, on a device that holds so many tokens at a time."""

    def __init__(self, tokens, error):
        super().__init__()
        self.tokens, self.error, self.seen = tokens, error, []

    def forward(self, features):
        self.seen.append(features["input_ids"].numel())
        if self.seen[-1] > self.tokens:
            raise self.error
        return features


ERRORS = [
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
    RuntimeError("MPS backend out of memory"),
    RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 17179869184 bytes"),
]


@pytest.mark.parametrize("error", ERRORS, ids=str)
def test_a_batch_is_halved_where_memory_runs_out(saved, plain, error):
    """
    Until it fits, whatever the device calls it; later batches are as small, and no vector is lost.
    """
    encoder = as_gpu(saved["mean"], ("cpu:0",))
    cramped = Cramped(150, error)
    encoder._first.model.append(cramped)

    vectors = encoder.encode_passages(TEXTS * 3)

    np.testing.assert_allclose(vectors, plain.encode_passages(TEXTS * 3), atol=1e-5)
    refused = sum(tokens > 150 for tokens in cramped.seen)
    encoder.encode_passages(TEXTS * 3)
    assert 0 < refused == sum(tokens > 150 for tokens in cramped.seen)


def test_a_text_that_no_memory_holds_is_one_sentence(saved):
    """
    After one text there is nothing left to halve.
    """
    encoder = as_gpu(saved["mean"], ("cpu:0",))
    encoder._first.model.append(Cramped(10, ERRORS[0]))

    with pytest.raises(ModelUnusable, match=r"\d+ tokens do not fit into that of cpu:0: .*--device") as caught:
        encoder.encode_passages(TEXTS)

    assert "\n" not in str(caught.value)


def test_other_errors_are_not_taken_for_it(saved):
    """
    A fault in the program is not retried in halves.
    """
    encoder = as_gpu(saved["mean"], ("cpu:0",))
    cramped = Cramped(10, RuntimeError("shapes differ"))
    encoder._first.model.append(cramped)

    with pytest.raises(RuntimeError, match="shapes differ"):
        encoder.encode_passages(TEXTS)

    assert len(cramped.seen) == 1


@pytest.mark.parametrize(
    ("lengths", "tokens", "expected"),
    [
        ([8, 4, 4, 2, 1], 16, [[8, 4], [4, 2, 1]]),
        ([100], 16, [[100]]),
        ([100, 100], 16, [[100], [100]]),
        ([2, 8], 16, [[2, 8]]),
        ([2, 9], 16, [[2], [9]]),
        ([], 16, []),
    ],
)
def test_batches_hold_so_many_padded_tokens(lengths, tokens, expected):
    """
    The longest times their number, worked out by hand; a text that is longer is a batch.
    """
    assert [lengths[batch] for batch in token_batches(lengths, tokens)] == expected
