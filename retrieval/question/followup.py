"""
Follow-ups: questions that need the previous one ("còn năm 2023?", "who signed it?").

A question that stands alone must never be changed, so nothing here is scored or guessed: a question is a follow-up only
if its words allow no other reading. When in doubt it is left alone, since its writer can ask in full.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.language.analyzer import WORD
from retrieval.language.diacritic_restoration import looks_foreign
from retrieval.question.followup_patterns import Parse, parses, word_lists
from retrieval.question.question_words import without_asking_words
from retrieval.question.substitution import Pieces, is_name, is_number, is_time, substitute

# In words: a longer question names its topic. Politeness and "còn … thì sao?" may surround them.
_LONGEST = 10
_LONGEST_WITH_ALL = 20

# Only words without content of their own, one of which asks. A word that asks for a definition must stand beside words
# that need none: "Mục đích là gì?" fits, "Thủ tục là gì?" does not.
_ELLIPTIC = (
    "closed* asks closed* | light* asked_of light* asks light* | light* asks light* asked_of light* | "
    "about* define about*"
)
_PROPERTY = "filler* what about*"  # "mục đích?", "kết quả của việc đó?"
# A few words may follow a pronoun. None may precede it, since they could be its antecedent ("Khi Việt Nam gia nhập
# ASEAN, tổ chức này …"), except the verb of "ai" ("ai bảo vệ họ?"). English "it" may point forward ("How long does it
# take to get a passport?"), so that only one word may follow it.
_POINTING = {
    "vietnamese": "closed* sure .? .? .? .? .? .? | asks . .? named",
    "english": "closed* sure .? | asks . named",
}
_ASKING = ".* asking .* | .* yes_or_no"

_END = " \t?!.…,;:"
_ENGLISH_ASKING = re.compile(
    r"^(?:how (?:many|much|long)|how|who|whom|whose|which|what|when|where|why)\b\s*"
    r"(?:(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could)\b\s*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Two questions joined, in pieces alternately of the previous question and of the new one."""

    pieces: Pieces

    @property
    def text(self) -> str:
        """The joined question."""
        return "".join(self.pieces)


def follow_up(question: str, previous: str) -> FollowUp | None:
    """
    Join a follow-up with the previous question.

    None if it stands alone. Both are single lines in NFC.

    Example: "còn năm 2023?" after "Đón bao nhiêu đoàn năm 2022?" -> "Đón bao nhiêu đoàn năm 2023?"
    Example: "ai ký?" after "Nghị định 22/2016/NĐ-CP quy định gì?" -> "Nghị định 22/2016/NĐ-CP quy định, ai ký?"
    """
    if not WORD.search(previous) or len(WORD.findall(question)) > _LONGEST_WITH_ALL:
        return None
    for parse in parses(question):
        pieces = _ask_for_more(parse, previous) or _ask_further(parse, previous) or _ask_again(parse, previous)
        if pieces:
            return FollowUp(pieces)
    return None


def topic(question: str) -> str:
    """
    The topic of a question: the text without its asking words and without appended follow-ups.

    Example: "Việt Nam có quan hệ quốc phòng với bao nhiêu nước?" -> "Việt Nam có quan hệ quốc phòng"
    """
    text = question.strip(_END)
    while ", " in text and any(_is_more(parse) or _asks_further(parse) for parse in parses(text.rpartition(", ")[2])):
        text = text.rpartition(", ")[0].strip(_END)
    if looks_foreign(text):
        return _ENGLISH_ASKING.sub("", text, count=1)
    text = without_asking_words(_without_counting(text))
    words = list(WORD.finditer(text))
    typed = [word[0] for word in words]
    first = word_lists().opening("stranded*", typed)
    last = word_lists().closing("stranded*", typed)
    return text[words[first].start() : words[-1 - last].end()] if first + last < len(words) else ""


def _without_counting(text: str) -> str:
    """The text without "how many" and the thing counted, unless that is described further."""
    lists, words = word_lists(), list(WORD.finditer(text))
    typed = [word[0] for word in words]
    for i in range(len(words)):
        n = lists.opening("counting", typed[i:])
        if n and (i + n == len(words) or lists.opening("stranded", typed[i + n :])):
            return text[: words[i].start()].rstrip() + text[words[i + n - 1].end() :]
    return text


def _ask_for_more(parse: Parse, previous: str) -> Pieces | None:
    """The previous question again, for more detail: "cụ thể hơn?"."""
    return _append(previous, parse.text) if _is_more(parse) else None


def _ask_further(parse: Parse, previous: str) -> Pieces | None:
    """
    Another question about the same topic.

    Example: "ở đâu?", "còn ai ký?", "ông ấy sinh năm nào?"
    """
    for core in (parse, parse.without(_contrast(parse))):  # "còn hiệu lực không?" before "còn" + "ai ký?"
        if _asks_further(core) and (about := topic(previous)):
            return (f"{about}, ", core.text)
    return None


def _is_more(parse: Parse) -> bool:
    return parse.fits("filler? more asks?")


def _asks_further(parse: Parse) -> bool:
    """Whether a question has no topic of its own, or only a pronoun for it."""
    if len(parse.words) > _LONGEST:
        return False
    return parse.fits(_ELLIPTIC) or bool(parse.ending and parse.fits(_PROPERTY)) or _points_back(parse)


def _points_back(parse: Parse) -> bool:
    """
    Whether its only topic is a pronoun.

    A name or number of its own might be the antecedent.
    """
    own = any(word[0][0].isupper() or word[0][0].isdigit() for word in parse.words[1:])
    return not own and parse.fits(_ASKING) and parse.fits(_POINTING[parse.lists.language])


def _ask_again(parse: Parse, previous: str) -> Pieces | None:
    """
    The same question about something else.

    Example: "còn năm 2023?", "Nam Sudan thì sao?", "thế còn hải quân?"
    """
    contrast = _contrast(parse)
    rest = parse.without(contrast)
    same = rest.closing("same")
    marked = contrast or same or parse.joined
    core = rest.without(0, same or (rest.closing("same_again") if marked else 0))
    thing = core.without(core.opening("link"))
    linked = thing.words != core.words
    if (
        ((marked or linked or parse.ending) and is_time(thing.phrase))  # "năm 2023" alone may be a search
        or ((marked or linked) and is_name(thing.phrase))  # and so may "Nam Sudan?"
        or (marked and is_number(thing.phrase))
    ):
        return substitute(previous, thing.phrase) or _append(previous, core.phrase + core.ending)
    if core.fits(_ASKING):
        return None  # "Còn bao nhiêu sĩ quan ở Nam Sudan?" is complete: "còn" is a verb
    if core.opening("supposing"):
        # A supposition is complete ("Nếu nộp muộn thì sao?") unless it contrasts with the previous question.
        about = topic(previous)
        return (f"{about}, ", rest.text) if contrast and same and about else None
    bare = parse.lists.bare  # "con thuong binh" may be about children
    if (
        (contrast and len(core.words) <= 8 and (same or parse.ending or not bare))
        or (parse.joined and linked and not bare and len(core.words) <= 5)
        or (same and len(core.words) <= 3)
    ):
        return _append(previous, core.phrase + core.ending)
    return None


def _contrast(parse: Parse) -> int:
    """
    How many words open a contrast.

    In a bare question "con" may belong to "con người".
    """
    if parse.lists.bare and parse.fits("contrast not_contrast .*"):
        return 0
    return parse.opening("contrast")


def _append(previous: str, text: str) -> Pieces:
    """The previous question with more text appended."""
    return (f"{previous.rstrip(_END)}, ", text)
