"""The tokenizer's promises about spelling, over generated text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from embeddings.bundled.tokenizer import build_tokenizer

VIETNAMESE = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệ 0123456789.,?", max_size=60)


@pytest.fixture(scope="module")
def tokenizer(folder) -> Tokenizer:
    """The bundled model's."""
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


@given(text=VIETNAMESE)
def test_composed_and_decomposed_spellings_become_the_same_ids(tokenizer, text):
    """
    NFC and NFD of one text cannot be told apart.
    """
    decomposed = tokenizer.encode(unicodedata.normalize("NFD", text)).ids

    assert decomposed == tokenizer.encode(unicodedata.normalize("NFC", text)).ids


@given(text=VIETNAMESE)
def test_vietnamese_text_comes_back_from_its_ids(tokenizer, text):
    """
    Only the number of spaces is lost: every Vietnamese letter has a piece.
    """
    ids = tokenizer.encode(text).ids

    assert tokenizer.decode(ids) == " ".join(text.split())


@given(text=st.text(max_size=40))
def test_every_text_is_framed_by_the_two_special_tokens(tokenizer, text):
    """
    Any text begins with `<s>` (id 0) and ends with `</s>` (id 2).
    """
    ids = tokenizer.encode(text).ids

    assert (ids[0], ids[-1]) == (0, 2)


def test_the_likeliest_pieces_are_chosen():
    """
    Of the ways to split "ab", the one with the highest summed log probability is taken: -1 against -1.5 - 1.5.
    """
    specials = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    pieces = [*specials, ("▁", -1.0), ("a", -1.5), ("b", -1.5), ("ab", -1.0), ("<mask>", 0.0)]

    ids = build_tokenizer(pieces).encode("ab").ids

    assert ids == [0, 4, 7, 2]
