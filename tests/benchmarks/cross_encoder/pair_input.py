"""
The input of the cross-encoder: `<s> question </s></s> text </s>`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_QUESTION_TOKENS, MAX_TOKENS = 44, 200  # as in training; special tokens count among the latter only
_BEGIN, _END = 0, 2
_SPECIAL = 4


def pair_ids(question: Sequence[int], text: Sequence[int]) -> list[int]:
    """The piece ids of a pair, from those of each alone, which begin and end with a special token."""
    asked = question[1:-1][:MAX_QUESTION_TOKENS]
    return [_BEGIN, *asked, _END, _END, *text[1:-1][: MAX_TOKENS - len(asked) - _SPECIAL], _END]


def text_start(question: Sequence[int]) -> int:
    """The position in `pair_ids` from which tokens belong to the text, its `</s>` before it included."""
    return min(len(question) - 2, MAX_QUESTION_TOKENS) + 2
