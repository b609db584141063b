"""
Numbers of Vietnamese administrative documents, as "38/2022/NĐ-CP".

Nghị định 30/2020/NĐ-CP: a serial number, for legal texts the year, then a symbol of the kind and the issuer. The Party
writes "27-CT/TW". People type less: "NĐ 38/2022", "nghị định 38", "38/2022/nd-cp".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from retrieval.language.spelling import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

_DASHES = "-–\u2010\u2011\u2212"
_SYMBOL = rf"[A-ZĐƯ][A-ZĐƯ0-9&]*(?:\s?[{_DASHES}]\s?[A-ZĐƯ0-9&]+|/[A-ZĐƯ]+)*"
NUMBER: Final = re.compile(
    rf"(?<![\w/.,-])(?P<serial>\d{{1,5}}[a-z]?)\s?"
    rf"(?:/\s?(?P<year>(?:19|20)\d\d)(?:\s?/\s?(?P<symbol>{_SYMBOL}))?"
    rf"|[{_DASHES}/]\s?(?P<short>[A-ZĐƯ][A-ZĐƯ0-9&]*(?:\s?[{_DASHES}/]\s?[A-ZĐƯ0-9&]+)+))"
    r"(?![\w/])",
    re.IGNORECASE,
)
# Names of kinds, folded, with the symbols that stand for them in numbers.
KINDS: Final[dict[str, str]] = {
    "bo luat": "QH",
    "luat": "QH",
    "phap lenh": "PL",
    "lenh": "L",
    "nghi dinh": "NĐ",
    "nghi quyet": "NQ",
    "nghi quyet lien tich": "NQLT",
    "quyet dinh": "QĐ",
    "thong tu": "TT",
    "thong tu lien tich": "TTLT",
    "chi thi": "CT",
    "thong bao": "TB",
    "ke hoach": "KH",
    "bao cao": "BC",
    "to trinh": "TTr",
    "huong dan": "HD",
    "quy dinh": "QĐ",
    "quy che": "QC",
    "chuong trinh": "CTr",
    "de an": "ĐA",
    "ket luan": "KL",
    "cong van": "CV",
    "cong dien": "CĐ",
}
# Names of kinds that bear no symbol of their own, folded.
INTERNAL_KINDS: Final = (
    "noi quy", "dieu le", "quy trinh", "phuong an", "bien ban", "quy tac", "hien phap", "so tay",
)  # fmt: skip
_KIND_SYMBOLS = frozenset(fold(symbol).upper() for symbol in KINDS.values() if len(symbol) > 1)


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A document number, in parts; "" for a part that is not said."""

    serial: str  # without leading zeros
    year: str = ""
    symbol: str = ""  # folded, upper case, with plain hyphens: "ND-CP"
    typed: str = field(default="", compare=False)

    def names(self, other: DocumentNumber) -> bool:
        """Whether this, perhaps shorter, number can mean a document of that full number."""
        return (
            self.serial == other.serial
            and self.year in ("", other.year)
            and (not self.symbol or _is_prefix(self.symbol, other.symbol))
        )


def find_numbers(text: str) -> Iterator[tuple[re.Match[str], DocumentNumber]]:
    """The document numbers in a text; a date or a fraction is none."""
    for match in NUMBER.finditer(text):
        if match["symbol"] or (match["short"] and _is_symbol(match["short"])):
            yield match, _number(match)


def parse_number(text: str) -> DocumentNumber | None:
    """The number that a whole text is; None if it is something else."""
    match = NUMBER.fullmatch(text.strip())
    return _number(match) if match else None


def names_kind(number: str) -> bool:
    """Whether a number's symbol opens with a kind of document; a letter's does not."""
    parsed = parse_number(number)
    # The National Assembly's symbol ends with its term: "QH14".
    return parsed is not None and re.split(r"[-/]|(?<=QH)\d", parsed.symbol)[0] in _KIND_SYMBOLS - {"CV"}


def plain_symbol(words: str) -> str:
    """A symbol as numbers are compared: "NĐ–CP" -> "ND-CP"."""
    return re.sub(rf"\s*[{_DASHES}]\s*", "-", fold(words)).upper()


def _is_symbol(words: str) -> bool:
    """Whether the end of a number without a year is a symbol; "km-h" is not."""
    return words.isupper() or not _KIND_SYMBOLS.isdisjoint(re.split(r"[-/]", plain_symbol(words)))


def _number(match: re.Match[str]) -> DocumentNumber:
    symbol = match["symbol"] or match["short"] or ""
    return DocumentNumber(match["serial"].lstrip("0") or "0", match["year"] or "", plain_symbol(symbol), match[0])


def _is_prefix(short: str, whole: str) -> bool:
    """Whether a symbol opens another at a boundary: "ND" of "ND-CP", "QH" of "QH14"."""
    if not whole.startswith(short):
        return False
    rest = whole[len(short) :]
    return not rest or rest[0] in "-/" or (short == "QH" and rest.isdigit())
