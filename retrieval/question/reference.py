"""
References: the provisions and document numbers that a question names outright.

They are read without diacritics, since "dieu 5 luat an ninh mang" is as exact as the accented form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.language.analyzer import WORD
from retrieval.language.document_number import INTERNAL_KINDS, KINDS, DocumentNumber, find_numbers, plain_symbol
from retrieval.language.span import replace_spans
from retrieval.language.spelling import fold

_PROVISION = re.compile(
    r"\b(?:(?:dieu|article)\s*(?P<article>\d{1,4}[a-z]?)|(?:khoan|clause)\s*(?P<clause>\d{1,3}[a-z]?)"
    r"|(?:diem|point)\s+(?P<point>[a-z]))\b(?!/)"
)
_SHORT_KINDS = {fold(symbol): symbol for symbol in KINDS.values() if len(symbol) > 1 and symbol != "QH"}
# "nghị định 38", "NĐ 38/2022", "luật số 24/2018": the kind, then a number without its symbol.
_KIND_AND_SERIAL = re.compile(
    rf"\b(?P<kind>{'|'.join(sorted((*KINDS, *_SHORT_KINDS), key=len, reverse=True))})\s+(?:so\s*:?\s*)?"
    r"(?P<serial>\d{1,5}[a-z]?)(?:/(?P<year>(?:19|20)\d\d))?(?![\w/]|\s*(?:%|nam|thang|ngay|nguoi|dong|trieu|ty)\b)"
)
_KIND_WORDS = "|".join(sorted((*KINDS, *INTERNAL_KINDS, *_SHORT_KINDS), key=len, reverse=True))
_SHORT_KIND = re.compile(rf"\b(?:{'|'.join(_SHORT_KINDS)})\s*(?:so\s*:?\s*)?·")  # "NĐ 38/2022/NĐ-CP"
_SHORT_ARTICLE = re.compile(r"\bd(?:\. ?)?(\d{1,4}[a-z]?)\b(?![/%])")
_SHORT_CLAUSE = re.compile(r"\bk(?:\. ?)?(\d{1,3}[a-z]?)\b")
_COUNT = re.compile(r"\d{1,4}[a-z]?")
# "điều 7, 8 và 9 luật …", not "điều 7, 30 ngày"
_ARTICLES = re.compile(
    r"\bdieu \d{1,4}[a-z]?(?:\s*(?:,|\bva\b|\bhoac\b)\s*\d{1,4}[a-z]?)+"
    rf"(?=\s*(?:$|[?.·]|(?:cua|trong|{_KIND_WORDS})\b))"
)
# Words of a question that only asks for what is named.
_ASKING = frozenset(
    """
    toi minh em anh chi ban oi a nhe nha voi giup can muon doc tom tat thi sao gui hien thi phan nguyen van nao vay duoc
    quy dinh noi gi ve cua theo la noi dung cho biet xem hay nhu the nao ra sao van de bao gom nhung cai trong tai o thi
    hoi tim doc trich day du toan van so nay vay a va khoan dieu diem chi tiet cu the duoc ghi neu
    what does say of the in is about and law decree
    """.split()
)
_STATUTE = re.compile(r"\b(?:bo luat|luat|phap lenh|nghi dinh|nghi quyet|thong tu(?: lien tich)?) (?P<name>\w+)")
_NAMED_KIND = re.compile(rf"\b(?:{'|'.join(sorted((*KINDS, *INTERNAL_KINDS), key=len, reverse=True))})\b")


@dataclass(frozen=True, slots=True)
class Reference:
    """What a question names: provisions, document numbers, and the other words (folded)."""

    articles: tuple[str, ...]  # folded: "5", "7a"
    clause: str
    point: str
    numbers: tuple[DocumentNumber, ...]
    words: tuple[str, ...]
    beside: tuple[str, ...] = ()  # folded: the words behind the last provision, or else before the first

    @property
    def has_kind(self) -> bool:
        """Whether the other words hold a kind of document, as a title would."""
        return _NAMED_KIND.search(" ".join(self.words)) is not None

    @property
    def names_statute(self) -> bool:
        """Whether the other words name a statute: "luật đất đai", but not "luật này"."""
        found = _STATUTE.search(" ".join(self.words))
        return found is not None and found["name"] not in _ASKING


def reference_in(text: str) -> Reference:
    """
    The reference in a question.

    Example: "khoản 2 Điều 5 Luật An ninh mạng nói gì" -> articles ("5",), clause "2"
    """
    numbers = list(find_numbers(text))
    rest = fold(replace_spans(text, ((*match.span(), " · ") for match, _ in numbers)))
    rest = _plain_provisions(_SHORT_KIND.sub(" · ", rest))
    found = [number for _, number in numbers]
    beside = _words_beside(rest)
    for match in _KIND_AND_SERIAL.finditer(rest):
        symbol = KINDS.get(match["kind"]) or _SHORT_KINDS[match["kind"]]
        typed = "/".join(filter(None, (match["serial"], match["year"])))
        serial = match["serial"].lstrip("0") or "0"
        found.append(DocumentNumber(serial, match["year"] or "", plain_symbol(symbol), typed))
    rest = _KIND_AND_SERIAL.sub(" · ", rest)
    provisions = list(_PROVISION.finditer(rest))
    articles = tuple(dict.fromkeys(match["article"] for match in provisions if match["article"]))
    clauses, points = ([match[name] for match in provisions if match[name]] for name in ("clause", "point"))
    is_one = len(articles) == 1
    return Reference(
        articles=articles,
        clause=clauses[0] if is_one and len(clauses) == 1 else "",
        point=points[0] if is_one and len(points) == 1 else "",
        numbers=tuple(dict.fromkeys(found)),
        words=tuple(WORD.findall(_PROVISION.sub(" · ", rest) if articles else rest)),
        beside=beside,
    )


def _plain_provisions(text: str) -> str:
    """
    The folded text with provisions written out where a document is named.

    Example: "k2 d8 luat thu y" -> "khoan 2 dieu 8 luat thu y", "dieu 7, 8 va 9 luat thu y" -> "dieu 7 dieu 8 dieu 9 …"
    """
    if "·" in text or _NAMED_KIND.search(text):
        text = _SHORT_ARTICLE.sub(r"dieu \1", text)
        text = _SHORT_CLAUSE.sub(r"khoan \1", text) if _PROVISION.search(text) else text
    return _ARTICLES.sub(lambda found: " ".join(f"dieu {number}" for number in _COUNT.findall(found[0])), text)


def _words_beside(text: str) -> tuple[str, ...]:
    """The folded words behind the last provision, or before the first if those only ask."""
    provisions = list(_PROVISION.finditer(text))
    if not provisions:
        return ()
    behind = tuple(WORD.findall(text[provisions[-1].end() :]))
    before = tuple(WORD.findall(text[: provisions[0].start()]))
    return before if before and (not behind or asks_for_nothing_else(behind)) else behind


def asks_for_nothing_else(words: tuple[str, ...]) -> bool:
    """Whether the words beside a reference only ask for what it names."""
    return all(word in _ASKING for word in _NAMED_KIND.sub(" ", " ".join(words)).split())
