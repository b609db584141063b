"""
Texts typed wholly in capitals, which encoders take for other words than the documents'.
"""

import re

from retrieval.language.document_number import find_numbers
from retrieval.language.spelling import fold
from retrieval.language.syllable import is_syllable

_WORD = re.compile(r"[^\W\d_]+")
_FEWEST = 3  # words: "BHXH TP HCM" is no sentence
_SYLLABLES = 0.6  # smallest share of the words; the others are abbreviations


def lower_capitals(text: str) -> str:
    """
    A text of capitals alone in small letters; else as it is.

    What is no syllable (BHYT, NĐ-CP) and document numbers stay.

    Example: "AI ĐƯỢC CẤP THẺ BHYT?" -> "ai được cấp thẻ BHYT?"
    """
    words = _WORD.findall(text)
    syllables = [word for word in words if is_syllable(fold(word))]
    if not text.isupper() or len(words) < _FEWEST or len(syllables) < _SYLLABLES * len(words):
        return text
    numbers = [match.span() for match, _ in find_numbers(text)]

    def lowered(found: re.Match[str]) -> str:
        is_number = any(start <= found.start() < end for start, end in numbers)
        return found[0] if is_number or not is_syllable(fold(found[0])) else found[0].lower()

    return _WORD.sub(lowered, text)
