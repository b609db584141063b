"""
Train a cross-encoder from the bundled model's layers, and judge it on pairs that it has not seen.

    .venv/bin/python -m tests.benchmarks.cross_encoder EVAL NEWS --out FILE [--steps 3600] [--start FILE]

EVAL is the folder of development sets with `answerability/`, NEWS a gzipped .jsonl of articles. About a second a step
on two cores with AVX-512 bf16, nothing else running. Under jemalloc (`LD_PRELOAD`) memory stays at 2 GB, it grew to 5
without. It is not part of the program: `tests/benchmarks/results/cross-encoder.md` says what it was worth.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from embeddings.bundled.weights import default_cache_dir, ensure_unpacked
from embeddings.vectors import Vectors
from retrieval.evaluation.mode import half_typed, strip_diacritics
from tests.benchmarks.cross_encoder.cloze import cloze_pairs
from tests.benchmarks.cross_encoder.network import TrainableCrossEncoder, shipped_weights
from tests.benchmarks.cross_encoder.pair_input import pair_ids, text_start
from tests.benchmarks.cross_encoder.pairs import SETS, DevelopmentSet, development_pairs, judged_pairs
from tests.benchmarks.cross_encoder.training_pair import TrainingPair
from tests.benchmarks.cross_encoder.weights_file import read_weights, write_weights

BATCH = 16  # pairs
RATE, WARM_UP = 8e-5, 120  # the highest, and the steps until there; from there to 0 by a line
_SPAN_LOSS = 0.4  # beside that of the judgement
_TIMES = {"development": 4, "judged": 2}  # that a pair is learned from; clozes fill the rest, and become rarer
_AT_ONCE = 32  # batches that are made of pairs of like length


def main() -> None:
    """Trains and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path)
    parser.add_argument("news", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=3600)
    parser.add_argument("--start", type=Path, help="weights to continue from, instead of the bundled model's own")
    arguments = parser.parse_args()
    random = Random(0)  # noqa: S311 - no secret
    torch.manual_seed(0)
    judged, held = judged_pairs(arguments.sets / "answerability", random)
    development = [pair for name in SETS for pair in development_pairs(DevelopmentSet(arguments.sets / name), random)]
    cloze = cloze_pairs(arguments.news, 25_000, random)
    pairs = schedule(development, judged, cloze, arguments.steps * BATCH, random)
    folder = ensure_unpacked(default_cache_dir())
    trainer = Trainer(folder, arguments.steps, read_weights(arguments.start) if arguments.start else None)
    began = time.monotonic()
    for loss in trainer.learn(pairs, random):
        if trainer.step % 100 == 0:
            sys.stderr.write(
                f"{trainer.step}: loss {loss:.3f}, {(time.monotonic() - began) / trainer.step:.2f} s a step\n"
            )
    for name, own in held.items():
        scores = trainer.log_odds([(pair.question, pair.stretch) for pair in own])
        area = roc_auc_score([pair.answers for pair in own], scores)
        sys.stdout.write(f"{name}, held back: {len(own)} pairs, AUC {area:.3f}\n")
    write_weights(arguments.out, shipped_weights(trainer.parameters()))


def schedule(
    development: list[TrainingPair],
    judged: list[TrainingPair],
    cloze: list[TrainingPair],
    count: int,
    random: Random,
) -> list[TrainingPair]:
    """`count` pairs: each of the first two some times, spread evenly, and clozes rather at the beginning."""
    placed = [
        ((time + number / len(part)) / times, pair)
        for part, times in ((development, _TIMES["development"]), (judged, _TIMES["judged"]))
        for time in range(times)
        for number, pair in enumerate(random.sample(part, len(part)))
    ]
    left = max(0, count - len(placed))
    placed += [(0.8 * (number / left) ** 1.2, cloze[number % len(cloze)]) for number in range(left)]
    return [pair for _, pair in sorted(placed, key=lambda each: each[0])][-count:]


def as_typed(question: str, random: Random) -> str:
    """The question as staff may type it: bare, half-typed, in lower case, without its mark."""
    kind = random.random()
    question = strip_diacritics(question) if kind < 0.22 else half_typed(question) if kind < 0.32 else question
    question = question.casefold() if random.random() < 0.25 else question
    return question.rstrip(" ?") if random.random() < 0.35 else question


@dataclass(frozen=True, slots=True)
class _Example:
    """Piece ids, where the text begins among them, the label, and the answer's first and last token."""

    ids: list[int]
    start: int
    answers: bool
    span: tuple[int, int] | None


class Trainer:
    """AdamW with float32 masters of a model in bfloat16: float32 products take many times as long on some CPUs."""

    def __init__(self, folder: Path, steps: int, start: dict[str, Vectors] | None) -> None:
        self.step = 0
        self._steps = steps
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        model = TrainableCrossEncoder(folder)
        if start:
            model.start_from(start)
        named = dict(model.named_parameters())
        self._masters = {name: each.detach().float().clone() for name, each in named.items()}
        self._model = model.bfloat16()
        self._values = list(self._model.parameters())
        self._means = [torch.zeros_like(each) for each in self._masters.values()]
        self._squares = [torch.zeros_like(each) for each in self._masters.values()]

    def parameters(self) -> dict[str, Tensor]:
        """The parameters by name, float32."""
        return self._masters

    def learn(self, pairs: Sequence[TrainingPair], random: Random) -> Iterator[float]:
        """One step for each batch; yields the loss."""
        for begin in range(0, len(pairs), _AT_ONCE * BATCH):
            examples = [self._example(pair, random) for pair in pairs[begin : begin + _AT_ONCE * BATCH]]
            examples.sort(key=lambda example: len(example.ids))
            batches = [examples[first : first + BATCH] for first in range(0, len(examples), BATCH)]
            random.shuffle(batches)
            for batch in batches:
                loss = self._loss(batch)
                loss.backward()
                self.step += 1
                self._update()
                yield loss.item()

    def log_odds(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Of (question, stretch) pairs."""
        found: list[float] = []
        with torch.no_grad():
            for first in range(0, len(pairs), BATCH):
                batch = [self._ids(*pair) for pair in pairs[first : first + BATCH]]
                log_odds, _ = self._model(*self._inputs([(ids, start) for ids, start, _ in batch]))
                found += log_odds.tolist()
        return found

    def _ids(self, question: str, stretch: str) -> tuple[list[int], int, list[tuple[int, int]]]:
        """Piece ids, where the text begins, and the spans of the text's tokens."""
        asked, text = self._tokenizer.encode(question), self._tokenizer.encode(stretch)
        return pair_ids(asked.ids, text.ids), text_start(asked.ids), text.offsets[1:-1]

    def _example(self, pair: TrainingPair, random: Random) -> _Example:
        ids, start, offsets = self._ids(as_typed(pair.question, random), pair.stretch)
        first = start + 1  # after the </s> before the text
        span = None if pair.answers else (0, 0)  # no answer: both ends at <s>, as in SQuAD 2
        if pair.span:
            begin, end = pair.span
            held = [
                number
                for number, (left, right) in enumerate(offsets[: len(ids) - first - 1])
                if right > begin and left < end
            ]
            span = (first + held[0], first + held[-1]) if held else None
        return _Example(ids, start, pair.answers, span)

    def _inputs(self, pairs: Sequence[tuple[list[int], int]]) -> tuple[Tensor, Tensor, Tensor]:
        longest = max(len(ids) for ids, _ in pairs)
        pieces = np.ones((len(pairs), longest), np.int64)
        segments, mask = np.zeros_like(pieces), np.zeros(pieces.shape, np.float32)
        for place, (ids, start) in enumerate(pairs):
            pieces[place, : len(ids)], mask[place, : len(ids)] = ids, 1
            segments[place, start : len(ids)] = 1
        words = self._model.words[torch.from_numpy(pieces)].bfloat16()
        return words, torch.from_numpy(segments), torch.from_numpy(mask)

    def _loss(self, batch: Sequence[_Example]) -> Tensor:
        words, segments, mask = self._inputs([(example.ids, example.start) for example in batch])
        log_odds, ends = self._model(words, segments, mask)
        loss = binary_cross_entropy_with_logits(log_odds, torch.tensor([float(each.answers) for each in batch]))
        known = [place for place, example in enumerate(batch) if example.span]
        if not known:
            return loss
        scores = ends[known].masked_fill((mask[known] == 0)[..., None], -1e4)
        spans = torch.tensor([batch[place].span for place in known])
        return loss + _SPAN_LOSS / 2 * sum(cross_entropy(scores[..., end], spans[:, end]) for end in (0, 1))

    def _update(self) -> None:
        """Loshchilov & Hutter 2019, algorithm 2, after clipping the gradient's norm to 1."""
        rate = RATE * min(self.step / WARM_UP, (self._steps - self.step + 1) / (self._steps - WARM_UP))
        masters = list(self._masters.values())
        gradients = [
            torch.zeros_like(master) if value.grad is None else value.grad.float()
            for value, master in zip(self._values, masters, strict=True)
        ]
        norm = math.sqrt(sum(float((each * each).sum()) for each in gradients))
        torch._foreach_mul_(gradients, min(1.0, 1 / (norm + 1e-6)))
        torch._foreach_lerp_(self._means, gradients, 0.1)
        torch._foreach_mul_(self._squares, 0.98)
        torch._foreach_addcmul_(self._squares, gradients, gradients, 0.02)
        spread = torch._foreach_sqrt(self._squares)
        torch._foreach_div_(spread, math.sqrt(1 - 0.98**self.step))
        torch._foreach_add_(spread, 1e-8)
        for master in masters:
            if master.ndim > 1:
                master.mul_(1 - rate * 0.01)
        torch._foreach_addcdiv_(masters, self._means, spread, -rate / (1 - 0.9**self.step))
        for value, master in zip(self._values, masters, strict=True):
            value.data.copy_(master)
            value.grad = None


if __name__ == "__main__":
    main()
