"""
Legacy fonts, from before Unicode: TCVN3 ("Céng hßa") and VNI ("Coäng hoøa").

A text is converted only if nearly every marked word becomes a syllable, and far more of them than before. TCVN3's
capital fonts share codes with small letters, so a single capital's case may be lost: the citation says that the text
was converted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from retrieval.reading.text.encoding import MIN_MARKED_WORDS, MIN_SYLLABLE_SHARE, normalize, syllable_share

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrieval.reading.document import Origin

_MIN_GAIN = 0.3  # smallest gain in the syllable share; Unicode text gains nothing
_WORD = re.compile(r"[^\W\d_]+")
_UNICODE = re.compile("[ăđĩũơưĂĐĨŨƠƯ\u1ea0-\u1ef9]")  # in no Western code page


@dataclass(frozen=True, slots=True)
class LegacyFont:
    """A legacy font: maps one or two characters to the Unicode letter."""

    origin: Origin
    letters: dict[str, str]
    unit: re.Pattern[str]  # matches the keys of `letters`
    fonts: re.Pattern[str]  # matches its font names
    capitals: re.Pattern[str] | None = None  # matches its all-capitals fonts

    def to_unicode(self, text: str) -> str:
        """Convert a text to Unicode unconditionally."""
        return normalize(unify_case(self.unit.sub(lambda found: self.letters[found[0]], text)))

    def applies_to(self, text: str) -> bool:
        """Whether a part of a document in this font needs conversion; headers may be Unicode."""
        if _UNICODE.search(text):
            return False
        return syllable_share(self.to_unicode(text))[0] >= syllable_share(text)[0]

    def is_certain(self, texts: Iterable[str], fewest: int = MIN_MARKED_WORDS) -> bool:
        """Whether texts, except Unicode ones, are certainly in this font."""
        text = "\n".join(text for text in texts if not _UNICODE.search(text))
        after = self.to_unicode(text)
        words = {word for word in _WORD.findall(after.lower()) if len(word) > 1 and not word.isascii()}
        share, _ = syllable_share(after)
        # Distinct words of two letters: bullets and signs such as "·" and "©" would be syllables of one letter.
        return len(words) >= fewest and share >= MIN_SYLLABLE_SHARE and share >= syllable_share(text)[0] + _MIN_GAIN


def detect_legacy_font(texts: Iterable[str]) -> LegacyFont | None:
    """The legacy font of these texts, Unicode ones ignored; None if not certain."""
    texts = list(texts)
    return next((legacy for legacy in LEGACY_FONTS if legacy.is_certain(texts)), None)


def legacy_font_named(font: str) -> LegacyFont | None:
    """The legacy font by font name: ".VnTimeH" -> TCVN3, "VNI-Times" -> VNI, "Arial" -> None."""
    return next((legacy for legacy in LEGACY_FONTS if legacy.fonts.match(font)), None)


def convert_legacy_font(text: str) -> tuple[str, Origin]:
    """The text in Unicode and the legacy font it was converted from, "" for none."""
    lines = text.split("\n")
    legacy = detect_legacy_font(lines)
    if legacy is None:
        return text, ""
    return "\n".join(legacy.to_unicode(line) if legacy.applies_to(line) else line for line in lines), legacy.origin


def is_unicode(text: str) -> bool:
    """Whether a text has letters that no legacy font has."""
    return _UNICODE.search(text) is not None


def unify_case(text: str) -> str:
    """Upper-case words whose ASCII letters are capitals; TCVN3 has no marked capitals."""
    return _WORD.sub(lambda word: word[0].upper() if _is_all_capitals(word[0]) else word[0], text)


def _is_all_capitals(word: str) -> bool:
    plain = "".join(char for char in word if char.isascii())
    return len(plain) > 1 and plain.isupper()


_TCVN3_CODES = "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢£¤¥¦§"
_TCVN3_LETTERS = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂÊÔƠƯĐ"


def _vni_letters() -> dict[str, str]:
    """Base and mark, each in both cases: "AÙ" in capitals, "Aù" at a word's start."""
    rows = {
        ("aeouyôö", "øùûõï"): ("àáảãạ", "èéẻẽẹ", "òóỏõọ", "ùúủũụ", "ỳýỷỹỵ", "ờớởỡợ", "ừứửữự"),
        ("aeo", "âàáåãä"): ("âầấẩẫậ", "êềếểễệ", "ôồốổỗộ"),
        ("a", "êèéúüë"): ("ăằắẳẵặ",),
    }
    pairs = {
        base + mark: letter
        for (bases, marks), letters in rows.items()
        for base, row in zip(bases, letters, strict=True)
        for mark, letter in zip(marks, row, strict=True)
    }
    small = pairs | dict(zip("ìíæóòîôöñ", "ìíỉĩịỵơưđ", strict=True))
    return {
        "".join(chars): letter.upper() if chars[0].isupper() else letter
        for units, letter in small.items()
        for chars in product(*((char, char.upper()) for char in units))
    }


def _legacy(origin: Origin, letters: dict[str, str], fonts: str, capitals: str | None = None) -> LegacyFont:
    units = "|".join(sorted(map(re.escape, letters), key=len, reverse=True))
    subset = r"(?:[A-Z]{6}\+)?"  # subset prefix of font names in a PDF
    pattern = re.compile(subset + capitals, re.IGNORECASE) if capitals else None
    return LegacyFont(origin, letters, re.compile(units), re.compile(subset + fonts, re.IGNORECASE), pattern)


TCVN3 = _legacy("tcvn3", dict(zip(_TCVN3_CODES, _TCVN3_LETTERS, strict=True)), r"\.Vn\w", r"\.Vn[\w ]*H$")
VNI = _legacy("vni", _vni_letters(), r"VNI[- ]\w")
LEGACY_FONTS = (TCVN3, VNI)
