"""
Asking words, which are removed from a question before it is searched.
"""

from retrieval.language.analyzer import WORD
from retrieval.language.spelling import exact_key, folded_key, is_bare

# Asking words say nothing about the answer, but in a small corpus they are rare, so that BM25 would weigh them most.
# Longest first.
_ASKING = tuple(
    tuple(phrase.split())
    for phrase in (
        "như thế nào",
        "đúng hay sai",
        "là bao nhiêu",
        "bao nhiêu",
        "thế nào",
        "ra sao",
        "tại sao",
        "vì sao",
        "ở đâu",
        "khi nào",
        "bao giờ",
        "những gì",
        "là gì",
        "về gì",
        "là ai",
        "hay không",
        "phải không",
        "gì",
        "nào",
        "ai",
    )
)
# A quick test, since hardly any word begins a phrase.
_BEGINNING = frozenset(key(phrase[0]) for phrase in _ASKING for key in (exact_key, folded_key))


def without_asking_words(text: str) -> str:
    """
    The text without asking words.

    A bare word matches any spelling, an accented one only its own.

    Example: "Việt Nam có bao nhiêu tỉnh?" -> "Việt Nam có tỉnh?"
    """
    words = list(WORD.finditer(text))
    kept: list[str] = []
    position = i = 0
    while i < len(words):
        length = _asking_length([word[0] for word in words[i : i + 3]])
        if length:
            kept.append(text[position : words[i].start()].rstrip())
            position = words[i + length - 1].end()
        i += length or 1
    return "".join([*kept, text[position:]]).strip()


def _asking_length(words: list[str]) -> int:
    """How many of the first words are a phrase of _ASKING, 0 when none are."""
    if _BEGINNING.isdisjoint((exact_key(words[0]), folded_key(words[0]))):
        return 0
    for phrase in _ASKING:
        pairs = list(zip(words, phrase, strict=False))
        if len(pairs) == len(phrase) and all(_same(word, asking) for word, asking in pairs):
            return len(phrase)
    return 0


def _same(word: str, asking: str) -> bool:
    return exact_key(word) == exact_key(asking) or (is_bare(word) and folded_key(word) == folded_key(asking))
