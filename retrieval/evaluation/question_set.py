"""
Question sets of a folder: BEIR folders and `.jsonl` files.

Sets lend each other questions: what one corpus answers, another does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from retrieval.errors import QuestionSetError
from retrieval.evaluation.questions import (
    EvalQuestion,
    read_beir_corpus,
    read_beir_questions,
    read_question_file,
)
from retrieval.reading.document import Document

UNANSWERABLE_SAMPLE = 100  # questions of each other set that a corpus is asked
_BEIR_NAMES = ("corpus.jsonl", "queries.jsonl", "qrels")
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions and the documents they are asked of, None for the current index."""

    name: str
    questions: tuple[EvalQuestion, ...]
    documents: tuple[Document, ...] | None

    def unanswerable_from(self, other: QuestionSet) -> list[EvalQuestion]:
        """
        A fixed sample of the other set's questions, unanswerable here.

        Leaves out those whose right passage is in this corpus too, since two sets may share texts.
        """
        if self.documents is None or other is self:
            return []
        mine = {document.sha256 for document in self.documents}
        theirs = {document.doc_id: document.sha256 for document in other.documents or ()}
        lendable = [
            question
            for question in other.questions
            if question.gold and not any(theirs.get(gold.source) in mine for gold in question.gold)
        ]
        sample = np.random.default_rng(0).permutation(len(lendable))[:UNANSWERABLE_SAMPLE]
        return [_unanswerable(lendable[place], other.name) for place in sample]


def read_sets(folder: Path) -> tuple[list[QuestionSet], dict[str, str]]:
    """
    Read the sets of a folder by name, with the reason for each unreadable one.

    Raises:
        QuestionSetError: the path is no folder, is itself a set, or holds nothing that looks like one.
    """
    found: list[QuestionSet] = []
    refused: dict[str, str] = {}
    for path in set_paths(folder):
        try:
            found.append(_read(path))
        except QuestionSetError as error:
            refused[path.name] = str(error)
    return found, refused


def set_paths(folder: Path) -> list[Path]:
    """The paths in a folder that look like sets, by name; raises as `read_sets` does."""
    if not folder.is_dir():
        raise QuestionSetError(f"--all takes a folder of question sets, {folder} is none: correct the path")
    if _is_beir(folder):
        raise QuestionSetError(
            f"--all takes a folder of question sets, {folder} is one set: leave out --all, or name the folder above it"
        )
    found = [path for path in sorted(folder.iterdir()) if path.suffix == ".jsonl" or _is_beir(path)]
    if not found:
        raise QuestionSetError(
            f"--all takes a folder of question sets, {folder} holds neither a BEIR folder nor a .jsonl: "
            "correct the path, or put a set there"
        )
    return found


def spread(items: Sequence[_Item], count: int) -> list[_Item]:
    """
    Pick at most `count` items, evenly spaced and in order.

    Example: spread("abcdef", 3) -> ["a", "c", "e"]
    """
    wanted = min(count, len(items))
    return [items[i * len(items) // wanted] for i in range(wanted)]


def _is_beir(path: Path) -> bool:
    return any((path / part).exists() for part in _BEIR_NAMES)


def _read(path: Path) -> QuestionSet:
    if path.is_dir():
        questions, documents = read_beir_questions(path), tuple(read_beir_corpus(path))
    else:
        questions, documents = read_question_file(path), None
    if not questions:
        raise QuestionSetError(f"a question set holds at least one question, {path} holds none: fill it or remove it")
    return QuestionSet(path.name, tuple(questions), documents)


def _unanswerable(question: EvalQuestion, owner: str) -> EvalQuestion:
    name = f"{owner}/{question.question_id}"
    return EvalQuestion(name, question.text, (), alternatives=True, kind=f"of {owner}")
