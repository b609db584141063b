"""
Classify failures, and questions by their question word.

Reports group questions by both, to show which kind fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from retrieval.evaluation.judgement import Judgement
from retrieval.evaluation.mode import strip_diacritics
from retrieval.language.spelling import nfc
from retrieval.ranking.confidence import SHOWN_PASSAGES, State

Failure = Literal[
    "right passage at rank 2-3",
    "right passage at rank 4-10",
    "right passage beyond the first ten",
    "right passage not among the candidates",
    'right passage first, yet "none"',
    'unanswerable, yet "found"',
]
FAILURES: tuple[Failure, ...] = (
    "right passage at rank 2-3",
    "right passage at rank 4-10",
    "right passage beyond the first ten",
    "right passage not among the candidates",
    'right passage first, yet "none"',
    'unanswerable, yet "found"',
)
OTHER = "other"
# The first match wins, so longer wordings precede "nào" and "gì".
_WORDS = {
    "đúng hay sai": "đúng hay sai|đúng không|phải không|hay không",
    "bao nhiêu": "bao nhiêu|bao xa|bao lâu|mấy|how many|how much|how long|how far",
    "khi nào": "khi nào|bao giờ|(ngày|tháng|năm|lúc|thời gian|thế kỷ|thời kỳ|giai đoạn) nào|when",
    "ở đâu": "ở đâu|tại đâu|nơi nào|chỗ nào|(từ|đến|về|vào|là) đâu|where",
    "vì sao": "vì sao|tại sao|vì lý do gì|vì lí do gì|do đâu|why",
    "thế nào": "thế nào|ra sao|làm sao|cách nào|how",
    "ai": "ai|người nào|who|whom|whose",
    "gì": "gì|what",
    "nào": "nào|which",
}
QUESTION_WORDS = (*_WORDS, OTHER)
_PATTERNS = {name: re.compile(rf"\b({words})\b") for name, words in _WORDS.items()}
_BARE_PATTERNS = {name: re.compile(rf"\b({strip_diacritics(words)})\b") for name, words in _WORDS.items()}


def failure_of(judgement: Judgement, state: State, is_candidate: Callable[[], bool]) -> Failure | None:
    """
    Name what went wrong, or return None when nothing did.

    `is_candidate` tells whether any channel returned a right passage; called only when no hit is right.
    """
    if not judgement.relevant:
        return 'unanswerable, yet "found"' if state == "found" else None
    if not judgement.rank:
        return "right passage beyond the first ten" if is_candidate() else "right passage not among the candidates"
    if judgement.rank == 1:
        return 'right passage first, yet "none"' if state == "none" else None
    return "right passage at rank 2-3" if judgement.rank <= SHOWN_PASSAGES else "right passage at rank 4-10"


def question_word(text: str) -> str:
    """
    Return one of QUESTION_WORDS.

    A question typed without any diacritics is compared without them.
    Example: "Họ trở lại nước Mỹ vào năm nào?" -> "khi nào"
    """
    question = nfc(text).casefold()
    patterns = _BARE_PATTERNS if strip_diacritics(question) == question else _PATTERNS
    return next((name for name, words in patterns.items() if words.search(question)), OTHER)
