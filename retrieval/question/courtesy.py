"""
Courtesies around a question, which change nothing: greetings, "cho em hỏi", "ạ", thanks.
"""

from __future__ import annotations

import re
from functools import cache

from retrieval.language.analyzer import WORD
from retrieval.language.spelling import fold, is_bare

# Written with diacritics; a word typed without any is the same word. Possessive loops (`*+`) over persons, because
# "anh chị" may be one or two of them: going back over all ways to part a long row takes for ever.
_PERSON = (
    r"(?:anh chị|anh|chị|em|bạn|mình|tôi|tui|tớ|cháu|con|cô|chú|bác|thầy|ông|bà|ad|admin|bot|sếp|các bạn|mọi người"
    r"|cả nhà|quý cơ quan|ban quản trị|hệ thống)"
)
_ASKER = r"(?:em|tôi|tui|mình|tớ|cháu|con|anh|chị|chúng tôi|chúng em)"
_PLEASE = rf"(?:{_PERSON} )*+(?:làm ơn |vui lòng |xin |có thể |hãy |nhờ )*"
_BIT = r"(?: (?:chút|một chút|tí|là|rằng|với|thêm|về))*"
_END = r"(?=\s*[,.!?…:;]|\s*$)"
_TELL = r"(?:cho|giúp|giúp cho|chỉ|chỉ giúp|nói|trả lời|giải đáp)(?: giúp)?"
_FOR_ME = (
    rf"(?:giải đáp|trả lời|chỉ|nói|tìm|tra|tra cứu|xem)(?: (?:giúp|hộ|giùm|dùm))+ {_ASKER}(?: (?:xem|là|về|rằng))*"
)
_WANT = r"(?:đang |có thể |xin phép |xin |cần |muốn |có |rất )*(?:hỏi|biết|tìm hiểu|thắc mắc)"
_BEFORE = (
    rf"(?:dạ )?(?:{_ASKER} )?(?:xin |kính )?chào(?: (?:buổi (?:sáng|trưa|chiều|tối)|{_PERSON}))++(?: ạ)?",
    rf"(?:xin |kính )?chào{_END}",
    rf"(?:a ?lô|alo|hello|hi|hey|dạ|dạ vâng|vâng)(?: {_PERSON})*+{_END}",
    rf"(?:dạ )?(?:thưa |kính thưa |kính gửi |kính mong ){_PERSON}(?: ạ)?{_END}",
    rf"{_PERSON} ơi",
    rf"(?:dạ )?(?:xin )?{_PLEASE}{_TELL} {_ASKER} (?:được )?(?:xin )?(?:hỏi|biết|rõ){_BIT}",
    rf"(?:dạ )?(?:xin )?(?:nhờ )?{_PLEASE}{_FOR_ME}",
    rf"{_PLEASE}cho (?:hỏi|biết){_BIT}",
    rf"xin (?:được |phép )*hỏi{_BIT}",
    rf"(?:dạ )?{_ASKER} {_WANT}{_BIT}",
    r"(?:hi|hello|hey|dear \w+|good (?:morning|afternoon|evening))(?: (?:there|bot|all|everyone))?(?=\s*[,.!])",
    r"(?:please |could you |can you |would you )+(?:please )?(?:tell me|let me know|explain)(?: (?:about|please))?",
    r"(?:i would like|i'd like|i want) to (?:know|ask)(?: about)?",
    r"(?:please|excuse me)(?=\s*[,:])",
)
_THANKS = r"(?:xin |rất |chân thành |trân trọng )*(?:cảm|cám) ơn"
_BEHIND = (
    rf"(?:{_ASKER} )?{_THANKS}(?: (?:nhiều|rất nhiều|trước|{_PERSON}|ạ|nhé|nha))*+",
    r"(?:thanks|thank you|tks)(?: (?:so much|a lot|in advance|very much|nhiều|nhé|ạ))*",
    rf"(?:giúp|giùm|dùm|hộ) {_ASKER}(?: (?:với|nhé|nha|ạ))*",
    r"(?:vậy|thế|với|nhé|nha|nhỉ|hả|đi)? ?ạ(?: (?:anh|chị|em|bạn|ad|admin|bot|sếp|thầy|cô))?",
    r"(?:vậy|thế) (?:anh|chị|em|bạn|ad|admin|bot|nhỉ|nhé|nha)",
    r"(?:nhé|nhỉ|hả (?:bạn|anh|chị|em|bot|ad))",
    r"please",
)
# Only behind another courtesy, since "em là Lan" may be what is asked about.
_INTRODUCTION = rf"{_ASKER} (?:là|tên là|tên) [^,.?!]{{1,40}}[,.]"
_MARKS = " ,.!?…;"
_LONGEST_BEHIND = 60  # characters
_GAP = r"[ ,.!?…:;–-]*"
# Without its mark "ạ" is a letter: not behind the name of a class, a point or a building ("hạng a").
_BARE_A = re.compile(
    r"(?:(?:bao nhieu|may|nao|gi|ai|dau|sao) .*|(?:bao nhieu|nao|gi|ai|dau|sao|vay|the))"
    r"(?<!hang)(?<!loai)(?<!nhom)(?<!diem)(?<!muc)(?<!bang)(?<!lop)(?<!luc)(?<!khu)(?<!khoi)(?<!toa)(?<!nha)"
    r"(?P<a> a)[ ?.!]*$"
)


def without_courtesies(text: str) -> str:
    """
    The question itself; the text as it is when nothing else remains.

    Args:
        text: one line in NFC.

    Example: "Chào bot, cho em hỏi có bao nhiêu tỉnh vậy ạ? Em cảm ơn!" -> "có bao nhiêu tỉnh?"
    """
    kept = _without_behind(_without_before(text))
    return kept if WORD.search(kept) else text


def _without_before(text: str) -> str:
    courtesy, introduction = _before()
    kept = text
    while found := courtesy.match(kept) or (kept != text and introduction.match(kept)):
        kept = kept[found.end() :]
    return kept


def _without_behind(text: str) -> str:
    kept = text
    while found := _behind().search(kept.rstrip(_MARKS), max(0, len(kept.rstrip(_MARKS)) - _LONGEST_BEHIND)):
        kept = kept[: found.start()].rstrip(_MARKS)
    if is_bare(kept) and (bare := _BARE_A.search(kept.lower())):
        kept = kept[: bare.start("a")]
    return f"{kept}?" if kept != text and "?" in text[len(kept) :] else kept


@cache
def _before() -> tuple[re.Pattern[str], re.Pattern[str]]:
    courtesy, introduction = map(_typed_with_or_without_marks, ("|".join(_BEFORE), _INTRODUCTION))
    return (
        re.compile(rf"{_GAP}(?:{courtesy})(?!\w){_GAP}", re.IGNORECASE),
        re.compile(rf"{introduction}{_GAP}", re.IGNORECASE),
    )


@cache
def _behind() -> re.Pattern[str]:
    courtesy = _typed_with_or_without_marks("|".join(_BEHIND))
    return re.compile(rf"[{_MARKS}](?:{courtesy})$", re.IGNORECASE)


def _typed_with_or_without_marks(pattern: str) -> str:
    return re.sub(r"(?<!\\)[^\W\d_]+", lambda word: _either(word[0]), pattern)


def _either(word: str) -> str:
    bare = fold(word)
    return word if word in (bare, "ạ") else f"(?:{word}|{bare})"
