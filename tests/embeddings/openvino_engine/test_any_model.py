"""Any model that OpenVINO converts gives the vectors that torch gives; any other runs in torch, and says why."""

import json
import shutil

import numpy as np
import pytest

from embeddings import LoadOptions, ModelUnusable, load_encoder
from embeddings.device import Accelerators, place
from embeddings.openvino_engine import any_model, any_model_export
from embeddings.openvino_engine.any_model_encoder import OpenVinoModelEncoder
from embeddings.precision import choose
from embeddings.torch_engine.sentence_transformer import SentenceTransformerEncoder
from tests.embeddings.torch_engine.conftest import KINDS, TEXTS
from tests.support import models

pytestmark = pytest.mark.slow  # sentence-transformers takes seconds to import

CONVERTED = [kind for kind in KINDS if kind != "prompt left out"]
ASK = """
import sys
from pathlib import Path
import embeddings
encoder = embeddings.load_encoder(sys.argv[1], cache_dir=Path(sys.argv[2]), precision="float32")
encoder.encode_query_tokens("Biển Đông ở đâu?")
print(type(encoder).__name__, sorted({"torch", "transformers", "sentence_transformers"} & set(sys.modules)))
"""


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A folder for each kind of model."""
    return {kind: save(tmp_path_factory.mktemp("models") / "m") for kind, save in KINDS.items()}


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """Where the models are compiled, once."""
    return tmp_path_factory.mktemp("cache")


def in_torch(folder, **settings):
    return SentenceTransformerEncoder(folder, placement=place("cpu", "float32", Accelerators()), **settings)


@pytest.mark.parametrize("kind", CONVERTED)
def test_vectors_and_tokens_are_those_of_torch(saved, cache, kind):
    """
    Alone and among longer texts, padded on either side, for queries and passages; and either engine searches the other.
    """
    fast, slow = load_encoder(str(saved[kind]), cache_dir=cache, precision="float32"), in_torch(saved[kind])

    readings = fast.read_passages(TEXTS)

    assert isinstance(fast, OpenVinoModelEncoder)
    for found, expected in zip(readings, slow.read_passages(TEXTS), strict=True):
        np.testing.assert_allclose(found.vector, expected.vector, atol=1e-4)
        np.testing.assert_allclose(found.tokens, expected.tokens, atol=1e-3)
    np.testing.assert_allclose(fast.encode_queries(TEXTS), slow.encode_queries(TEXTS), atol=1e-4)
    assert fast.encode_query_tokens("Ai ký?").spans == slow.encode_query_tokens("Ai ký?").spans
    assert fast.mixes_with(slow.token_fingerprint)
    assert fast.fingerprint.split("/")[1] == "openvino-float32"


def test_long_texts_are_cut_where_torch_cuts_them(saved, cache):
    """
    At the last position of the model, which the compiled tokenizer knows.
    """
    fast = load_encoder(str(saved["roberta"]), cache_dir=cache, precision="float32")
    texts = ["Hà Nội " * 300]

    vectors = fast.encode_passages(texts)

    np.testing.assert_allclose(vectors, in_torch(saved["roberta"]).encode_passages(texts), atol=1e-4)


def test_vectors_are_cut(saved, cache):
    """
    As in torch, from the same network.
    """
    fast = load_encoder(str(saved["mean"]), cache_dir=cache, precision="float32", dimensions=8)

    vectors = fast.encode_passages(TEXTS)

    np.testing.assert_allclose(vectors, in_torch(saved["mean"], dimensions=8).encode_passages(TEXTS), atol=1e-4)


def test_a_question_imports_no_torch(saved, cache, start):
    """
    Once the model is compiled, OpenVINO and tokenizers are enough.
    """
    load_encoder(str(saved["cls"]), cache_dir=cache, precision="float32")

    said = start(ASK, saved["cls"], cache).communicate()

    assert said == ("OpenVinoModelEncoder []\n", "")


def test_what_is_not_converted_runs_in_torch_and_says_why(saved, cache):
    """
    A prompt that the pooling leaves out is not in the network; who asks for OpenVINO by name is refused.
    """
    encoder = load_encoder(str(saved["prompt left out"]), cache_dir=cache)

    assert isinstance(encoder, SentenceTransformerEncoder)
    assert "not OpenVINO: its pooling leaves the prompt out" in encoder.running
    with pytest.raises(ModelUnusable, match=r"leaves the prompt out.*leave out --encoder"):
        load_encoder(str(saved["prompt left out"]), cache_dir=cache, engine="openvino")


def test_a_model_that_cannot_be_loaded_says_what_torch_says(saved, tmp_path):
    """
    Nothing of it is kept, so that it is tried again when it has been mended.
    """
    (tmp_path / "empty").mkdir()

    with pytest.raises(ModelUnusable, match="a model folder holds what sentence-transformers saves"):
        load_encoder(str(tmp_path / "empty"), cache_dir=tmp_path / "cache")

    assert not [path for path in (tmp_path / "cache").iterdir() if path.is_dir()]


def test_a_cache_that_cannot_be_written_is_no_obstacle(saved, tmp_path):
    """
    The model runs in torch, and says why not in OpenVINO.
    """
    (tmp_path / "cache").touch()

    encoder = load_encoder(str(saved["mean"]), cache_dir=tmp_path / "cache")

    assert isinstance(encoder, SentenceTransformerEncoder)
    assert "not OpenVINO: the model cache must be writable" in encoder.running


def test_a_network_that_disagrees_is_not_used(saved, tmp_path, monkeypatch):
    """
    Of each implementation of attention the vectors are compared; the reason is kept, so that nothing is tried again.
    """
    tried = []
    monkeypatch.setattr(any_model_export, "_cosine", lambda *_: tried.append(1) or 0.5)
    first = load_encoder(str(saved["mean"]), cache_dir=tmp_path, precision="float32")
    comparisons = len(tried)

    second = load_encoder(str(saved["mean"]), cache_dir=tmp_path, precision="float32")

    assert "its vectors differ from sentence-transformers' (cosine 0.5000, not 0.9999)" in first.running
    assert second.running == first.running
    assert len(tried) == comparisons > 0
    assert not list(tmp_path.rglob("*.blob"))


def test_no_number_is_no_agreement():
    """
    A network that computes nan disagrees.
    """
    rows = np.ones((2, 3), np.float32)

    assert any_model_export._cosine(rows * np.nan, rows) == -1


def test_a_conversion_needs_memory(saved, tmp_path, monkeypatch):
    """
    Where there is too little it is not begun, and tried again at the next start.
    """
    monkeypatch.setattr(any_model, "_free_memory", lambda: 1000)
    poor = load_encoder(str(saved["mean"]), cache_dir=tmp_path)
    monkeypatch.undo()

    rich = load_encoder(str(saved["mean"]), cache_dir=tmp_path)

    assert "not OpenVINO: its conversion takes some" in poor.running
    assert isinstance(rich, OpenVinoModelEncoder)


def test_free_memory_is_what_the_kernel_says(tmp_path):
    """
    Of /proc/meminfo, in bytes, or less where the service has a limit; elsewhere it is unknown.
    """
    unknown = any_model._free_memory(tmp_path)
    group = tmp_path / "sys/fs/cgroup/system.slice/trichdan.service"
    for folder in (tmp_path / "proc/self", group):
        folder.mkdir(parents=True)
    (tmp_path / "proc/meminfo").write_text("MemTotal:  16000000 kB\nMemFree:  1 kB\nMemAvailable:   2048 kB\n")
    (tmp_path / "proc/self/cgroup").write_text("0::/system.slice/trichdan.service\n")
    (group / "memory.max").write_text("max\n")
    (group / "memory.current").write_text("1000\n")
    unlimited = any_model._free_memory(tmp_path)
    (group / "memory.max").write_text("3000\n")

    assert unknown is None
    assert unlimited == 2 * 1024**2
    assert any_model._free_memory(tmp_path) == 2000


def test_another_engine_is_not_overruled(saved, cache):
    """
    Who asks for sentence-transformers gets it, without a remark; on a GPU OpenVINO does not run.
    """
    encoder = load_encoder(str(saved["mean"]), cache_dir=cache, engine="sentence-transformers")

    assert isinstance(encoder, SentenceTransformerEncoder)
    assert "OpenVINO" not in encoder.running
    placement = place("auto", "auto", Accelerators(cuda=("NVIDIA H200",), cuda_bfloat16=True))
    found = any_model.load_compiled_model(
        saved["mean"], "m", LoadOptions(), placement, prompts=None, dimensions=None, cache_dir=cache
    )
    assert found == "it runs on the CPU only"


def test_a_changed_model_is_compiled_again(saved, tmp_path):
    """
    The compiled network is of the weights that lie there, whatever the folder is called.
    """
    folder = tmp_path / "m"
    shutil.copytree(saved["mean"], folder)
    before = load_encoder(str(folder), cache_dir=tmp_path / "cache", precision="float32").encode_queries(["Ai ký?"])
    shutil.rmtree(folder)
    shutil.copytree(models.save_encoder(tmp_path / "other", pooling="cls"), folder)

    after = load_encoder(str(folder), cache_dir=tmp_path / "cache", precision="float32").encode_queries(["Ai ký?"])

    assert np.abs(before - after).max() > 0.01


@pytest.mark.skipif(choose("auto") != "bfloat16", reason="this processor does not multiply in bfloat16")
def test_bfloat16_agrees(saved, cache):
    """
    To a cosine of 0.999, as the bundled model does.
    """
    fast = load_encoder(str(saved["mean"]), cache_dir=cache, precision="bfloat16")

    cosines = (fast.encode_passages(TEXTS) * in_torch(saved["mean"]).encode_passages(TEXTS)).sum(axis=1)

    assert isinstance(fast, OpenVinoModelEncoder)
    assert cosines.min() > 0.999


def test_settings_of_the_compiled_model_are_read_as_written(saved, cache):
    """
    Prompts among them, so that a question needs nothing else.
    """
    encoder = load_encoder(str(saved["asymmetric"]), cache_dir=cache, precision="float32")

    assert (encoder.prompts.query, encoder.prompts.passage) == ("query: ", "passage: ")
    files = [json.loads(file.read_text()) for file in cache.rglob("settings.json")]
    assert all(settings["fields"] for settings in files if not settings["reason"])
