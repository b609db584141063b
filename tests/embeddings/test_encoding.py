"""What every caller of an encoder may rely on."""

import copy

import numpy as np
import pytest

from embeddings.precision import choose, cpu_flags
from embeddings.projection import TOKEN_DIM
from embeddings.vectors import own_tokens, unit_rows


def test_vectors_are_unit_rows_of_float32(encoder, queries, passages):
    """
    The inner product of two vectors is their cosine.
    """
    vectors = np.concatenate([queries, passages])

    assert vectors.dtype == np.float32
    assert vectors.shape == (100, encoder.dim)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_no_texts_give_no_rows(encoder):
    """
    An empty list is no special case for the caller: the result still has `dim` columns.
    """
    shapes = [encoder.encode_queries([]).shape, encoder.encode_passages([]).shape]

    assert shapes == [(0, 384), (0, 384)]


def test_passages_keep_their_order_although_batches_are_sorted_by_length(encoder, passages, texts):
    """
    Row i belongs to text i, as if each text had been encoded by itself.
    """
    one_by_one = np.concatenate([encoder.encode_passages([text]) for text in texts])

    np.testing.assert_allclose(passages, one_by_one, atol=1e-5)


def test_a_passage_is_not_encoded_as_a_query(encoder):
    """
    The two kinds of text get different prefixes, and the caller adds none.
    """
    passage, query = encoder.encode_passages(["Hà Nội"])[0], encoder.encode_queries(["Hà Nội"])[0]

    assert passage @ query < 0.999


def test_progress_counts_every_text_once(encoder):
    """
    The numbers given to `progress` add up to the number of texts, in steps of a batch.
    """
    steps, texts = [], ["một " * 100] * 40

    encoder.encode_passages(texts, progress=steps.append)

    assert sum(steps) == len(texts)
    assert len(steps) > 1


def test_a_text_is_cut_at_the_models_window(encoder):
    """
    What stands beyond `max_tokens` tokens does not change the vector, on either way through the model.
    """
    long = "một " * 600

    vectors = np.concatenate(
        [encoder.encode_queries([long, long + "hai"]), encoder.encode_passages([long, long + "hai"])]
    )

    assert encoder.max_tokens == 512
    np.testing.assert_allclose(vectors[[0, 2]], vectors[[1, 3]], atol=1e-6)


@pytest.mark.skipif(choose("auto") != "bfloat16", reason="this processor does not multiply in bfloat16")
def test_bfloat16_passages_agree_with_float32_ones(transformer, texts):
    """
    The faster precision changes no vector by more than a cosine of 0.999.
    """
    fast = copy.copy(transformer)
    fast.precision = "bfloat16"

    vectors = fast.encode_passages(texts)

    passages = transformer.encode_passages(texts)
    assert (vectors * passages).sum(axis=1).min() >= 0.999
    assert (vectors != passages).any()


def test_token_vectors_are_unit_rows_without_prefix_and_frame(encoder):
    """
    "xin chào" is two pieces, and gets two vectors: not those of "query", ":", `<s>` and `</s>`.
    """
    tokens = encoder.encode_query_tokens("xin chào")

    assert tokens.vectors.shape == (2, TOKEN_DIM)
    np.testing.assert_allclose(np.linalg.norm(tokens.vectors, axis=1), 1, atol=1e-6)


def test_a_token_says_where_it_stands_in_the_text(encoder):
    """
    The prompt is not counted, so the words can be read off the question.
    """
    text = "Biển Đông"

    spans = encoder.encode_query_tokens(text).spans

    assert [text[start:end].strip() for start, end in spans] == ["Biển", "Đông"]


def test_tokens_after_the_vector_are_those_of_the_same_reading(encoder):
    """
    What is remembered from the one call to the other is not another text's.
    """
    alone = encoder.encode_query_tokens("Biển Đông").vectors
    encoder.encode_queries(["hải quân", "Biển Đông", "không quân"])

    again = encoder.encode_query_tokens("Biển Đông").vectors

    np.testing.assert_allclose(again, alone, atol=1e-5)


def test_an_empty_passage_has_no_tokens_of_its_own(encoder):
    """
    The lists stay parallel even where a text is empty.
    """
    shapes = [reading.tokens.shape for reading in encoder.read_passages(["", "Hà Nội"])]

    assert shapes == [(0, TOKEN_DIM), (2, TOKEN_DIM)]


@pytest.mark.parametrize("first", [(6, 9), (7, 9)], ids=["blank within", "blank outside"])
def test_own_tokens_begin_after_the_prompt(first):
    """
    Whether a tokenizer counts the blank after "query:" to the prompt or to the text, the token is kept.
    """
    states = np.eye(4, dtype=np.float32)
    spans = [(0, 0), (0, 6), first, (0, 0)]

    kept, places = own_tokens(states, spans, [1, 0, 0, 1], "query: ")

    np.testing.assert_array_equal(kept, states[2:3])
    assert places == ((0, 2),)


def test_a_token_of_prompt_and_text_is_the_texts():
    """
    A prompt without a blank at its end ("Query:") may share a token with the first word (":Ai").
    """
    states = np.eye(3, dtype=np.float32)

    kept, places = own_tokens(states, [(0, 5), (5, 8), (8, 11)], [0, 0, 0], "Query:")

    np.testing.assert_array_equal(kept, states[1:])
    assert places == ((0, 2), (2, 5))


def test_a_row_of_zeros_is_left_alone():
    """
    There is no direction to normalise, and no division by zero: 3-4-5 beside nothing.
    """
    rows = unit_rows(np.array([[3, 4], [0, 0]], dtype=np.float32))

    np.testing.assert_allclose(rows, [[0.6, 0.8], [0, 0]])


@pytest.mark.parametrize(
    ("wanted", "flags", "chosen"),
    [
        ("auto", {"avx512f", "amx_bf16"}, "bfloat16"),
        ("auto", {"avx512_bf16"}, "bfloat16"),
        ("auto", {"avx2", "avx512f"}, "float32"),
        ("bfloat16", set(), "bfloat16"),
        ("float32", {"amx_bf16"}, "float32"),
    ],
)
def test_precision_follows_the_wish_and_then_the_processor(wanted, flags, chosen):
    """
    "auto" takes bfloat16 only where the hardware multiplies in it; a wish is always granted.
    """
    assert choose(wanted, frozenset(flags)) == chosen


def test_the_processors_features_are_read_from_the_kernel(tmp_path):
    """
    The first line of them counts, under x86's name or ARM's; a system without that file has no known features.
    """
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("processor\t: 0\nflags\t\t: fpu avx2 amx_bf16\n\nprocessor\t: 1\nflags\t\t: fpu\n")

    arm = tmp_path / "arm"
    arm.write_text("processor\t: 0\nBogoMIPS\t: 50.00\nFeatures\t: fp asimd sve\n")

    found = [cpu_flags(cpuinfo), cpu_flags(arm), cpu_flags(tmp_path / "none")]

    assert found == [{"fpu", "avx2", "amx_bf16"}, {"fp", "asimd", "sve"}, frozenset()]
