"""
The program that computes a generation, for its manifest.

What another one computed is not taken over.
"""

from __future__ import annotations

from retrieval.code_digest import program_digest

_PARTS = ("index", "language", "reading", "passage.py", "window.py")
_LIBRARIES = ("faiss-cpu", "numpy", "tantivy")


def program() -> str:
    """The digest of the program that computes a generation."""
    return program_digest(_PARTS, _LIBRARIES)
