"""
Answers from which paragraphs were left out because their documents have changed.
"""

from __future__ import annotations

from dataclasses import replace

from bot.messages.texts import Texts
from retrieval import Answer


def without_certainty(answer: Answer, texts: Texts, *, admin: bool) -> Answer:
    """
    An answer from which paragraphs were left out: neither "found" nor "none".

    What was left out may have answered, or have contradicted what is left. Where nothing answers, nothing is quoted.
    Staff do not read the names of files; administrators do, unless nothing is quoted.
    """
    notices = answer.notices if admin else (texts.notices.some_documents_changed,)
    hits = () if answer.state == "none" else answer.hits
    return replace(answer, state="weak", hits=hits, notices=notices)
