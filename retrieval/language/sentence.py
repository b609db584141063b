"""
Split a paragraph into sentences, as offsets.

Windows consist of whole sentences, and an answer highlights the answering sentence.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

# A period after these does not end a sentence: a name or a number follows.
_ABBREVIATIONS = frozenset(
    [
        "gs",
        "pgs",
        "ts",
        "ths",
        "bs",
        "ks",
        "cn",
        "tp",
        "tx",
        "tt",
        "q",
        "p",
        "đ",
        "h",
        "x",
        "st",
        "mr",
        "mrs",
        "ms",
        "dr",
        "no",
        "vol",
        "art",
        "km",
        "nxb",
        "tr",
        "đc",
        "ls",
        "ch",
        "vs",
        "etc",
    ]
)
# Starts with one character class, to which the search can jump: three branches took five times as long.
_BREAK = re.compile(r"[.!?…\n](?:(?<=\n)\n*|(?<!\n)[.!?…]*[\"”’»)\]]*(?=\s|$))")
_CLAUSE_BREAK = re.compile(r";(?=\s)")
_LAST_WORD = re.compile(r"(\w+)$")
_NEXT = re.compile(r"\s*(\S)")
_ENUMERATOR = re.compile(r"^\s*(\d{1,3}|[a-zđ]|[IVXLC]{1,5})$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """
    A span of a text: ``text[start:end]``, with no white space at either end.
    """

    start: int
    end: int


@lru_cache(maxsize=256)  # features, windows and highlights ask for the same passage
def split_sentences(text: str, *, longest: int = 400) -> tuple[Sentence, ...]:
    """
    The sentences of `text`, in order.

    One longer than `longest` characters is split at its semicolons, since official Vietnamese packs whole lists into
    one sentence.
    """
    sentences = []
    for start, end in _spans(text, [m for m in _BREAK.finditer(text) if _ends_sentence(text, m)]):
        if end - start <= longest:
            sentences.append(Sentence(start, end))
            continue
        clauses = list(_CLAUSE_BREAK.finditer(text, start, end))
        sentences += [Sentence(a, b) for a, b in _spans(text, clauses, start, end)]
    return tuple(sentences)


def _spans(text: str, breaks: list[re.Match[str]], start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    end = len(text) if end is None else end
    borders = [start, *(m.end() for m in breaks), end]
    spans = []
    for a, b in pairwise(borders):
        piece = text[a:b]
        stripped = piece.strip()
        if stripped:
            offset = a + piece.index(stripped)
            spans.append((offset, offset + len(stripped)))
    return spans


def _ends_sentence(text: str, mark: re.Match[str]) -> bool:
    if "\n" in mark[0]:
        return True
    following = _NEXT.match(text, mark.end())
    if following and following[1].islower():
        return False
    if mark[0] != ".":
        return True
    line = text.rfind("\n", 0, mark.start()) + 1
    before = text[max(line, mark.start() - 20) : mark.start()]
    if _ENUMERATOR.match(before):
        return False  # "1. Tiếp tục": the number opens the sentence
    word = _LAST_WORD.search(before)
    if word is None:
        return True
    initial = len(word[1]) == 1 and word[1].isupper()
    return not (initial or word[1].lower() in _ABBREVIATIONS) or following is None
