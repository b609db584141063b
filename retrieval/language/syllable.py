"""
Which strings of letters can be a Vietnamese syllable once its marks are gone.

Built from the onsets and rimes of the language, not from a word list, so it tells "bqp" and "guard" from
"phong" before any corpus has been read.
"""

from collections.abc import Iterator
from functools import cache

# Rimes after an onset, all marks removed (so "an" stands for an, ăn, ân). Đoàn Thiện Thuật, Ngữ âm tiếng Việt.
_BACK = [
    "a",
    "ac",
    "ach",
    "ai",
    "am",
    "an",
    "ang",
    "anh",
    "ao",
    "ap",
    "at",
    "au",
    "ay",
    "o",
    "oc",
    "oi",
    "om",
    "on",
    "ong",
    "ooc",
    "oong",
    "op",
    "ot",
    "u",
    "ua",
    "uc",
    "ui",
    "um",
    "un",
    "ung",
    "uo",
    "uoc",
    "uoi",
    "uom",
    "uon",
    "uong",
    "uop",
    "uot",
    "uou",
    "up",
    "ut",
    "uu",
]
_FRONT = [
    "e",
    "ec",
    "ech",
    "em",
    "en",
    "eng",
    "enh",
    "eo",
    "ep",
    "et",
    "eu",
    "i",
    "ia",
    "ich",
    "iec",
    "iem",
    "ien",
    "ieng",
    "iep",
    "iet",
    "ieu",
    "im",
    "in",
    "inh",
    "ip",
    "it",
    "iu",
]
_ROUNDED = [
    "oa",
    "oac",
    "oach",
    "oai",
    "oam",
    "oan",
    "oang",
    "oanh",
    "oao",
    "oap",
    "oat",
    "oay",
    "oe",
    "oem",
    "oen",
    "oeo",
    "oet",
    "uan",
    "uang",
    "uat",
    "uay",
    "ue",
    "uech",
    "uenh",
    "uy",
    "uya",
    "uych",
    "uyen",
    "uyet",
    "uyn",
    "uynh",
    "uyp",
    "uyt",
    "uyu",
]

# Spelling rules: c, g, ng stand before back vowels, k, gh, ngh before front ones.
_BEFORE_BACK = ("c", "g", "ng")
_BEFORE_FRONT = ("k", "gh", "ngh")
_LABIAL = ("b", "m", "ph", "p", "v")  # no rounded rime follows these, except in the few words below
_ELSEWHERE = ("ch", "d", "h", "kh", "l", "n", "nh", "r", "s", "t", "th", "tr", "x")

_AFTER_QU = [
    "a",
    "ac",
    "ach",
    "ai",
    "an",
    "ang",
    "anh",
    "ao",
    "ap",
    "at",
    "au",
    "ay",
    "e",
    "ech",
    "en",
    "enh",
    "eo",
    "et",
    "i",
    "in",
    "it",
    "o",
    "oc",
    "ot",
    "y",
    "ych",
    "yen",
    "yet",
    "ynh",
    "yt",
]
_AFTER_GI = [*_BACK, *["e", "em", "en", "eng", "eo", "ep", "et"]]
# "ie" opens no syllable (yêu, yên); a final y after other consonants is not Vietnamese, as in "by".
_NO_ONSET = [rime for rime in (*_BACK, *_FRONT, *_ROUNDED) if not rime.startswith("ie")]
_Y = ["y", "yem", "yen", "yeng", "yet", "yeu", "hy", "ky", "ly", "my", "ny", "sy", "ty", "thy", "vy"]
_RARE = ["gi", "gin", "gip", "buyt", "phuy", "voan"]


def is_syllable(bare: str) -> bool:
    """
    Whether a folded, lower-case string has the shape of one Vietnamese syllable.
    Example: "nguoi" -> True, "hdba" -> False, "guard" -> False
    """
    return bare in _shapes()


@cache
def _shapes() -> frozenset[str]:
    """About two thousand shapes, put together on first use."""
    return frozenset((*_NO_ONSET, *_Y, *_RARE, *_with_onset()))


def _with_onset() -> Iterator[str]:
    """Every onset before every rime that its spelling allows."""
    yield from (f"qu{rime}" for rime in _AFTER_QU)
    yield from (f"gi{rime}" for rime in _AFTER_GI)
    yield from (onset + rime for onset in _BEFORE_BACK for rime in (*_BACK, *_ROUNDED))
    yield from (onset + rime for onset in _BEFORE_FRONT for rime in _FRONT)
    yield from (onset + rime for onset in (*_LABIAL, *_ELSEWHERE) for rime in (*_BACK, *_FRONT))
    yield from (onset + rime for onset in _ELSEWHERE for rime in _ROUNDED)
