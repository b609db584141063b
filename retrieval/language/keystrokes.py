"""
Decode raw keystrokes of the Telex and VNI keyboards: "nguwowif", "d9uo7c5".

A token is decoded by each method, and the result is used only if it is a possible Vietnamese syllable that the
vocabulary knows. Syllables, numbers and codes are never changed.
"""

import re
import unicodedata
from collections.abc import Callable

from retrieval.language.spelling import fold, nfc
from retrieval.language.syllable import is_syllable

_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_TELEX_TONES = {"f": _GRAVE, "s": _ACUTE, "x": _TILDE, "r": _HOOK, "j": _DOT}
_VNI_TONES = {"2": _GRAVE, "1": _ACUTE, "4": _TILDE, "3": _HOOK, "5": _DOT}
_CIRCUMFLEX = {"a": "â", "e": "ê", "o": "ô"}

# Lower case throughout, or one capital in front (two where "DD" stands for Đ).
_TYPED = re.compile(r"(?:[^\W\d_]|DD)[^\W_]+")
_ONSET = re.compile(r"(?:qu|gi(?=[aăâeêioôơuưy])|[^aăâeêioôơuưy]*)")
# No syllable ends in ă or â, nor in ươ: lă and lâ do not exist.
_UNFINISHED = re.compile(r"(?:[ăâ]|ươ)$")
_STOPPED = re.compile(r"(?:c|ch|p|t)$")  # syllables that take only the acute and the dot below

# A word with its number: "quy2" is quý 2, not quỳ; "cap1" is cấp 1, not cáp.
_COUNTED = re.compile(
    r"(?:so|lan|dot|khoa|quy|ky|cap|tuan|lop|thang|nam|to|doi|dieu|khoan|muc|chuong|phan|tap|vong|khu|bang"
    r"|hang|loai|bac|quan|nhom|ngay|tang|toa|duong|thu|ban|diem|bai|cau|mau|hoi)[1-5]"
)
_ENGLISH = frozenset("as cost does fast goes has his host is just last list most past plus post test us was".split())


def decode(token: str, knows: Callable[[str], bool], *, counts: bool = True) -> str | None:
    """
    Decode a token typed with the keyboard method off, None when it is not one.

    `counts`: whether "ngay2" is a word with its number, day 2, which it is beside decoded text.

    Example: "nguwowif" -> "người", "d9uo7c5" -> "được", "vietej" -> "việt"; "2022", "A4", "hong" -> None
    """
    lowered = nfc(token).lower()
    if not _TYPED.fullmatch(nfc(token)) or token[1:].lower() != token[1:].replace("D", "d", 1):
        return None
    if len(lowered) < 3 and not lowered.isalpha():
        return None
    if is_syllable(fold(lowered)) or lowered in _ENGLISH or (counts and _COUNTED.fullmatch(lowered)):
        return None
    for typist in (_telex, _vni):
        result = _spelled(typist(lowered), knows)
        if result and result != lowered:
            return result.capitalize() if token[0].isupper() else result
    return None


def _spelled(typed: tuple[str, str] | None, knows: Callable[[str], bool]) -> str | None:
    """The letters and tone as a syllable, if it is possible and known."""
    if typed is None or not _is_possible(*typed):
        return None
    result = _with_tone(*typed)
    return result if knows(result) else None


def _is_possible(letters: str, tone: str) -> bool:
    """Whether the letters form a syllable that may carry the tone."""
    if not is_syllable(fold(letters)) or _UNFINISHED.search(letters):
        return False
    return not (_STOPPED.search(letters) and tone in {_GRAVE, _TILDE, _HOOK})


def _telex(token: str) -> tuple[str, str] | None:
    """
    The letters and the tone of Telex keystrokes.

    A doubled letter or w marks; s, f, r, x or j after a vowel is the tone.
    """
    letters, tone = "", ""
    for key in _loose(token):
        if key in _TELEX_TONES.values() or (key in _TELEX_TONES and _has_vowel(letters)):
            if tone:
                return None
            tone = _TELEX_TONES.get(key, key)
        elif key == "w":
            hooked = _hooked(letters)
            if not hooked and _has_vowel(letters):
                return None
            letters = hooked or f"{letters}ư"
        elif key == "d" and letters.startswith("d"):
            letters = f"đ{letters[1:]}"
        elif key in _CIRCUMFLEX and key in letters:
            letters = _replaced(letters, key, _CIRCUMFLEX[key])
        else:
            letters += key
    return _repaired(letters), tone


def _vni(token: str) -> tuple[str, str] | None:
    """
    The letters and the tone of VNI keystrokes.

    1 to 5 are tones, 6 circumflex, 7 horn, 8 breve, 9 the stroke of đ.
    """
    letters, tone = "", ""
    for key in _loose(token):
        if key in _VNI_TONES.values() or key in _VNI_TONES:
            if tone or not _has_vowel(letters):
                return None
            tone = _VNI_TONES.get(key, key)
        elif key.isdigit():
            marked = _vni_marked(letters, key)
            if marked is None:
                return None
            letters = marked
        else:
            letters += key
    return _repaired(letters), tone


def _vni_marked(letters: str, key: str) -> str | None:
    """The letters after a mark key, or None when nothing there can take the mark."""
    if key == "9" and letters.startswith("d"):
        return f"đ{letters[1:]}"
    if key == "8" and "a" in letters:
        return _replaced(letters, "a", "ă")
    if key == "7":
        return _hooked(letters.replace("a", "\0")).replace("\0", "a") or None
    plain = [char for char in letters if char in _CIRCUMFLEX]
    return _replaced(letters, plain[-1], _CIRCUMFLEX[plain[-1]]) if key == "6" and plain else None


def _hooked(letters: str) -> str:
    """
    The letters after Telex w; "" if it marks none of them.

    It makes ươ from uo and ưa from ua unless after q, else marks the last a, o or the first u.
    """
    if letters.endswith("ua") and not letters.startswith("q"):
        return f"{letters[:-2]}ưa"
    for plain, marked in (("uo", "ươ"), ("ưo", "ươ"), ("a", "ă"), ("o", "ơ")):
        if plain in letters:
            return _replaced(letters, plain, marked)
    return letters.replace("u", "ư", 1) if "u" in letters else ""


def _repaired(letters: str) -> str:
    """
    uơ where ươ ends the syllable, as in thuở.

    ươ where a single horn was typed, as in đuơc.
    """
    if letters.endswith("ươ"):
        return f"{letters[:-2]}uơ"
    return re.sub(r"(?<!q)(?:ưo|uơ)(?=[cimnptu])", "ươ", letters)


def _replaced(letters: str, plain: str, marked: str) -> str:
    """The letters with the last plain group marked."""
    before, _, after = letters.rpartition(plain)
    return f"{before}{marked}{after}"


def _has_vowel(letters: str) -> bool:
    """Whether there is a vowel to carry a tone."""
    return any(char in "aăâeêioôơuưy" for char in letters)


def _loose(token: str) -> str:
    """The token with its tone marks moved to the end and its other marks kept."""
    decomposed = unicodedata.normalize("NFD", token)
    tones = {_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT}
    letters = nfc("".join(char for char in decomposed if char not in tones))
    return letters + "".join(char for char in decomposed if char in tones)


def _with_tone(letters: str, tone: str) -> str:
    """The letters with the tone where official spelling puts it: hòa, toán, người, quý."""
    onset = _ONSET.match(letters)
    start = onset.end() if onset else 0
    vowels = [at for at in range(start, len(letters)) if letters[at] in "aăâeêioôơuưy"]
    if not tone or not vowels:
        return letters
    marked = [at for at in vowels if letters[at] in "ăâêôơư"]
    closed = letters[-1] not in "aăâeêioôơuưy"
    at = marked[-1] if marked else vowels[min(len(vowels) - 1, 1)] if closed or len(vowels) == 3 else vowels[0]
    return nfc(letters[: at + 1] + tone + letters[at + 1 :])
