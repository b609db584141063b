"""
Decode documents whose parts are in different legacy fonts, stretch by stretch.

A stretch is a text in one font: a line of a plain text, runs of a paragraph, a cell. A font's name is believed unless
its letters are certainly others: programs and people change names. A document of fonts in Unicode alone stays as it is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from retrieval.reading.text.legacy_font import (
    LEGACY_FONTS,
    TCVN3,
    VNI,
    is_unicode,
    is_unicode_font,
    legacy_font_named,
)
from retrieval.reading.text.syllables import MIN_MARKED_WORDS, MIN_SYLLABLE_SHARE, syllable_share

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrieval.reading.document import Origin
    from retrieval.reading.text.legacy_font import LegacyFont

_NAMED_SHARE = 0.8  # of syllables in one stretch or font name: there may be foreign names
_NAMED_GAIN = 0.3
_PLAUSIBLE = 0.5  # smallest share of syllables: half of a cell may be a foreign name
_TOKEN = re.compile(r"\S+")


class LegacyDecoder:
    """
    The legacy fonts of one document, and its texts in Unicode.

    Args:
        stretches: font names, "" where the file names none, with their texts.
    """

    def __init__(self, stretches: Iterable[tuple[str, str]]) -> None:
        named: dict[LegacyFont, list[str]] = defaultdict(list)
        unnamed: list[str] = []
        for font, text in stretches:
            if text.isascii() or is_unicode_font(font) or is_unicode(text):
                continue
            if legacy_font_named(font) is None:
                unnamed.append(text)
            else:
                named[_best(text, LEGACY_FONTS, font)].append(text)
        self._named = _by_length({legacy: texts for legacy, texts in named.items() if _is_proven(legacy, texts)})
        self._unnamed = _certain_fonts(unnamed)

    @property
    def origin(self) -> Origin:
        """The most frequent legacy font of the text; "" if there is none."""
        return next((legacy.origin for legacy in (*self._named, *self._unnamed)), "")

    def decode(self, text: str, font: str = "") -> str:
        """A stretch in Unicode; in capitals if its font shows nothing else."""
        legacy = self.font_of(text, font)
        return convert_stretch(text, legacy, font) if legacy else text

    def decode_any(self, text: str) -> str:
        """A text of unknown font, such as a title among the properties, in Unicode."""
        fonts = list(dict.fromkeys((*self._named, *self._unnamed)))
        return _in_unicode(text, fonts) if fonts else text

    def font_of(self, text: str, font: str = "") -> LegacyFont | None:
        """The legacy font that a stretch is in; None if it stays as it is."""
        fonts = self._named if legacy_font_named(font) or is_unicode_font(font) else self._unnamed
        if not fonts or text.isascii():
            return None
        legacy = _best(text, fonts, font)
        if is_unicode(text):
            return legacy if legacy_font_named(font) else None
        if legacy_font_named(font) not in (None, legacy) and syllable_share(legacy.to_unicode(text))[0] < _NAMED_SHARE:
            return None
        # Beside legacy fonts, what is garbled in a font in Unicode has lost its own font's name.
        applies = _is_proven(legacy, [text], 1.0) if is_unicode_font(font) else legacy.applies_to(text)
        return legacy if applies else None


def convert_legacy_font(text: str) -> tuple[str, Origin]:
    """The text in Unicode and its most frequent legacy font, "" for none."""
    lines = text.split("\n")
    decoder = LegacyDecoder(("", line) for line in lines)
    if not decoder.origin:
        return text, ""
    return "\n".join(map(decoder.decode, lines)), decoder.origin


def convert_stretch(text: str, legacy: LegacyFont, font: str) -> str:
    """Convert a stretch; of one that is partly Unicode, the words that need it."""
    if not is_unicode(text):
        return legacy.in_font(text, font)
    words = _TOKEN.findall(text)
    converted = {word: legacy.to_unicode(word) for word in words}
    needing = sum(_needs(word, converted[word]) for word in words)
    # "sè" is a word in both; it is what most of the others are.
    mostly = needing >= sum(map(is_unicode, words)) and needing > 0
    return _TOKEN.sub(
        lambda found: (
            converted[found[0]]
            if _needs(found[0], converted[found[0]]) or (mostly and not is_unicode(found[0]))
            else found[0]
        ),
        text,
    )


def _needs(word: str, converted: str) -> bool:
    return word != converted and syllable_share(converted)[0] == 1 and not _is_syllable(word)


def _is_syllable(word: str) -> bool:
    return all(char.isalpha() for char in word.strip(".,;:()\"'")) and syllable_share(word)[0] == 1


def _best(text: str, fonts: Sequence[LegacyFont], name: str = "") -> LegacyFont:
    """
    The named font if plausible, else the one in which most words are syllables.

    Where none is plausible, as for "QĐ, NĐ", the first of the fonts is the most frequent.
    """
    if len(fonts) == 1:
        return fonts[0]
    shares = {legacy: syllable_share(legacy.to_unicode(text))[0] for legacy in fonts}
    # Nearly every byte is a letter of VISCII and VPS, and nearly nobody used them in office programs.
    frequent = [legacy for legacy in (TCVN3, VNI) if shares.get(legacy, 0) >= _PLAUSIBLE]
    named = legacy_font_named(name)
    if named in shares and shares[named] >= min(_PLAUSIBLE, max(shares.values())):
        return next((legacy for legacy in frequent if shares[legacy] > shares[named] + _NAMED_GAIN), named)
    best = max(frequent or fonts, key=lambda legacy: shares[legacy])
    return best if shares[best] >= _PLAUSIBLE else fonts[0]


def _certain_fonts(texts: Sequence[str]) -> list[LegacyFont]:
    """The fonts of texts that name none, certain each by itself and all together."""
    found: dict[LegacyFont, list[str]] = defaultdict(list)
    for text in texts:
        legacy = _best(text, LEGACY_FONTS)
        if legacy.applies_to(text) and syllable_share(legacy.to_unicode(text))[0] >= _NAMED_SHARE:
            found[legacy].append(text)
    fonts = _by_length({legacy: own for legacy, own in found.items() if legacy.is_certain(own, MIN_MARKED_WORDS)})
    converted = "\n".join(_in_unicode(text, fonts) for text in texts) if fonts else ""
    return fonts if syllable_share(converted)[0] >= MIN_SYLLABLE_SHARE else []


def _in_unicode(text: str, fonts: Sequence[LegacyFont]) -> str:
    legacy = _best(text, fonts)
    return legacy.to_unicode(text) if legacy.applies_to(text) else text


def _is_proven(legacy: LegacyFont, texts: Sequence[str], fewest: float = _NAMED_SHARE) -> bool:
    """Whether texts of a document with legacy fonts are in this one."""
    text = "\n".join(texts)
    share, count = syllable_share(legacy.to_unicode(text))
    return count > 0 and share >= max(fewest, syllable_share(text)[0] + _NAMED_GAIN)


def _by_length(found: dict[LegacyFont, list[str]]) -> list[LegacyFont]:
    """Fonts by the length of their texts, the most first."""
    return sorted(found, key=lambda legacy: -sum(map(len, found[legacy])))
