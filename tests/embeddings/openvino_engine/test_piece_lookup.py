"""A text is tokenized the same by the pieces that occur in it as by all 250,000."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from embeddings.bundled import weights
from embeddings.openvino_engine.compiled_files import PIECES_FILE
from embeddings.openvino_engine.compiled_model import ensure_compiled
from embeddings.openvino_engine.piece_lookup import PieceLookup
from tests.embeddings.conftest import TEXTS

ODD = ("a<s>b </s>c", "", " ", "\x01\x02", "＜s＞ và <mask>", "▁ ▁a", "🎉🎉漢", "\u200b", "một " * 600)


@pytest.fixture(scope="module")
def whole(folder):
    """The oracle: the tokenizers library with the whole vocabulary."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(512)
    return tokenizer


@pytest.fixture(scope="module")
def pieces(folder):
    return PieceLookup(ensure_compiled(folder, weights.default_cache_dir()) / PIECES_FILE, 512)


def same(whole, pieces, texts):
    """What the oracle makes of each text, and what we make of all of them at once."""
    expected = [(encoded.ids, encoded.offsets, encoded.special_tokens_mask) for encoded in map(whole.encode, texts)]
    return expected, [tuple(map(list, encoded)) for encoded in pieces.tokenize(texts)]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_texts_are_cut_as_by_the_whole_vocabulary(whole, pieces, form):
    """
    Ids, places and frame are the same in both spellings, for whole texts as for odd ones.
    """
    expected, found = same(whole, pieces, [unicodedata.normalize(form, f"query: {text}") for text in TEXTS + ODD])

    assert found == expected


@settings(max_examples=60)
@given(texts=st.lists(st.text("aăâeêđơư ếộ▁<s>/.,1漢ﬁ\n\u0301\u200b"), min_size=1, max_size=3))
def test_any_letters_are_cut_as_by_the_whole_vocabulary(whole, pieces, texts):
    """
    The same holds for any mixture of letters, marks, blanks and what looks like a frame.
    """
    expected, found = same(whole, pieces, texts)

    assert found == expected


def test_words_are_cut_the_same_when_others_were_forgotten(whole, pieces, monkeypatch):
    """Words are tokenized the same after the word cache was cleared."""
    monkeypatch.setattr("embeddings.openvino_engine.piece_lookup._CACHE_SIZE", 2)

    for text in ("Bộ Quốc phòng", "Bộ Quốc phòng Việt Nam", "Bộ Ngoại giao Việt Nam"):
        expected, found = same(whole, pieces, [text])

        assert found == expected
