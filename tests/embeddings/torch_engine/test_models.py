"""Any sentence-transformers model gives the vectors that sentence-transformers gives, and tokens in their places."""

import json
import os
import pickle
import shutil

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file
from sentence_transformers import SentenceTransformer

from embeddings import ModelUnusable, load_encoder
from embeddings.any_model.encoder import name_of
from embeddings.device import Accelerators, place
from embeddings.torch_engine.sentence_transformer import SentenceTransformerEncoder
from tests.embeddings.torch_engine.conftest import KINDS, TEXTS
from tests.support import models

pytestmark = pytest.mark.slow  # sentence-transformers takes seconds to import

FLOAT32 = place("cpu", "float32", Accelerators())


def load(folder, **settings):
    return SentenceTransformerEncoder(folder, placement=FLOAT32, **settings)


@pytest.mark.parametrize("kind", KINDS)
def test_vectors_are_those_of_sentence_transformers(saved, kind):
    """
    Whatever its pooling, padding, prompts and further layers, queries and passages are as the library encodes them.
    """
    encoder, library = load(saved[kind]), SentenceTransformer(str(saved[kind]), device="cpu")
    texts = [text for text in TEXTS if len(text) < 60]  # the library lets RoBERTa run over its last position

    queries, passages = encoder.encode_queries(texts), encoder.encode_passages(texts)

    expected = library.encode_query(texts, normalize_embeddings=True, show_progress_bar=False)
    np.testing.assert_allclose(queries, expected, atol=1e-6)
    expected = library.encode_document(texts, normalize_embeddings=True, show_progress_bar=False)
    np.testing.assert_allclose(passages, expected, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_a_passages_vector_and_tokens_come_from_one_run(saved, kind):
    """
    Among longer passages, which pad it on either side, a passage has the vector and tokens that it has alone.
    """
    encoder = load(saved[kind])

    together = encoder.read_passages(TEXTS)

    alone = [encoder.read_passages([text])[0] for text in TEXTS]
    for one, other in zip(together, alone, strict=True):
        np.testing.assert_allclose(one.vector, other.vector, atol=1e-5)
        np.testing.assert_allclose(one.tokens, other.tokens, atol=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_tokens_of_a_query_cover_its_words(saved, kind):
    """
    Without prompt and frame: each letter of the question is in a token, although ":A" may be one token.
    """
    text = "Ai ký năm 1945?"

    tokens = load(saved[kind]).encode_query_tokens(text)

    covered = {at for start, end in tokens.spans for at in range(start, end)}
    assert covered == set(range(len(text)))
    assert len(tokens.vectors) == len(tokens.spans)
    assert tokens.spans[0][0] == 0


def test_states_have_the_models_own_width_behind_a_further_layer(saved):
    """
    A Dense layer changes the length of vectors, not of token states.
    """
    encoder = load(saved["dense"])

    (reading,) = encoder.read_passages(["Hà Nội"])

    assert reading.vector.shape == (encoder.dim,) == (12,)
    assert reading.tokens.shape[1] == models.HIDDEN


@pytest.mark.parametrize(("kind", "tokens"), [("mean", 128), ("decoder", 256), ("roberta", 64)])
def test_texts_are_cut_at_the_models_last_position(saved, kind, tokens):
    """
    These tokenizers name no limit; RoBERTa's table of 66 positions holds 64 tokens.
    """
    encoder = load(saved[kind])

    vectors = encoder.encode_passages(["Hà Nội " * 300, "Hà Nội " * 301])

    assert encoder.max_tokens == tokens
    np.testing.assert_allclose(vectors[0], vectors[1], atol=1e-6)


def test_vectors_are_cut_and_normalised_again(saved):
    """
    The first dimensions of the whole vector, as a unit vector; queries are cut as passages are.
    """
    whole, cut = load(saved["mean"]), load(saved["mean"], dimensions=8)

    vectors = cut.encode_passages(TEXTS)

    part = whole.encode_passages(TEXTS)[:, :8]
    np.testing.assert_allclose(vectors, part / np.linalg.norm(part, axis=1, keepdims=True), atol=1e-6)
    assert cut.encode_queries(["a"]).shape == cut.read_passages(["a"])[0].vector[None].shape == (1, 8)
    assert not cut.mixes_with(whole.token_fingerprint)


@pytest.mark.parametrize("dimensions", [0, -1, 33])
def test_more_dimensions_than_there_are_is_one_sentence(saved, dimensions):
    """
    So is fewer than one.
    """
    with pytest.raises(ModelUnusable, match=f"has 32, asked for were {dimensions}: correct --dimensions"):
        load(saved["mean"], dimensions=dimensions)


def test_a_padding_token_is_found_where_none_is_named(tmp_path):
    """
    Padding is masked, so a decoder without one is padded with the token that ends its texts.
    """
    folder = models.save_decoder(tmp_path, pad=False)

    vectors = load(folder).encode_passages(["Hà Nội", "Hà Nội " * 20])

    np.testing.assert_allclose(vectors[:1], load(folder).encode_passages(["Hà Nội"]), atol=1e-5)


def test_without_spans_late_interaction_is_left_out_and_said(saved, monkeypatch):
    """
    A tokenizer in Python does not tell where a token stands: vectors are the same, token vectors are none.
    """
    expected = load(saved["mean"]).encode_passages(TEXTS)
    monkeypatch.setattr("transformers.PreTrainedTokenizerFast.is_fast", False)

    encoder = load(saved["mean"])

    assert "does not say where a token stands" in encoder.token_absence
    np.testing.assert_allclose(encoder.encode_passages(TEXTS), expected, atol=1e-6)
    tokens = encoder.encode_query_tokens("Ai ký?")
    assert (tokens.vectors.shape[0], tokens.spans) == (0, ())
    assert encoder.read_passages(["Ai ký?"])[0].tokens.shape == tokens.vectors.shape


def test_static_vectors_are_a_model_too(tmp_path):
    """
    A model without a Transformer is read as a whole.
    """
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(models.save_encoder(tmp_path) / "tokenizer.json"))
    library = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=16)], device="cpu")
    library.save(str(tmp_path / "static"), create_model_card=False)

    encoder = load(tmp_path / "static")

    expected = library.encode(list(TEXTS), normalize_embeddings=True, show_progress_bar=False)
    np.testing.assert_allclose(encoder.encode_passages(TEXTS), expected, atol=1e-6)
    assert "as a whole" in encoder.token_absence


def test_a_model_that_reads_messages_is_read_as_a_whole(tmp_path):
    """
    A chat model's plain folder: where its template puts a text's tokens is not known.
    """
    from transformers import AutoTokenizer

    folder = models.save_decoder(tmp_path).parent / "transformer"
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.chat_template = "{% for message in messages %}{{ message.content }}{% endfor %}"
    tokenizer.save_pretrained(folder)
    library = SentenceTransformer(str(folder), device="cpu")

    encoder = load(folder)

    expected = library.encode(list(TEXTS), normalize_embeddings=True, show_progress_bar=False)
    np.testing.assert_allclose(encoder.encode_passages(TEXTS), expected, atol=1e-5)
    assert "as a whole" in encoder.token_absence


def test_code_of_a_models_own_is_not_run(saved, tmp_path):
    """
    Neither a module's nor a transformer's; one sentence says how to allow it.
    """
    for name, change in {"module": own_module, "transformer": own_transformer}.items():
        folder = tmp_path / name
        copy_of(saved["mean"], folder)
        change(folder, tmp_path / "ran")

        with pytest.raises(ModelUnusable, match="--trust-remote-code"):
            load(folder)

    assert not (tmp_path / "ran").exists()


def copy_of(folder, target):
    shutil.copytree(folder, target)


def own_module(folder, witness):
    """The pipeline's first module is a class in the folder."""
    modules = json.loads((folder / "modules.json").read_text())
    modules[0]["type"] = "own.Module"
    (folder / "modules.json").write_text(json.dumps(modules))
    (folder / "own.py").write_text(f"open({str(witness)!r}, 'w')\n")


def own_transformer(folder, witness):
    """The settings of the transformer name a class in the folder, of a kind that transformers does not know."""
    settings = json.loads((folder / "config.json").read_text())
    settings |= {"model_type": "own", "auto_map": {"AutoConfig": "own.Config", "AutoModel": "own.Model"}}
    (folder / "config.json").write_text(json.dumps(settings))
    (folder / "own.py").write_text(f"open({str(witness)!r}, 'w')\n")


class Harmful:
    """What runs a command when it is unpickled."""

    def __init__(self, witness):
        self.witness = witness

    def __reduce__(self):
        return os.mkdir, (str(self.witness),)


def test_weights_are_not_unpickled(saved, tmp_path):
    """
    A file of weights that would run something when it is unpickled is refused.
    """
    copy_of(saved["mean"], tmp_path / "m")
    (tmp_path / "m" / "model.safetensors").unlink()
    (tmp_path / "m" / "pytorch_model.bin").write_bytes(pickle.dumps(Harmful(tmp_path / "ran")))

    with pytest.raises(ModelUnusable, match="name another folder"):
        load(tmp_path / "m")

    assert not (tmp_path / "ran").exists()


def test_a_snapshot_in_the_hubs_cache_has_its_hub_name(tmp_path):
    """
    So the prompts of a well-known model are found, wherever its files are.
    """
    folder = tmp_path / "models--BAAI--bge-small-en-v1.5" / "snapshots" / ("0" * 40)
    folder.mkdir(parents=True)

    assert name_of(folder) == "BAAI/bge-small-en-v1.5"
    assert name_of(tmp_path) == tmp_path.name


def test_a_folder_is_loaded_by_name(saved):
    """
    The entrance takes the folder, and its fingerprint names it.
    """
    encoder = load_encoder(str(saved["cls"]), engine="sentence-transformers", precision="float32")

    assert encoder.fingerprint.startswith("model/float32/")
    assert encoder.running.startswith("sentence-transformers on ")


def test_a_model_that_reads_a_few_tokens_is_refused(tmp_path):
    """Every text would be the same to it."""
    folder = models.save_encoder(tmp_path / "short", positions=4)

    with pytest.raises(ModelUnusable, match="at least, model reads 4: correct its max_seq_length"):
        load(folder)


def test_a_model_without_its_tokenizer_is_refused(tmp_path):
    """The library makes one that knows no word, and every text is alike."""
    folder = models.save_encoder(tmp_path / "bare")
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    vocabulary = {"[UNK]": 0, "[PAD]": 1, "[CLS]": 2, "[SEP]": 3}
    tokenizer["model"] = {"type": "WordLevel", "vocab": vocabulary, "unk_token": "[UNK]"}
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    settings = json.loads((folder / "tokenizer_config.json").read_text())
    (folder / "tokenizer_config.json").write_text(json.dumps(settings | {"unk_token": "[UNK]"}))

    with pytest.raises(ModelUnusable, match="that of model knows none of"):
        load(folder)


def test_a_model_of_zeros_is_refused(tmp_path):
    """Nothing can be near to anything."""
    folder = models.save_encoder(tmp_path / "zeros")
    weights = load_file(folder / "model.safetensors")
    save_file({name: values * 0 for name, values in weights.items()}, folder / "model.safetensors")

    with pytest.raises(ModelUnusable, match="model gives zeros: choose another model"):
        load(folder)
