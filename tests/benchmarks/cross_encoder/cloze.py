"""
Questions by rule from statements of news: what is asked for is taken out of its clause.

In Vietnamese the question word stands where its answer stands ("có 120 cán bộ" → "có bao nhiêu cán bộ"), so that a
clause becomes a question without being turned. With the sentence the stretch answers it; without the sentence, or with
another name, year or counted noun in the question, it does not.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.benchmarks.cross_encoder.stretch import LONGEST
from tests.benchmarks.cross_encoder.training_pair import TrainingPair, sentences_of

_LETTERS = [chr(code) for code in (*range(ord("A"), ord("z") + 1), *range(0xC0, 0x1EFA)) if chr(code).isalpha()]
_UPPER = "[" + "".join(letter for letter in _LETTERS if letter.isupper()) + "]"
_LOWER = "[" + "".join(letter for letter in _LETTERS if letter.islower()) + "]"
_CAPITAL = rf"{_UPPER}{_LOWER}+"
_NAME = rf"{_CAPITAL}(?: {_CAPITAL}){{1,3}}"
_COUNT = re.compile(
    rf"(?<![\w/.,:-])(\d[\d.,]*\d|\d)(?: (?:nghìn|ngàn|triệu|tỷ|tỉ|vạn))?(?= (?P<noun>{_LOWER}{{2,}})(?: {_LOWER}+)?)"
)
# Before a number that counts nothing, and after it.
_NO_COUNT_BEFORE = frozenset(
    (
        "ngày tháng năm số điều khoản lúc khoảng quốc đường tuổi quý lần thứ hạng phút chương mục tập kỳ km biển và "
        "đến - từ hơn"
    ).split()
)
_NO_COUNT_AFTER = _NO_COUNT_BEFORE | {"giờ", "của"}
_YEAR = re.compile(r"\bnăm (?:1[89]\d\d|20\d\d)\b")
_DAY = re.compile(
    r"\b(?:hôm |vào )?ngày \d{1,2}(?:/\d{1,2}(?:/\d{4})?|-\d{1,2}(?:-\d{4})?| tháng \d{1,2}(?: năm \d{4})?)"
)
_TITLES = (
    "Ông|Bà|Anh|Chị|Bác sĩ|Luật sư|Thiếu tướng|Đại tá|Thượng tá|Trung tá|Giám đốc|Phó giám đốc|Chủ tịch|Phó chủ tịch|"
    "Bộ trưởng|Thứ trưởng|Thủ tướng|Tổng thống|HLV|Huấn luyện viên|Ca sĩ|Diễn viên|Nhà văn|Đạo diễn"
)
_PERSON = re.compile(
    rf"^(?:(?:{_TITLES}) )?({_NAME})"
    "(?= (?:đã|cho|từng|sẽ|đang|là|được|bị|khẳng|chia|nhấn|phát|có|trở|giành|nói|đề|cũng))"
)
_PLACE = re.compile(rf"\b(?:tại|ở) (?:{_LOWER}+ ){{0,2}}{_CAPITAL}(?: {_CAPITAL}){{0,3}}(?=$|[ ,.;])")
_REASON = re.compile(rf"^(.{{25,110}}?),? (?:vì|do|bởi|bởi vì) ({_LOWER}.{{15,}})$")
_PURPOSE = re.compile(rf"^(.{{25,110}}?) (?:nhằm|để) ({_LOWER}.{{12,}})$")
_DEFINITION = re.compile(
    rf"^({_UPPER}[\w-]*(?: [\w-]+){{1,5}}) là "
    r"((?:một|loại|nơi|cơ|bệnh|người|tổ|hiện|quốc|thành|loài|món|chất|những|sự|việc)\b.{10,})$"
)
_BORDER = re.compile(r"[,;:–(\"“”)] ?| - ")
_ENTITY = re.compile(rf"{_CAPITAL}(?: {_CAPITAL})+|\b(?:19|20)\d\d\b|\b\d[\d.,]*\b")
_SHORTEST, _LONGEST_QUESTION = 5, 22  # words of a clause without its answer
_QUESTION_WORDS = frozenset("bao nhiêu năm nào ngày khi lúc ở đâu tại nơi ai gì là vì sao không".split())
_SHARES = {"count": 3.0, "what": 2.0}  # of the kinds, beside 1.5 of each other one
_NOT_SAID = {  # what a stretch holds that may answer
    "ở đâu": re.compile(rf"\b(?:tại|ở) (?:\w+ ){{0,3}}{_CAPITAL}"),
    "năm nào": re.compile(rf"{_YEAR.pattern}|ngày \d|tháng \d|hôm (?:nay|qua)"),
    "khi nào": re.compile(rf"{_YEAR.pattern}|ngày \d|tháng \d|hôm (?:nay|qua)"),
    "bao nhiêu lần": re.compile(r"\d"),
    "vì sao": re.compile(r"\b(?:vì|do|bởi|nên|nguyên nhân)\b"),
}


@dataclass(frozen=True, slots=True)
class Cloze:
    """A question by rule, the span of its answer in the sentence, and the kind of answer."""

    question: str
    answer: tuple[int, int]
    kind: str


def cloze_pairs(articles: Path, count: int, random: Random) -> list[TrainingPair]:
    """At least `count` pairs, half of which answer, from a gzipped .jsonl of articles with "paragraphs"."""
    with gzip.open(articles, "rt", encoding="utf-8") as lines:
        texts = [" ".join(json.loads(line)["paragraphs"]) for line in lines]
    random.shuffle(texts)
    nouns = Counter(found["noun"] for text in texts[:6000] for found in _COUNT.finditer(text))
    names = [name for text in texts[:6000] for name in re.findall(_NAME, text)[:2]]
    pool = [noun for noun, _ in nouns.most_common(150)]
    made: Counter[str] = Counter()
    pairs: list[TrainingPair] = []
    for text in texts:
        if len(pairs) >= count:
            break
        sentences = sentences_of(text)
        if len(sentences) < 4 or "xổ số" in text.casefold():  # lottery results
            continue
        found = [(place, each) for place, one in enumerate(sentences) for each in clozes_of(one, random)]
        random.shuffle(found)
        found.sort(key=lambda each: made[each[1].kind] / _SHARES.get(each[1].kind, 1.5))
        used: set[int] = set()
        for place, cloze in found:
            if place not in used and len(used) < 3:
                used.add(place)
                made[cloze.kind] += 1
                pairs += _pairs_of(sentences, place, cloze, (names, pool), random)
    return pairs


def clozes_of(sentence: str, random: Random) -> Iterator[Cloze]:
    """The questions that a sentence answers."""
    if not 8 <= len(sentence.split()) <= 60:
        return
    text = sentence.rstrip(" .!?…")
    for found in _COUNT.finditer(text):
        before = text[: found.start()].split()[-1:] or [""]
        if before[0].casefold() not in _NO_COUNT_BEFORE and found["noun"] not in _NO_COUNT_AFTER:
            yield from _cloze(text, found.span(), "bao nhiêu", "count")
    for found in _YEAR.finditer(text):
        yield from _cloze(text, found.span(), "năm nào", "year", in_front=random.random() < 0.2)
    for found in _DAY.finditer(text):
        asking = random.choice(("ngày nào", "khi nào", "vào ngày nào", "lúc nào"))
        yield from _cloze(text, found.span(), asking, "day", in_front=random.random() < 0.2)
    for found in _PLACE.finditer(text):
        asking = random.choice(("ở đâu", "tại đâu", "ở nơi nào"))
        yield from _cloze(text, found.span(), asking, "where", in_front=random.random() < 0.1)
    yield from _of_whole_sentence(text, random)


def _of_whole_sentence(text: str, random: Random) -> Iterator[Cloze]:
    """The questions after a person, a reason, a purpose or a meaning."""
    if person := _PERSON.match(text):
        yield from _cloze(text, person.span(1), "ai", "who")
    if reason := _REASON.match(text):
        yield Cloze(f"{random.choice(('vì sao', 'tại sao', 'do đâu'))} {reason[1]}", reason.span(2), "why")
    if purpose := _PURPOSE.match(text):
        yield Cloze(f"{purpose[1]} {random.choice(('để làm gì', 'nhằm mục đích gì'))}", purpose.span(2), "purpose")
    if definition := _DEFINITION.match(text):
        yield Cloze(f"{definition[1]} là gì", definition.span(2), "what")


def _cloze(text: str, answer: tuple[int, int], asking: str, kind: str, *, in_front: bool = False) -> Iterator[Cloze]:
    """The clause around the answer with a question word in its place, if it is of a question's length."""
    start, end = _clause(text, *answer)
    if start == 0 and end < len(text) and len(text[:end].split()) < 7:
        _, end = _clause(text, answer[0], min(len(text), end + 2))
    before, after = text[start : answer[0]].strip(), text[answer[1] : end].strip()
    if _SHORTEST <= len(f"{before} {after}".split()) <= _LONGEST_QUESTION:
        parts = (asking, before, after) if in_front else (before, asking, after)
        yield Cloze(" ".join(" ".join(parts).split()), answer, kind)


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    borders = list(_BORDER.finditer(text))
    return (
        max((border.end() for border in borders if border.end() <= start), default=0),
        min((border.start() for border in borders if border.start() >= end), default=len(text)),
    )


def _pairs_of(
    sentences: Sequence[str], place: int, cloze: Cloze, words: tuple[list[str], list[str]], random: Random
) -> Iterator[TrainingPair]:
    """A pair that answers and, mostly, one that does not."""
    stretch, offset = _stretch_around(sentences, place, random)
    question = _shortened(cloze.question, random)
    start, end = cloze.answer
    yield TrainingPair(question, stretch, answers=True, span=(offset + start, offset + end))
    spoilt = _without_sentence, _other_entity, _other_noun if cloze.kind == "count" else _other_asking
    chosen = random.choices((*spoilt, None), (0.4, 0.25, 0.2, 0.15))[0]
    pair = chosen(sentences, place, cloze, (question, stretch), words, random) if chosen else None
    if pair:
        yield pair


_Spoilt = TrainingPair | None


def _without_sentence(
    sentences: Sequence[str], place: int, cloze: Cloze, _made: object, _words: object, random: Random
) -> _Spoilt:
    """The question of a sentence that is gone, its neighbours left."""
    answer = sentences[place][slice(*cloze.answer)].casefold()
    others = [one for one in sentences if one != sentences[place] and answer not in one.casefold()]
    kept: list[int] = []
    syllables = 0
    for number in sorted(range(len(others)), key=lambda each: abs(each - min(place, len(others) - 1))):
        syllables += len(others[number].split())
        if syllables > LONGEST:
            break
        kept.append(number)
    if len(others) < 2 or not kept:
        return None
    return TrainingPair(
        _shortened(cloze.question, random), " ".join(others[number] for number in sorted(kept)), answers=False
    )


def _other_entity(
    sentences: Sequence[str],
    _: int,
    _cloze: Cloze,
    made: tuple[str, str],
    words: tuple[list[str], object],
    random: Random,
) -> _Spoilt:
    """The question with another name, year or number."""
    question, stretch = made
    entities = list(_ENTITY.finditer(question))
    if not entities:
        return None
    found = random.choice(entities)
    old = found[0]
    if old.isdigit() and len(old) == 4:
        new = str(int(old) + random.choice((-3, -2, -1, 1, 2, 5)))
    elif old[0].isdigit():
        new = re.sub(r"\d", lambda _: str(random.randrange(1, 10)), old)
    else:
        here = [each for each in _ENTITY.findall(" ".join(sentences)) if each not in old and old not in each]
        here = [each for each in here if not each[0].isdigit()]
        new = random.choice(here if here and random.random() < 0.6 else words[0])
    changed = question[: found.start()] + new + question[found.end() :]
    return None if new == old else TrainingPair(changed, stretch, answers=False)


def _other_noun(
    _: object, _place: int, _cloze: Cloze, made: tuple[str, str], words: tuple[object, list[str]], random: Random
) -> _Spoilt:
    """The question after the count of something that the stretch does not speak of."""
    question, stretch = made
    counted = re.search(r"bao nhiêu (\w+)", question)
    noun = random.choice(words[1])
    if not counted or noun in stretch.casefold():
        return None
    return TrainingPair(question[: counted.start(1)] + noun + question[counted.end(1) :], stretch, answers=False)


def _other_asking(
    _: object, _place: int, cloze: Cloze, made: tuple[str, str], _words: object, random: Random
) -> _Spoilt:
    """The question after a place, time, count or reason where the stretch has none."""
    stretch = made[1]
    rest = " ".join(
        re.sub(
            r"\b(?:năm nào|(?:vào )?ngày nào|khi nào|lúc nào|ở đâu|tại đâu|ở nơi nào|ai)\b", "", cloze.question
        ).split()
    )
    open_ = [asking for asking, said in _NOT_SAID.items() if not said.search(stretch)]
    if cloze.kind not in ("who", "where", "year", "day") or not open_:
        return None
    asking = random.choice(open_)
    return TrainingPair(f"{asking} {rest}" if asking == "vì sao" else f"{rest} {asking}", stretch, answers=False)


def _stretch_around(sentences: Sequence[str], place: int, random: Random) -> tuple[str, int]:
    """Neighbouring sentences with the one at `place` somewhere among them, and where that begins."""
    first = last = place
    syllables = len(sentences[place].split())
    while random.random() >= 0.15 or first == last:
        further = [
            each
            for each in (first - 1, last + 1)
            if 0 <= each < len(sentences) and syllables + len(sentences[each].split()) <= LONGEST
        ]
        if not further:
            break
        chosen = random.choice(further)
        first, last = min(first, chosen), max(last, chosen)
        syllables += len(sentences[chosen].split())
    before = " ".join(sentences[first:place])
    return " ".join(sentences[first : last + 1]), len(before) + bool(before)


def _shortened(question: str, random: Random) -> str:
    """Some words left out, as somebody who asks in their own words leaves them out."""
    share = random.choice((0.0, 0.0, 0.1, 0.2, 0.3))
    return " ".join(
        word for word in question.split() if not word.islower() or word in _QUESTION_WORDS or random.random() >= share
    )
