"""
The marked questions of an index: its keeper has said what is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from retrieval.errors import QuestionSetError
from retrieval.evaluation.question_file import default_question_file
from retrieval.evaluation.questions import EvalQuestion
from retrieval.evaluation.smoke import SmokeQuestion, questions_with_gold, read_smoke_file


def marked_questions(index: Path, *, smoke: Path | None, marks: Path | None) -> list[EvalQuestion]:
    """
    The smoke questions, then the marks of the REPL, each question once.

    Args:
        smoke: the file of smoke questions, if the index has one.
        marks: another file of marks than the one beside the index, which need not exist.

    Raises:
        QuestionSetError: a file cannot be read, or `marks` is not there.
    """
    found: dict[str, EvalQuestion] = {}
    for question in _questions(index, smoke, marks):
        key = " ".join(question.text.casefold().split())
        found.setdefault(key, EvalQuestion(question.text, question.text, question.gold, alternatives=True))
    return list(found.values())


def _questions(index: Path, smoke: Path | None, marks: Path | None) -> Iterator[SmokeQuestion]:
    if smoke:
        yield from read_smoke_file(smoke)
    path = marks or default_question_file(index)
    if path.is_file():
        yield from questions_with_gold(path)
    elif marks:
        raise QuestionSetError(
            f"a new model is judged by marked questions, {marks} is no file: mark answers with `:right` or `:none` in "
            "`trichdan repl`, or leave out --questions and TRICHDAN_QUESTIONS"
        )
