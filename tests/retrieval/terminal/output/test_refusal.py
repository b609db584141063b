"""Reasons of refusals are in the language of the report."""

from __future__ import annotations

from retrieval import errors
from retrieval.errors import DocumentError
from retrieval.terminal.output.refusal import refusal_text


def test_every_document_error_has_a_reason() -> None:
    """No refusal falls back to English."""
    kinds = [name for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, DocumentError)]

    untold = [kind for kind in kinds if kind != "DocumentError" and refusal_text(kind, "English") == "English"]

    assert (untold, len(kinds) > 5) == ([], True)
