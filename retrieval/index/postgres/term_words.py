"""
Terms as words of nine letters, which every parser of PostgreSQL leaves whole.

Terms themselves hold underscores, digits and letters that a parser may split, fold or drop.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from string import ascii_lowercase

_LETTERS = 9  # 26 ** 9 words: two of a million terms share one in 1 of 10 corpora


@lru_cache(maxsize=1 << 17)
def term_word(term: str) -> str:
    """
    The word of a term, of lower-case letters.

    Two terms with one word are found together; scores are computed from the passages' own numbers.
    """
    number = int.from_bytes(blake2b(term.encode(), digest_size=8).digest())
    letters = []
    for _ in range(_LETTERS):
        number, letter = divmod(number, len(ascii_lowercase))
        letters.append(ascii_lowercase[letter])
    return "".join(letters)


def words_of(terms: Iterable[str]) -> str:
    """The words of terms, separated by spaces."""
    return " ".join(map(term_word, terms))
