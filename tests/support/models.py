"""Tiny models with random weights, saved as sentence-transformers saves them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from embeddings.torch_engine.library_output import silence_libraries

WORDS = (
    "Thủ tục cấp lại thẻ căn cước công dân bị mất như thế nào? Biển Đông ở đâu, hải quân và không quân.",
    "Người lao động làm việc đủ mười hai tháng thì được nghỉ hằng năm mười hai ngày, hưởng nguyên lương.",
    "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:",
    "Who declared the independence of Vietnam, and when? query: passage: 1945",
)
HIDDEN = 32


def save_encoder(
    folder: Path,
    *,
    pooling: str = "mean",
    include_prompt: bool = True,
    dense: int | None = None,
    prompts: Mapping[str, str] | None = None,
    positions: int = 128,
) -> Path:
    """A BERT of two layers, with a tokenizer that frames each text; `dense` adds a layer after the pooling."""
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=600,
        hidden_size=HIDDEN,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=positions,
    )
    tokenizer = _tokenizer(frame="[CLS] $A [SEP]")
    return _save(folder, BertModel, config, tokenizer, pooling, include_prompt, dense, prompts)


def save_roberta(folder: Path, *, positions: int = 66) -> Path:
    """A RoBERTa of one layer, whose table of positions begins after that of the padding."""
    from transformers import RobertaConfig, RobertaModel

    config = RobertaConfig(
        vocab_size=600,
        hidden_size=HIDDEN,
        num_hidden_layers=1,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=positions,
        pad_token_id=1,
    )
    return _save(folder, RobertaModel, config, _tokenizer(frame="[CLS] $A [SEP]"), "mean", True, None, None)


def save_decoder(folder: Path, *, prompts: Mapping[str, str] | None = None, pad: bool = True) -> Path:
    """A Qwen3 of two layers as Qwen3-Embedding is: padded on the left, pooled by the last token."""
    from transformers import Qwen3Config, Qwen3Model

    config = Qwen3Config(
        vocab_size=600,
        hidden_size=HIDDEN,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=8,
        intermediate_size=64,
        max_position_embeddings=256,
    )
    tokenizer = _tokenizer(frame="$A [SEP]", padding_side="left", pad=pad)
    return _save(folder, Qwen3Model, config, tokenizer, "lasttoken", True, None, prompts)


def _tokenizer(*, frame: str, padding_side: str = "right", pad: bool = True) -> Any:
    """Byte-level BPE, as Qwen's and RoBERTa's, learned from a few sentences."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["[UNK]", "[PAD]", "[CLS]", "[SEP]"]
    trainer = trainers.BpeTrainer(
        vocab_size=600,
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(WORDS, trainer)
    ids = [(name, tokenizer.token_to_id(name)) for name in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing(single=frame, special_tokens=ids)
    names = {"unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]", "eos_token": "[SEP]"}
    names |= {"pad_token": "[PAD]"} if pad else {}
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, padding_side=padding_side, **names)


def _save(
    folder: Path,
    kind: Any,
    config: Any,
    tokenizer: Any,
    pooling: str,
    include_prompt: bool,
    dense: int | None,
    prompts: Mapping[str, str] | None,
) -> Path:
    import torch

    with silence_libraries():
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import Dense, Pooling, Transformer

        torch.manual_seed(0)
        source = folder / "transformer"
        kind(config).save_pretrained(source)
        tokenizer.save_pretrained(source)
        first = Transformer(str(source))
        modules: list[Any] = [first, Pooling(HIDDEN, pooling, include_prompt=include_prompt)]
        if dense:
            modules.append(Dense(HIDDEN, dense))
        model = SentenceTransformer(modules=modules, device="cpu", prompts=dict(prompts or {}))
        model.save(str(folder / "model"), create_model_card=False)
    return folder / "model"
