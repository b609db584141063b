"""
The embedding cache: computed text and token vectors, kept across builds in SQLite.

Only new text is encoded, and an interrupted build continues where it stopped.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder, ModelUnusable, Projection, ProjectionLearner
from retrieval.errors import DamagedIndex
from retrieval.index.scoring.token_codes import Codes, pack
from retrieval.private_file import make_private_file

# A commit is what a crash or Ctrl-C may lose: as many texts as the encoder wants at once, or of long ones as many as
# have so many characters. With fewer, the encoder would wait for its last batches too often.
_CHARACTERS_PER_TEXT = 100_000 / 256
_TEXTS_PER_QUERY = 500  # SQLite binds a few thousand values at most
_CHARACTERS_PER_TOKEN = 3.5  # in Vietnamese news, measured on 4.9 million


@dataclass(frozen=True, slots=True)
class MissingTexts:
    """Texts that are not in the cache, longest first, without repetitions."""

    for_tokens: tuple[str, ...]  # to encode for token vectors, which yields the text's vector too
    for_vectors: tuple[str, ...]  # to encode for the text's vector only

    def work(self, encoder: Encoder) -> int:
        """The characters that the encoder will read, since texts differ a hundredfold in length."""
        return sum(_cost(encoder, text) for text in (*self.for_tokens, *self.for_vectors))


class EmbeddingCache:
    """
    A file of vectors by model fingerprint and text; safe to share between processes.

    Raises:
        DamagedIndex: the file is not a database, found now or at a later read.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        make_private_file(path)  # before SQLite makes it; its log inherits the rights
        self._db = sqlite3.connect(path, timeout=30)
        try:
            with self._read_errors():
                self._prepare()
        except BaseException:
            self._db.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def take_over(self, other: Path) -> None:
        """Copy what another cache has and this one lacks, if there is one."""
        if not other.exists():
            return
        EmbeddingCache(other).close()  # checks that it is one
        with self._read_errors():
            self._db.execute("ATTACH ? AS other", (str(other),))
            with self._db:
                for table in ("vectors", "tokens", "projections"):
                    self._db.execute(f"INSERT OR IGNORE INTO {table} SELECT * FROM other.{table}")  # noqa: S608 - no input
            self._db.execute("DETACH other")

    def close(self) -> None:
        """Close the file; what was computed is in it."""
        self._db.close()

    def _prepare(self) -> None:
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        with self._db:
            self._db.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
            self._db.execute("CREATE TABLE IF NOT EXISTS tokens (key BLOB PRIMARY KEY, dim INTEGER, codes BLOB)")
            self._db.execute("CREATE TABLE IF NOT EXISTS projections (key BLOB PRIMARY KEY, projection BLOB)")

    def missing_texts(self, encoder: Encoder, pieces: Sequence[str], windows: Sequence[str] = ()) -> MissingTexts:
        """The `pieces` without token vectors and the `windows` without a vector, each text once."""
        tokens = {embedding_key(encoder.token_fingerprint, text): text for text in pieces}
        vectors = {embedding_key(encoder.fingerprint, text): text for text in windows}
        for_tokens = self._not_stored("SELECT key FROM tokens WHERE key IN", tokens)
        # A window that is also a missing piece gets its vector together with the tokens.
        brought = {embedding_key(encoder.fingerprint, text) for text in for_tokens.values()}
        others = {key: text for key, text in vectors.items() if key not in brought}
        for_vectors = self._not_stored("SELECT key FROM vectors WHERE key IN", others)
        return MissingTexts(_longest_first(for_tokens.values()), _longest_first(for_vectors.values()))

    def encode_missing(
        self, encoder: Encoder, missing: MissingTexts, progress: Callable[[int], None] = lambda _: None
    ) -> None:
        """
        Encode and store the missing texts, committing batch by batch.

        `progress` receives the part of `MissingTexts.work` done since its last call.
        """
        for batch in _batches(encoder, missing.for_tokens):
            readings = encoder.read_passages(batch, progress=_cost_progress(encoder, batch, progress))
            _check(encoder, np.array([reading.vector for reading in readings]))
            with self._db:
                packed = (pack(reading.tokens) for reading in readings)
                keys = (embedding_key(encoder.token_fingerprint, text) for text in batch)
                rows = ((key, codes.shape[1], codes.tobytes()) for key, codes in zip(keys, packed, strict=True))
                self._db.executemany("INSERT OR REPLACE INTO tokens VALUES (?, ?, ?)", rows)
                self._store_vectors(encoder, batch, [reading.vector for reading in readings])
        for batch in _batches(encoder, missing.for_vectors):
            fresh = encoder.encode_passages(batch, progress=_cost_progress(encoder, batch, progress))
            _check(encoder, fresh)
            with self._db:
                self._store_vectors(encoder, batch, fresh)

    def encode_passages(self, encoder: Encoder, texts: Sequence[str]) -> NDArray[np.float32]:
        """The texts' vectors, (n, dim) float32 unit rows, computing the missing ones."""
        self.encode_missing(encoder, self.missing_texts(encoder, (), texts))
        vectors = np.empty((len(texts), encoder.dim), np.float32)
        self.put_vectors(encoder, texts, vectors, range(len(texts)))
        return vectors

    def projection(self, encoder: ProjectionLearner, texts: Sequence[str]) -> Projection:
        """The projection as it was learned from these texts, else learned now."""
        key = embedding_key(encoder.fingerprint, "\0".join(texts))
        with self._read_errors():
            for (stored,) in self._db.execute("SELECT projection FROM projections WHERE key = ?", (key,)):
                return Projection.load(stored)
        learned = encoder.learn_projection(texts)
        with self._db:
            self._db.execute("INSERT OR REPLACE INTO projections VALUES (?, ?)", (key, learned.dump()))
        return learned

    def put_vectors(
        self, encoder: Encoder, texts: Sequence[str], matrix: NDArray[np.float32], rows: Sequence[int]
    ) -> None:
        """Copy the vectors of cached texts into these rows of a matrix, (n, dim) float32."""
        for start in range(0, len(texts), _TEXTS_PER_QUERY):
            keys = [embedding_key(encoder.fingerprint, text) for text in texts[start : start + _TEXTS_PER_QUERY]]
            with self._read_errors():
                found = self._rows("SELECT key, vector FROM vectors WHERE key IN", keys)
                vectors = {key: np.frombuffer(vector, "<f4").reshape(encoder.dim) for key, vector in found}
                for row, key in zip(rows[start : start + _TEXTS_PER_QUERY], keys, strict=True):
                    matrix[row] = vectors[key]

    def codes(self, encoder: Encoder, texts: Iterable[str]) -> Iterator[Codes]:
        """
        The packed token vectors of each cached text, (tokens, token_dim / 2).

        They are read for a few texts at a time.
        """
        waiting = iter(texts)
        while block := list(islice(waiting, _TEXTS_PER_QUERY)):
            keys = [embedding_key(encoder.token_fingerprint, text) for text in block]
            with self._read_errors():
                found = self._rows("SELECT key, dim, codes FROM tokens WHERE key IN", keys)
                codes = {key: np.frombuffer(code, np.uint8).reshape(-1, dim) for key, dim, code in found}
                own = [codes[key] for key in keys]
            yield from own

    def _not_stored(self, statement: str, texts: dict[bytes, str]) -> dict[bytes, str]:
        keys = list(texts)
        known: set[bytes] = set()
        with self._read_errors():
            for start in range(0, len(keys), _TEXTS_PER_QUERY):
                found = self._rows(statement, keys[start : start + _TEXTS_PER_QUERY])
                known.update(key for (key,) in found)
        return {key: text for key, text in texts.items() if key not in known}

    def _rows(self, statement: str, keys: Sequence[bytes]) -> Iterator[tuple[Any, ...]]:
        """
        The rows of many keys, by one query.

        One query for each key took a fifth of the time of indexing again.
        """
        chosen = sorted(set(keys))
        return self._db.execute(f"{statement} ({','.join('?' * len(chosen))})", chosen)

    def _store_vectors(self, encoder: Encoder, texts: Iterable[str], vectors: Iterable[NDArray[np.float32]]) -> None:
        keys = (embedding_key(encoder.fingerprint, text) for text in texts)
        stored = ((key, vector.astype("<f4").tobytes()) for key, vector in zip(keys, vectors, strict=True))
        self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", stored)

    @contextmanager
    def _read_errors(self) -> Iterator[None]:
        """Turn errors of the file itself into a DamagedIndex."""
        try:
            yield
        except sqlite3.OperationalError:
            raise  # the disk or the permissions, not the file
        except (sqlite3.DatabaseError, ValueError, TypeError, KeyError) as error:
            raise DamagedIndex(
                f"{self._path} keeps computed vectors, it cannot be read ({error}): remove it, and all are computed "
                "again"
            ) from error


def embedding_key(fingerprint: str, text: str) -> bytes:
    """The key of a text's vector or token vectors under a model."""
    return hashlib.sha256(f"{fingerprint}\0{text}".encode()).digest()


def _check(encoder: Encoder, vectors: NDArray[np.float32]) -> None:
    """Reject nan and infinity, since a stored vector is never computed again."""
    if not np.isfinite(vectors).all():
        raise ModelUnusable(
            f"a vector is made of numbers, {encoder.fingerprint} gave nan or infinity: choose another --encoder, "
            "--device or --model"
        )


def _longest_first(texts: Iterable[str]) -> tuple[str, ...]:
    """Sort so that batches hold texts of similar length, and equal inputs are batched equally."""
    return tuple(sorted(texts, key=lambda text: (-len(text), text)))


def _batches(encoder: Encoder, texts: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    work, most = 0, encoder.passages_at_once
    for text in texts:
        work += _cost(encoder, text)
        if batch and (len(batch) == most or work > most * _CHARACTERS_PER_TEXT):
            yield batch
            batch, work = [], _cost(encoder, text)
        batch.append(text)
    if batch:
        yield batch


def _cost(encoder: Encoder, text: str) -> int:
    return min(len(text), int(_CHARACTERS_PER_TOKEN * encoder.max_tokens))


def _cost_progress(encoder: Encoder, texts: Sequence[str], progress: Callable[[int], None]) -> Callable[[int], None]:
    """Convert the encoder's count of finished texts into work; it too begins with the longest."""
    weights = iter([_cost(encoder, text) for text in texts])
    return lambda count: progress(sum(islice(weights, count)))
