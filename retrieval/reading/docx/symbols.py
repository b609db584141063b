"""
Characters of the symbol fonts, Symbol and Wingdings, in Unicode.

Word stores them as `w:sym`, or in a private area of Unicode with the font's name beside them. Symbol is Adobe's Symbol
encoding. Of Wingdings only what forms use is known: boxes, ticks, arrows and bullets; other pictures have no words.
"""

from __future__ import annotations

from typing import Final

_PRIVATE: Final = 0xF000  # where Windows puts the 256 characters of a symbol font
_FIRST: Final = 0x20
_SYMBOL: Final = (
    " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼ "
    "                                "
    "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ 〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭ "
)
_WINGDINGS: Final = {
    0x28: "☎", 0x2A: "✉", 0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "❑", 0x72: "❒", 0x74: "⧫",
    0x75: "◆", 0x76: "❖", 0x77: "⬥", 0x9F: "•", 0xA1: "○", 0xA3: "◯", 0xA4: "◉", 0xA7: "▪", 0xA8: "□", 0xAB: "★",
    0xD5: "⌫", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xEF: "⇦", 0xF0: "⇨", 0xF1: "⇧",
    0xF2: "⇩", 0xF3: "⬄", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_WINGDINGS_2: Final = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "●", 0xA3: "□"}
_BULLET: Final = 0xB7  # in Symbol; programs drop the font's name beside it


def symbol_text(font: str, code: int) -> str:
    """
    The character of a symbol font in Unicode; "" if it has none.

    Example: ("Symbol", 0xF0A3) -> "≤"
    """
    place = code - _PRIVATE if _PRIVATE <= code < _PRIVATE + 0x100 else code
    name = font.casefold()
    if name.startswith("wingdings"):
        return (_WINGDINGS_2 if name.endswith("2") else _WINGDINGS if name == "wingdings" else {}).get(place, "")
    if name.startswith("symbol") and _FIRST <= place < 0x100:
        return _SYMBOL[place - _FIRST].strip()
    if code == _PRIVATE + _BULLET:
        return "•"
    return chr(code) if code < 0xE000 and chr(code).isprintable() and not name.startswith("webdings") else ""


def without_private_characters(words: str, font: str) -> str:
    """The words with characters of a symbol font in Unicode."""
    if not any(_PRIVATE <= ord(char) < _PRIVATE + 0x100 for char in words):
        return words
    return "".join(symbol_text(font, ord(char)) if _PRIVATE <= ord(char) < 0xF100 else char for char in words)
