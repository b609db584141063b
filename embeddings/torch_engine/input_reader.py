"""
Tokenize texts with a model's own tokenizer.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from embeddings.any_model.reading import ModelInput

if TYPE_CHECKING:
    from collections.abc import Sequence


class InputReader:
    """
    Tokenizes; thread-safe, which tokenizers are not.

    Args:
        tokenizer: transformers' own, or None where the model reads whole texts.
        max_tokens: longer texts are cut.
    """

    def __init__(self, tokenizer: Any, max_tokens: int) -> None:  # noqa: ANN401
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens
        self._turn = threading.Lock()

    @property
    def token_absence(self) -> str:
        """Why it does not say where tokens stand in their text; "" if it does."""
        if self._tokenizer is None:
            return "the model reads texts as a whole"
        return "" if self._tokenizer.is_fast else "its tokenizer does not say where a token stands in its text"

    def read(self, texts: Sequence[str], prompt: str) -> list[ModelInput]:
        """Each text with the prompt in front."""
        if self._tokenizer is None:
            return [ModelInput(text, {}) for text in texts]
        columns = self._tokenize([prompt + text for text in texts])
        for place, ids in enumerate(columns["input_ids"]):
            if not ids:  # an empty text of a tokenizer that frames none: models need a token
                ids.append(self._tokenizer.pad_token_id)
                self._fill(columns, place)
        spans = columns.pop("offset_mapping", [()] * len(texts))
        special = columns.pop("special_tokens_mask", [()] * len(texts))
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        return [ModelInput(*each) for each in zip(texts, rows, spans, special, strict=True)]

    def _fill(self, columns: dict[str, list[Any]], place: int) -> None:
        """Give the row one special token in the other columns."""
        for name, filler in (("attention_mask", 1), ("token_type_ids", 0), ("special_tokens_mask", 1)):
            if name in columns:
                columns[name][place].append(filler)
        if "offset_mapping" in columns:
            columns["offset_mapping"][place].append((0, 0))

    def unknown_share(self, text: str) -> float:
        """
        The share of a text's tokens that the tokenizer does not know.

        In [0, 1]; 0 where it can say of none.
        """
        unknown = getattr(self._tokenizer, "unk_token_id", None)
        if unknown is None:
            return 0.0
        with self._turn:
            ids = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return sum(each == unknown for each in ids) / len(ids) if ids else 1.0

    def count_prompt(self, prompt: str) -> int:
        """How many tokens a prompt before a text has, with the special ones in front."""
        (alone,) = self.read([""], prompt)
        trailing = 0
        for special in reversed(alone.special):
            if not special:
                break
            trailing += 1
        return alone.length - trailing

    def pad(self, inputs: Sequence[ModelInput]) -> dict[str, Any]:
        """One tensor (texts, tokens) for each field, padded at the side that the model expects."""
        fields = {name: [each.fields[name] for each in inputs] for name in inputs[0].fields}
        with self._turn:
            return dict(self._tokenizer.pad(fields, return_tensors="pt"))

    def _tokenize(self, texts: list[str]) -> dict[str, list[Any]]:
        with self._turn:
            return dict(
                self._tokenizer(
                    texts,
                    truncation=True,
                    max_length=self._max_tokens,
                    return_attention_mask=True,
                    return_offsets_mapping=not self.token_absence,
                    return_special_tokens_mask=not self.token_absence,
                )
            )
