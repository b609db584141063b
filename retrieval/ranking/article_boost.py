"""
Boosts passages of an article that the question names.

"Điều 5 khoản 2 quy định gì?" shares no word with its answer. The article is named in the passage's section, and the
section of another article may hold the same numbers in another order.
"""

from __future__ import annotations

import re

from retrieval.question.query import Query
from retrieval.reading.provision import article_in

# In log odds, set by hand, since no development set has sections: an article outweighs most words, but not a passage
# that matches everything asked; khoản and điểm choose within it.
SAME_ARTICLE = 2.0
SAME_BELOW = 2.0
_NAMED = re.compile(r"\b(?:(điều|khoản)\s+(\d{1,4}[a-zđ]?)|(điểm)\s+([a-zđ]))(?!\w)", re.IGNORECASE)


def provisions_in(query: Query) -> frozenset[str]:
    """
    The provisions (article, clause, point) that the question names, if an article is among them.

    Example: "khoản 2 Điều 5 nói gì" -> {"điều 5", "khoản 2"}
    """
    return _provisions(query.text)


def article_boost(provisions: frozenset[str], section: str) -> float:
    """The boost of a passage in this section, in log odds."""
    own = _provisions(article_in(section)) & provisions
    if not any(name.startswith("điều") for name in own):
        return 0.0
    return SAME_ARTICLE + SAME_BELOW * (len(own) - 1)


def _provisions(text: str) -> frozenset[str]:
    found = frozenset(f"{a or c} {b or d}".lower() for a, b, c, d in _NAMED.findall(text))
    return found if any(name.startswith("điều") for name in found) else frozenset()
