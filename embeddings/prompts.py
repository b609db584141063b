"""
The words a model wants in front of a query and in front of a passage.

Apart from the encoders because they are known in three ways: given, from the model's settings, or from its
family.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prompts:
    """Put in front of each text; empty where the model wants none."""

    query: str = ""
    passage: str = ""


E5 = Prompts("query: ", "passage: ")

# The E5 models' settings on the hub say nothing; their model cards say "Each input text should start with"
# one of these two. The "-instruct" ones want an instruction instead.
_E5_NAME = re.compile(r"(?:^|[-_])e5-(?:small|base|large)(?!.*instruct)", re.IGNORECASE)


def prompts_of(name: str, settings: Mapping[str, str]) -> Prompts:
    """The prompts for the model `name`, whose own settings are `settings` (kind of text -> prompt)."""
    own = Prompts(settings.get("query") or "", settings.get("passage") or settings.get("document") or "")
    return E5 if own == Prompts() and _E5_NAME.search(name) else own
