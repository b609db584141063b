"""
Read questions and their right answers from BEIR folders and `.jsonl` files.

A BEIR folder brings its own corpus; a `.jsonl` asks the current index.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.answering.answer import Hit
from retrieval.errors import QuestionSetError
from retrieval.language.spelling import nfc
from retrieval.reading.document import Block, Document


@dataclass(frozen=True, slots=True)
class Gold:
    """A right answer: any passage of `source` that contains `contains`; "" for either matches all."""

    source: str
    contains: str

    def accepts(self, hit: Hit) -> bool:
        """Whether the hit, or one of its duplicates, is this answer."""
        return any(self.holds(quote.citation.source, quote.text) for quote in (hit.quote, *hit.duplicates))

    def holds(self, source: str, text: str) -> bool:
        """Whether a passage with this text in this source is this answer."""
        return self.source in ("", source) and self.contains in text


@dataclass(frozen=True, slots=True)
class EvalQuestion:
    """
    A question with its right answers; without any, the corpus does not answer it.

    `alternatives`: any one gold is a full answer (`.jsonl`); otherwise each is relevant by itself (BEIR).
    """

    question_id: str
    text: str
    gold: tuple[Gold, ...]
    alternatives: bool
    kind: str = ""
    answers: tuple[str, ...] = ()  # strings in the answering sentence, where the set gives them

    def answered_by(self, words: str) -> bool:
        """Whether the text contains one of the answers, ignoring letter case."""
        return any(answer.casefold() in words.casefold() for answer in self.answers)


def read_question_file(path: Path) -> list[EvalQuestion]:
    """
    Read a `.jsonl` of {"question", "gold": [{"source", "contains"}]}.

    Skips lines with "rejected" instead of "gold" (`trichdan feedback export`): they name wrong passages, but tell
    neither what is right nor that nothing is.
    """
    questions = []
    for number, record in _records(path):
        if "rejected" in record and "gold" not in record:
            continue
        try:
            gold = _golds(record["gold"])
            name, kind = str(record.get("id", f"line {number}")), str(record.get("kind", ""))
            questions.append(EvalQuestion(name, _text(record, "question"), gold, alternatives=True, kind=kind))
        except (KeyError, TypeError, ValueError) as error:
            raise QuestionSetError(
                f'each line holds "question" and "gold", line {number} of {path} does not ({error}): correct it'
            ) from error
    return questions


def _golds(listed: object) -> tuple[Gold, ...]:
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        raise ValueError('"gold" is a list of {"source", "contains"}')
    golds = tuple(Gold(_text(item, "source"), nfc(_text(item, "contains"))) for item in listed)
    if any(not (gold.source or gold.contains) for gold in golds):
        raise ValueError("a gold passage has words or a source, this one would be any passage")
    return golds


def read_beir_questions(folder: Path) -> list[EvalQuestion]:
    """
    Read the judged questions of a BEIR folder, in file order.

    One that is judged, and for which no document is relevant, is a question that the corpus does not answer.
    """
    relevant: dict[str, list[Gold]] = {}
    for line in filter(str.strip, _lines(folder / "qrels" / "test.tsv")[1:]):
        try:
            query_id, document_id, grade = line.split("\t")
            relevant.setdefault(query_id, []).extend([Gold(document_id, "")] if int(grade) > 0 else [])
        except ValueError as error:
            raise QuestionSetError(
                f"qrels hold query-id, corpus-id and score between tabs, found {line!r} in {folder}"
            ) from error
    questions = []
    for number, query in _records(folder / "queries.jsonl"):
        try:
            name, text = _text(query, "_id"), _text(query, "text")
            answers = tuple(nfc(answer) for answer in (query.get("metadata") or {}).get("answers", ()))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise QuestionSetError(
                f'each query holds "_id" and "text", line {number} of {folder / "queries.jsonl"} does not ({error}): '
                "correct it"
            ) from error
        if name in relevant:
            questions.append(EvalQuestion(name, text, tuple(relevant[name]), alternatives=False, answers=answers))
    return questions


def read_beir_corpus(folder: Path) -> Iterator[Document]:
    """Read each record of a BEIR corpus as a one-paragraph document, so hits are records."""
    seen: set[str] = set()
    for number, record in _records(folder / "corpus.jsonl"):
        try:
            name, text = _text(record, "_id"), nfc(_text(record, "text")).strip()
            title = nfc(_text(record, "title")) if "title" in record else ""
        except (KeyError, ValueError) as error:
            raise QuestionSetError(
                f'each record holds an "_id" and a "text", line {number} of {folder / "corpus.jsonl"} does not '
                f"({error}): correct it"
            ) from error
        if name in seen:
            raise QuestionSetError(f"each record has its own id, {name!r} stands twice in {folder}: remove one")
        seen.add(name)
        if text:
            yield Document(
                doc_id=name,
                source=name,
                title=title,
                publisher="",
                author="",
                published=None,
                text=text,
                sha256=hashlib.sha256(text.encode()).hexdigest(),
                blocks=(Block("paragraph", 0, len(text)),),
            )


def _text(record: dict[str, Any], key: str) -> str:
    if not isinstance(record[key], str):
        raise ValueError(f"{key!r} is no text")  # noqa: TRY004 - callers turn one kind of error into a sentence
    return record[key]  # type: ignore[no-any-return]  # checked above


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise QuestionSetError(
                f"each line is one JSON object, line {number} of {path} is not ({error}): correct it"
            ) from error
        if not isinstance(record, dict):
            raise QuestionSetError(f"each line is one JSON object, line {number} of {path} is not: correct it")
        yield number, record


def _lines(path: Path) -> list[str]:
    try:
        # Not splitlines(): JSON strings may hold U+2028 and other characters that splitlines() breaks at.
        return path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionSetError(
            f"a question set is a BEIR folder or a .jsonl in UTF-8, {path} cannot be read ({error}): correct the path"
        ) from error
