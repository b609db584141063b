"""
Write the parsed 4-bit file as an ordinary SentenceTransformer folder.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from embeddings.bundled.q4_file import Q4File, Sizes
from embeddings.bundled.tokenizer import BEGIN, END, MASK, PAD, UNKNOWN, build_tokenizer

WEIGHTS_TYPE = np.float16

_ATTENTION, _OUTPUT = "attention.self", "attention.output"
_PARTS = {
    "q": f"{_ATTENTION}.query",
    "k": f"{_ATTENTION}.key",
    "v": f"{_ATTENTION}.value",
    "ao": f"{_OUTPUT}.dense",
    "aln": f"{_OUTPUT}.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


def write_model(source: Q4File, folder: Path) -> None:
    """Write the SentenceTransformer folder of `source`."""
    weights = {name: values.astype(WEIGHTS_TYPE) for name, values in bert_weights(source)}
    # Both libraries could write the files themselves, but raise their own errors for a full disk.
    (folder / "model.safetensors").write_bytes(save(weights, metadata={"format": "pt"}))
    (folder / "tokenizer.json").write_text(build_tokenizer(source.pieces).to_str(), "utf-8")
    for name, content in _settings(source.sizes).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=1), "utf-8")


def bert_weights(source: Q4File) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """transformers' `BertModel` names and float32 arrays; linear layers are (out, in)."""
    width = source.sizes.hidden
    for ours, theirs in _EMBEDDINGS.items():
        yield theirs, _reshape(source.tensors[ours], ours, width)
    for layer in range(source.sizes.layers):
        for short, long in _PARTS.items():
            for suffix, kind in (("w", "weight"), ("b", "bias")):
                values = source.tensors[f"l{layer}.{short}.{suffix}"]
                inputs = source.sizes.feed_forward if short == "fo" else width
                matrix = suffix == "w" and not short.endswith("ln")
                yield f"encoder.layer.{layer}.{long}.{kind}", values.reshape(-1, inputs) if matrix else values


def _reshape(values: NDArray[np.float32], name: str, width: int) -> NDArray[np.float32]:
    return values if ".ln." in name else values.reshape(-1, width)


def _settings(sizes: Sizes) -> dict[str, Any]:
    """The JSON files of the folder by name."""
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": sizes.hidden,
            "num_hidden_layers": sizes.layers,
            "num_attention_heads": sizes.heads,
            "intermediate_size": sizes.feed_forward,
            "vocab_size": sizes.vocabulary,
            "max_position_embeddings": sizes.positions,
            "type_vocab_size": sizes.token_types,
            "layer_norm_eps": 1e-12,
            "hidden_act": "gelu",
            "pad_token_id": 1,
            "torch_dtype": "float16" if WEIGHTS_TYPE is np.float16 else "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": sizes.positions,
            "bos_token": BEGIN,
            "cls_token": BEGIN,
            "eos_token": END,
            "sep_token": END,
            "unk_token": UNKNOWN,
            "pad_token": PAD,
            "mask_token": MASK,
            "model_input_names": ["input_ids", "attention_mask"],
        },
        "sentence_bert_config.json": {
            "max_seq_length": sizes.positions,
            "do_lower_case": False,
            "model_kwargs": {"add_pooling_layer": False},
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
        "1_Pooling/config.json": {"word_embedding_dimension": sizes.hidden, "pooling_mode_mean_tokens": True},
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "passage": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }
