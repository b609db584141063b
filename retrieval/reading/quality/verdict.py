"""
Judge whether a file was read well enough to be searched and quoted.

English documents are as good as Vietnamese ones; a text in neither, by its words, is most likely in a legacy font.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from retrieval.language.spelling import fold
from retrieval.language.syllable import is_syllable
from retrieval.reading.quality.spacing import broken_words
from retrieval.reading.text.syllables import MIN_MARKED_WORDS, syllable_share

if TYPE_CHECKING:
    from datetime import date

    from retrieval.reading.corpus import Refusal
    from retrieval.reading.document import Document, OcrConfidence, Origin, SecrecyMark, Unread
    from retrieval.reading.quality.near_duplicates import DuplicateDetector

Level = Literal["good", "check", "unusable"]
Problem = Literal[
    "refused", "kept", "letters", "spacing", "strange", "short", "converted", "ocr", "unsure", "unread", "no-title",
    "no-date", "same-bytes", "same-text", "near-copy",
]  # fmt: skip
HARMLESS: Final[frozenset[Problem]] = frozenset({"converted"})  # reported, but needs no action

_WORD = re.compile(r"[^\W\d_]+")
# Frequent English words that are no Vietnamese syllables: about every tenth word of a text.
_ENGLISH_WORDS = frozenset("of and is for with by as are this from or was which has were will shall been these".split())
_IN_ENGLISH = 0.04
_FEW_SYLLABLES = 0.6  # of all words; Vietnamese with many foreign names has 0.8
_HARDLY_ANY = 0.5
_FEW_MARKED = 0.8  # of the words with diacritics
_BROKEN = 0.02
_FEWEST_PIECES = 3  # fewer may be brands or foreign words
_RUINED = 0.3
_STRANGE = 0.001
_RUBBISH = 0.05
_SHORT = 20  # words
_SURE = 80.0  # of 100: the OCR confidence of a page of clean print is 90


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement of one file; shares are in [0, 1]."""

    source: str
    level: Level
    problems: tuple[Problem, ...]
    title: str = ""
    published: date | None = None
    origin: Origin = ""
    words: int = 0
    syllables: float = 0.0  # share of Vietnamese syllables among words that are no abbreviations
    english: float = 0.0  # share of frequent English words
    broken: float = 0.0  # share of words that are split or run together
    strange: float = 0.0  # share of replacement, control, private-use and unassigned characters
    unread: tuple[Unread, ...] = ()
    copy_of: str = ""  # the earlier file that it copies
    reason: str = ""  # of a refusal
    refusal: str = ""  # the name of its DocumentError
    ocr_confidence: OcrConfidence | None = None
    secrecy: SecrecyMark = ""  # what the document bears


def verdict_of_refusal(refusal: Refusal, *, kept: bool) -> Verdict:
    """The verdict on an unreadable file; `kept`: the index retains its last version."""
    problems: tuple[Problem, ...] = ("refused", "kept") if kept else ("refused",)
    return Verdict(
        refusal.source, "unusable", problems, reason=refusal.reason, refusal=refusal.kind, secrecy=refusal.secrecy
    )


def verdict_of(document: Document, copies: DuplicateDetector) -> Verdict:
    """The verdict on a document; `copies` holds the earlier documents of the corpus."""
    text = "\n".join(map(document.text_of, document.blocks))
    words = _WORD.findall(text)
    count = max(1, len(words))
    plain = [word for word in words if not _is_abbreviation(word)]
    syllables = sum(map(_is_vietnamese, plain)) / max(1, len(plain))
    english = sum(word.lower() in _ENGLISH_WORDS for word in words) / count
    pieces = broken_words(text)
    broken = pieces / count
    strange = sum(map(_is_strange, text)) / max(1, len(text))
    likeness, other = copies.earlier_copy(document)
    found: dict[Problem, bool] = {
        "letters": len(words) >= _SHORT and broken < _RUINED and _has_wrong_letters(text, syllables, english),
        "spacing": broken >= _BROKEN and pieces >= _FEWEST_PIECES,
        "strange": strange >= _STRANGE,
        "short": len(words) < _SHORT,
        "converted": document.origin not in ("", "ocr"),
        "ocr": document.origin == "ocr",
        "unsure": document.ocr_confidence is not None and document.ocr_confidence.lowest < _SURE,
        "unread": bool(document.unread),
        "no-title": is_untitled(document),
        "no-date": document.published is None,
        "same-bytes": likeness == "same-bytes",
        "same-text": likeness == "same-text",
        "near-copy": likeness == "near-copy",
    }
    problems = tuple(problem for problem, there in found.items() if there)
    lost = (
        (found["letters"] and syllables < _HARDLY_ANY)
        or (found["spacing"] and broken >= _RUINED)
        or strange >= _RUBBISH
    )
    return Verdict(
        source=document.source,
        level="unusable" if lost else "check" if set(problems) - HARMLESS else "good",
        problems=problems,
        title=document.title,
        published=document.published,
        origin=document.origin,
        words=len(words),
        syllables=syllables,
        english=english,
        broken=broken,
        strange=strange,
        unread=document.unread,
        copy_of=other,
        ocr_confidence=document.ocr_confidence,
        secrecy=document.secrecy,
    )


def is_untitled(document: Document) -> bool:
    """Whether a document has no title heading and is named by its first words."""
    if any(block.kind == "heading" and block.level == 1 for block in document.blocks):
        return False
    first = next((document.text_of(block) for block in document.blocks if block.kind == "paragraph"), "")
    return not document.title or document.title.rstrip("…").strip() in " ".join(first.split())


def _has_wrong_letters(text: str, syllables: float, english: float) -> bool:
    if english >= _IN_ENGLISH:
        return False
    share, marked = syllable_share(text)
    return share < _FEW_MARKED if marked >= MIN_MARKED_WORDS else syllables < _FEW_SYLLABLES


def _is_vietnamese(word: str) -> bool:
    return is_syllable(fold(word)) if word.isascii() else syllable_share(word)[0] == 1


def _is_abbreviation(word: str) -> bool:
    return len(word) > 1 and word.isupper() and not is_syllable(fold(word))


def _is_strange(char: str) -> bool:
    return char == "\ufffd" or (unicodedata.category(char) in {"Cc", "Co", "Cn", "Cs"} and char not in "\n\t")
