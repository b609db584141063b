"""
Tokenize with the vocabulary on disk, reading only the pieces that may occur.

Loading all 250,000 pieces takes a second and 150 MB, which a question would wait for. Tokenization is the same with
only the pieces that are substrings of the text: no others can occur.
"""

from __future__ import annotations

import json
import re
import sqlite3
from typing import TYPE_CHECKING, NamedTuple

from tokenizers.models import Unigram

from embeddings.bundled.tokenizer import SPECIAL, UNKNOWN, build_tokenizer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_SCHEMA = """
CREATE TABLE pieces (piece TEXT PRIMARY KEY, id INTEGER NOT NULL, score REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE facts (longest INTEGER NOT NULL, lowest TEXT NOT NULL);  -- letters; the piece with the lowest score
"""
_CACHE_SIZE = 20_000  # words
_SPECIAL = re.compile("|".join(map(re.escape, SPECIAL)))


class TokenizedText(NamedTuple):
    """Piece `ids`, their `spans` in the text, and `special`: 1 for special tokens."""

    ids: Sequence[int]
    spans: Sequence[tuple[int, int]]
    special: Sequence[int]


class PieceLookup:
    """
    Tokenizes as the whole tokenizer does. Not thread-safe.

    Args:
        file: as `write` wrote it.
        max_tokens: texts are truncated there.
    """

    def __init__(self, file: Path, max_tokens: int) -> None:
        self._db = sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        self._longest, lowest = self._db.execute("SELECT longest, lowest FROM facts").fetchone()
        # The cost of an unknown character follows from the lowest score of all.
        self._always = [self._lookup([piece])[0] for piece in (*SPECIAL, lowest)]
        self._by_word: dict[str, list[tuple[str, int, float]]] = {}  # queries share most words
        self._tokenizer = build_tokenizer([(piece, score) for piece, _, score in self._always])
        self._tokenizer.enable_truncation(max_tokens)

    def tokenize(self, texts: Sequence[str]) -> list[TokenizedText]:
        """Each text as `<s> … </s>`."""
        words = set().union(*map(self._words, texts))
        if len(self._by_word) > _CACHE_SIZE:
            self._by_word.clear()
        self._load_words(words - self._by_word.keys())
        found = set().union(*(self._by_word[word] for word in words)) - set(self._always)
        known = [*self._always, *sorted(found)]
        self._tokenizer.model = Unigram(
            [(piece, score) for piece, _, score in known], unk_id=SPECIAL.index(UNKNOWN), byte_fallback=False
        )
        tokenized = map(self._tokenizer.encode, texts)
        return [
            TokenizedText([known[n][1] for n in encoded.ids], encoded.offsets, encoded.special_tokens_mask)
            for encoded in tokenized
        ]

    def _words(self, text: str) -> set[str]:
        """The pre-tokenized words of a text."""
        normal = self._tokenizer.normalizer.normalize_str(_SPECIAL.sub(" ", text))
        return {word for word, _ in self._tokenizer.pre_tokenizer.pre_tokenize_str(normal)}

    def _load_words(self, words: set[str]) -> None:
        """Load the pieces that may occur in these words."""
        parts = {word: _parts(word, self._longest) for word in words}
        found = {piece[0]: piece for piece in self._lookup(sorted(set().union(*parts.values())))}
        for word, own in parts.items():
            self._by_word[word] = [found[part] for part in own & found.keys()]

    def _lookup(self, pieces: Sequence[str]) -> list[tuple[str, int, float]]:
        wanted = json.dumps(pieces)
        return self._db.execute(
            "SELECT piece, pieces.id, score FROM json_each(?) JOIN pieces ON piece = value", (wanted,)
        ).fetchall()

    @staticmethod
    def write(file: Path, pieces: Sequence[tuple[str, float]]) -> None:
        """Write pieces in id order, with their log probabilities, to a new file."""
        db = sqlite3.connect(file)
        with db:
            db.executescript(_SCHEMA)
            rows = sorted((piece, number, score) for number, (piece, score) in enumerate(pieces))
            db.executemany("INSERT INTO pieces VALUES (?, ?, ?)", rows)
            lowest, _ = min(pieces, key=lambda piece: piece[1])
            db.execute("INSERT INTO facts VALUES (?, ?)", (max(len(piece) for piece, _ in pieces), lowest))
        db.close()


def _parts(word: str, longest: int) -> set[str]:
    """The substrings of a word up to the longest piece."""
    return {
        word[start:end] for start in range(len(word)) for end in range(start + 1, min(start + longest, len(word)) + 1)
    }
