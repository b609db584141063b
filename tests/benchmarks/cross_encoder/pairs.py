"""
Training pairs from people's judgements and from the development sets.

Half of each development set is left out, by article or law article: its questions judge the cross-encoder, and no
passage that answers one of them is learned from.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from random import Random
from typing import Any

from retrieval.evaluation.questions import EvalQuestion, read_beir_questions
from retrieval.language.analyzer import analyze
from tests.benchmarks.cross_encoder.training_pair import TermWeights, TrainingPair, sentences_of
from tests.benchmarks.near_topic_sets import read_records

SETS = ("viquad-dev", "mlqa-vi", "alqac")
_JUDGED = ("zalo2019", "web-snippets")
_IMPOSSIBLE = 3000  # of the machine-translated questions: as many as people's judgements that answer, and a half
_HELD_BACK = 12  # one question in so many, of those with judgements
_NEAR = 6  # passages that share most words with a question and do not answer


@dataclass(frozen=True)  # without slots: cached_property needs __dict__
class DevelopmentSet:
    """A question set with its texts by id."""

    folder: Path

    @cached_property
    def questions(self) -> list[EvalQuestion]:
        """All questions."""
        return read_beir_questions(self.folder)

    @cached_property
    def _records(self) -> dict[str, dict[str, Any]]:
        return {record["_id"]: record for record in read_records(self.folder / "corpus.jsonl")}

    @cached_property
    def texts(self) -> dict[str, str]:
        """The texts by id, law articles with their titles."""
        titled = self.folder.name == "alqac"
        return {
            name: f"{record['title']}. {record['text']}" if titled and record["title"] else record["text"]
            for name, record in self._records.items()
        }

    def is_left_out(self, source: str) -> bool:
        """Whether the passages of this article of Wikipedia, or this law article, are not learned from."""
        article = source if self.folder.name == "alqac" else self._records[source]["title"]
        return bool(hashlib.sha256((self.folder.name + article).encode()).digest()[0] & 1)

    def judges(self, question: EvalQuestion) -> bool:
        """Whether the question may judge: no passage that answers it is learned from."""
        return all(self.is_left_out(gold.source) for gold in question.gold)


def development_pairs(one: DevelopmentSet, random: Random) -> Iterator[TrainingPair]:
    """Gold, gold without its answering sentence, and two near misses of each question that is learned from."""
    weights = TermWeights(one.texts.values())
    judged = {gold.source for question in one.questions for gold in question.gold if one.is_left_out(gold.source)}
    held = {name: set(analyze(text).folded) for name, text in one.texts.items() if name not in judged}
    lengths = {name: len(text.split()) for name, text in one.texts.items()}
    mean = sum(lengths.values()) / len(lengths)
    for question in one.questions:
        gold = [each.source for each in question.gold]
        if any(map(one.is_left_out, gold)):
            continue
        asked = weights.of(question.text)
        scores = Counter(
            {
                name: sum(asked[term] for term in asked.keys() & terms) / (0.6 + 0.4 * lengths[name] / mean) ** 0.5
                for name, terms in held.items()
                if name not in gold
            }
        )
        for source in gold:
            yield from _gold_pairs(question, one.texts[source], weights, random)
        for near in random.sample([name for name, _ in scores.most_common(_NEAR)], 2):
            stretch = weights.stretch(question.text, one.texts[near])
            if not any(answer in stretch for answer in question.answers):
                yield TrainingPair(question.text, stretch, answers=False)


def _gold_pairs(question: EvalQuestion, text: str, weights: TermWeights, random: Random) -> Iterator[TrainingPair]:
    stretch = weights.stretch(question.text, text)
    span = _span(question.answers, stretch)
    if question.answers and not span:  # the answer stands elsewhere in the passage
        found = [one for one in sentences_of(text) if _span(question.answers, one)]
        if not found:
            return
        stretch = max(found, key=len)
        span = _span(question.answers, stretch)
    yield TrainingPair(question.text, stretch, answers=True, span=span)
    rest = [one for one in sentences_of(text) if not _span(question.answers, one)]
    if span and rest and random.random() < 0.5:
        yield TrainingPair(question.text, weights.stretch(question.text, " ".join(rest)), answers=False)


def _span(answers: Sequence[str], text: str) -> tuple[int, int] | None:
    here = [answer for answer in answers if answer in text]
    longest = max(here, key=len, default="")
    return (text.index(longest), text.index(longest) + len(longest)) if longest else None


def judged_pairs(folder: Path, random: Random) -> tuple[list[TrainingPair], dict[str, list[TrainingPair]]]:
    """Pairs with people's judgements and impossible questions; and, by set, those held back."""
    pairs: list[TrainingPair] = []
    held: dict[str, list[TrainingPair]] = {}
    for name in _JUDGED:
        rows = read_records(folder / f"{name}.jsonl")
        weights = TermWeights(row["passage"] for row in rows)
        questions = sorted({row["question"] for row in rows})
        random.shuffle(questions)
        kept_back = frozenset(questions[: len(questions) // _HELD_BACK])
        for row in rows:
            pair = _judged(row, weights, answers=row["answers"])
            (held.setdefault(name, []) if pair.question in kept_back else pairs).append(pair)
    rows = read_records(folder / "squad2-impossible-vi.jsonl")
    weights = TermWeights(row["passage"] for row in rows)
    asked = random.sample([row for row in rows if not is_held_back(row["question"])], _IMPOSSIBLE)
    pairs += [_judged(row, weights, answers=False) for row in asked]
    return pairs, held


def _judged(row: Mapping[str, Any], weights: TermWeights, *, answers: bool) -> TrainingPair:
    text = str(row["passage"]).replace("_", " ")
    return TrainingPair(row["question"], weights.stretch(row["question"], text), answers=answers)


def is_held_back(question: str) -> bool:
    """Whether an impossible question judges the cross-encoder, which was not trained on it."""
    return hashlib.sha256(question.encode()).hexdigest()[:12] in _held_back()


@cache
def _held_back() -> frozenset[str]:
    return frozenset(Path(__file__).with_name("held_back.txt").read_text(encoding="utf-8").split())
