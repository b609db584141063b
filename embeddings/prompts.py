"""
Prompts: the prefixes that a model expects before queries and passages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Prompts:
    """Prefixes of texts; empty if the model expects none."""

    query: str = ""
    passage: str = ""


E5 = Prompts("query: ", "passage: ")

# The names under which settings list prompts; the first that is not empty counts. sentence-transformers' own are
# "query", "document", "passage" and "corpus", the others are those of e5-mistral, stella, nomic and jina.
_QUERY_NAMES = ("query", "search_query", "web_search_query", "s2p_query", "retrieval.query")
_PASSAGE_NAMES = ("passage", "document", "corpus", "search_document", "retrieval.passage")


def prompts_of(name: str, settings: Mapping[str, str], default: str | None = None) -> Prompts:
    """
    The prompts of the model `name`: from its settings, else from `prompts.toml`.

    Args:
        name: a hub name or a folder's name.
        settings: kind of text -> prompt.
        default: the kind whose prompt its settings put before every text.
    """
    own = Prompts(_first(settings, _QUERY_NAMES), _first(settings, _PASSAGE_NAMES))
    if own != Prompts():
        return own
    every = settings.get(default or "") or ""
    return Prompts(every, every) if every else _of_known_model(name)


def _first(settings: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((settings[name] for name in names if settings.get(name)), "")


def _of_known_model(name: str) -> Prompts:
    return next((prompts for pattern, prompts in _known_models() if pattern.search(name)), Prompts())


@cache
def _known_models() -> tuple[tuple[re.Pattern[str], Prompts], ...]:
    import tomllib  # not on top: questions about the bundled model need none of it

    entries = tomllib.loads((files("embeddings") / "prompts.toml").read_text("utf-8"))["model"]
    return tuple(
        (re.compile(entry["name"], re.IGNORECASE), Prompts(entry.get("query", ""), entry.get("passage", "")))
        for entry in entries
    )
