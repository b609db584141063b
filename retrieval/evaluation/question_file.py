"""
A question file that grows by one mark at a time.

Each mark is on disk when `QuestionFile.put` returns; a crash leaves the file as it was before or after it.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from embeddings.durable_file import fsync
from retrieval.errors import QuestionSetError
from retrieval.evaluation.question_line import Line
from retrieval.language.spelling import nfc

_KEPT = ("id", "kind")  # of a replaced line: whoever named or sorted a question by hand finds it again


@dataclass(frozen=True, slots=True)
class Written:
    """What a mark did to its file."""

    replaced: Line | None  # the line that the question had before
    count: int  # lines in the file, with this one


def default_question_file(index: Path) -> Path:
    """
    Beside the index folder, not in it: an index can be built anew, marks cannot.

    Example: "chi-muc" -> "chi-muc.questions.jsonl"
    """
    folder = index if index.name not in {"", ".."} else index.resolve()
    return folder.with_name(f"{folder.name}.questions.jsonl")


class QuestionFile:
    """A `.jsonl` with at most one line for each question that is put into it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def put(self, line: Line) -> Written:
        """
        Write a question's line in place of an earlier one, or at the end.

        The other lines stay as they are.

        Raises:
            QuestionSetError: the file holds something else, and is left as it is.
            OSError: the system refused the write.
        """
        target = self.path.resolve()  # a link stays one
        with _lock(target.parent):
            lines = _lines(target)
            same = [place for place, (_, record) in enumerate(lines) if _key(record) == _key(line)]
            replaced = lines[same[0]][1] if same else None
            kept = {name: replaced[name] for name in _KEPT if name in replaced} if replaced else {}
            text = json.dumps({**line, **kept}, ensure_ascii=False)
            texts = [
                text if place in same[:1] else old for place, (old, _) in enumerate(lines) if place not in same[1:]
            ]
            if not same:
                texts.append(text)
            _replace(target, texts)
        return Written(replaced, len(texts))


def _key(line: Line) -> str:
    """
    What two typings of one question have in common.

    Not without diacritics: eval asks a question as it was typed.
    """
    return " ".join(nfc(str(line["question"])).casefold().split())


def _lines(path: Path) -> list[tuple[str, Line]]:
    """Each line that is not blank, as it stands in the file and parsed."""
    try:
        texts = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        return []
    except UnicodeDecodeError as error:
        raise _unusable(path, str(error)) from error
    return [(text.rstrip("\r"), _record(path, text)) for text in texts if text.strip()]


def _record(path: Path, text: str) -> Line:
    try:
        record = json.loads(text)
    except ValueError as error:
        raise _unusable(path, str(error)) from error
    if not isinstance(record, dict) or not isinstance(record.get("question"), str):
        raise _unusable(path, f"found {text[:60]!r}")
    return record


def _unusable(path: Path, reason: str) -> QuestionSetError:
    return QuestionSetError(
        f'marks are added to a .jsonl with a "question" in each line, {path} is not such ({reason}): correct it, or '
        "name another with --questions"
    )


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """
    Keep other sessions from writing in between.

    The folder itself is locked, so that no lock file is left behind.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _replace(path: Path, texts: Sequence[str]) -> None:
    """
    Replace the file in one step, keeping its permissions.

    A new one is its owner's alone, since it holds what people ask.
    """
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)  # of a session that was killed
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{text}\n" for text in texts)
        file.flush()
        os.fchmod(file.fileno(), mode)
        os.fsync(file.fileno())
    temporary.replace(path)
    fsync(path.parent)
