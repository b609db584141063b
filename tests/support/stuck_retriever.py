"""A Retriever that some questions hold up or kill, for processes that are started with it."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path
from typing import Any

from retrieval.answering.answer import Answer
from retrieval.errors import IndexMismatch
from retrieval.retriever import Retriever
from tests.support.encoders import BagEncoder

STUCK = "câu hỏi làm kẹt"
KILLED = "câu hỏi làm chết"
KILLED_ONCE = "câu hỏi làm chết một lần"
OUTDATED = "câu hỏi cũ"


class StuckRetriever(Retriever):
    """
    Answers from an index with the tests' encoder.

    STUCK holds it up in a regular expression, which keeps every thread of the process waiting; KILLED ends it, and
    KILLED_ONCE where it has not yet, as a file beside the index tells.
    """

    def __init__(self, index: Path) -> None:
        super().__init__(index, BagEncoder())
        self._mark = index.with_name("killed")

    def ask(self, question: str, **options: Any) -> Answer:
        if question == STUCK:
            re.match("(x+x+)+y", "x" * 64)
        if question == KILLED or (question == KILLED_ONCE and not self._mark.exists()):
            self._mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if question == OUTDATED:
            raise IndexMismatch("another version built it")
        return super().ask(question, **options)
