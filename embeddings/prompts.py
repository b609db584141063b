"""
Prompts: the prefixes that a model expects before queries and passages.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prompts:
    """Prefixes of texts; empty if the model expects none."""

    query: str = ""
    passage: str = ""


E5 = Prompts("query: ", "passage: ")

# The settings of E5 models on the hub name no prompts; their model cards say "Each input text should start with" one of
# these. The "-instruct" models expect an instruction instead.
_E5_NAME = re.compile(r"(?:^|[-_])e5-(?:small|base|large)(?!.*instruct)", re.IGNORECASE)


def prompts_of(name: str, settings: Mapping[str, str]) -> Prompts:
    """The prompts of the model `name` with `settings` (kind of text -> prompt)."""
    own = Prompts(settings.get("query") or "", settings.get("passage") or settings.get("document") or "")
    return E5 if own == Prompts() and _E5_NAME.search(name) else own
