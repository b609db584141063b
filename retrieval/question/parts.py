"""
The parts of a question that asks for several things.

"Hội nghị diễn ra ngày nào và ở đâu?" asks "Hội nghị diễn ra ngày nào" and "Hội nghị diễn ra ở đâu"; each is answered by
itself. Only what can be taken apart word for word is taken apart.
"""

from __future__ import annotations

import re
from itertools import pairwise

from retrieval.language.spelling import fold

_EXACT = {
    "dau": "đâu",
    "gi": "gì",
    "nao": "nào",
    "nhieu": "nhiêu",
    "gio": "giờ",
    "lau": "lâu",
    "sao": "sao",
    "ai": "ai",
}
_WORD = re.compile(r"\w+")
MOST = 4  # parts of one question
_LONGEST = 40  # words of a question that is taken apart: longer ones tell a story
_FEWEST_WORDS = 2  # of a part besides its asking phrase
_ASKING = (
    r"(?:(?:vao |tu |den |tai |do |boi |cua |cho |voi |bang |theo )?"
    r"(?:o dau|khi nao|bao gio|bao lau|bao nhieu(?: \w+)?|may \w+|nhu the nao|the nao|ra sao|tai sao|vi sao|"
    r"nham muc dich gi|de lam gi|(?:nhung |cac )?(?:ngay|thang|nam|gio|luc|noi|thoi gian|thoi diem|dia diem|nguoi|"
    r"co quan|don vi|to chuc|cap|muc|nuoc|quoc gia|loai|hinh thuc) nao|la gi|la ai|nhung gi|nhung ai|gi|ai|dau)|"
    r"who|whom|when|where|why|how many|how much|how|what)"
)
_AND = r"\s*(?:,|;|\bva\b|\bdong thoi\b|\bcung nhu\b|\band\b|,\s*va\b)\s*"
_COORDINATED = re.compile(rf"\b{_ASKING}(?:{_AND}\b{_ASKING})+\b", re.IGNORECASE)
_PHRASE = re.compile(rf"\b{_ASKING}\b", re.IGNORECASE)
_JOINT = re.compile(_AND, re.IGNORECASE)
_NO_QUESTION = re.compile(r"(?:ai|gi|dau) (?:cung|deu|do)\b|khong co gi\b")  # "ai cũng biết"
_SENTENCE_END = re.compile(r"[?!.]+\s+(?=\w)")


def split_parts(question: str) -> tuple[str, ...]:
    """
    The parts of a question, in order, each a question by itself.

    () where it asks for one thing.

    Args:
        question: in NFC, as understood.

    Example: "Ai ký và ký khi nào?" -> ("Ai ký", "ký khi nào")
    """
    text = question.strip().rstrip("?!. ")
    sentences = [part.strip(" ?!.") for part in _SENTENCE_END.split(text)]
    if 1 < len(sentences) <= MOST and all(map(_asks, sentences)):
        return tuple(sentences)
    bare = _without_others(text)
    # Places in one must be places in the other.
    if len(bare) != len(text) or len(text.split()) > _LONGEST:
        return ()
    found = _coordinated(text, bare) or _clauses(text, bare)
    return found if 1 < len(found) <= MOST else ()


def _without_others(text: str) -> str:
    """
    The folded text without look-alikes of asking words.

    Words that only fold to one ("đầu", "ái") are masked.
    """

    def keep(word: re.Match[str]) -> str:
        folded = fold(word[0])
        other = folded in _EXACT and word[0].lower() not in (folded, _EXACT[folded])
        return "#" * len(folded) if other else folded

    return _WORD.sub(keep, text)


def _coordinated(text: str, bare: str) -> tuple[str, ...]:
    """The clause with each of several asking phrases that stand side by side."""
    place = _COORDINATED.search(bare)
    if not place:
        return ()
    before, after = text[: place.start()], text[place.end() :]
    if len(f"{before} {after}".split()) < _FEWEST_WORDS:
        return ()
    phrases = [text[m.start() + place.start() : m.end() + place.start()] for m in _PHRASE.finditer(place[0])]
    if before.strip() and after.strip():
        # "Hội nghị diễn ra ngày nào và ai chủ trì": what follows belongs to the last one, understood by the first.
        *others, last = phrases
        return (*(" ".join(f"{before}{phrase}".split()) for phrase in others), " ".join(f"{last}{after}".split()))
    return tuple(" ".join(f"{before}{phrase}{after}".split()) for phrase in phrases)


def _clauses(text: str, bare: str) -> tuple[str, ...]:
    """Two clauses, each with its own asking phrase and enough words to stand by itself."""
    phrases = list(_PHRASE.finditer(bare))
    for first, second in pairwise(phrases):
        for joint in _JOINT.finditer(bare, first.end(), second.start()):
            left, right = text[: joint.start()].strip(), text[joint.end() :].strip()
            if _stands_alone(left) and _stands_alone(right):
                return (left, right)
    return ()


def _asks(clause: str) -> bool:
    return _PHRASE.search(_without_others(clause)) is not None


def _stands_alone(clause: str) -> bool:
    """Whether a clause asks at its beginning or its end, and says what about."""
    bare = _without_others(clause)
    asks = any(m.start() == 0 or m.end() == len(bare) for m in _PHRASE.finditer(bare))
    return asks and not _NO_QUESTION.match(bare) and len(_PHRASE.sub(" ", bare).split()) >= _FEWEST_WORDS
