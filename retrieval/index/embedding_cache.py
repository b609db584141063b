"""
Vectors that have been paid for: text -> its vector, and those of its tokens, kept across builds in SQLite.

A build asks here first, so only new text costs time, and an interrupted build goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder, ModelUnusable
from retrieval.errors import DamagedIndex
from retrieval.index.tokens import Codes, pack

_BATCH = 256  # texts between two commits: what a crash may cost


class EmbeddingCache:
    """
    A file of vectors, keyed by model fingerprint and text; safe to share between processes.

    Raises:
        DamagedIndex: the file is no database, now or when something is looked for in it.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._db = sqlite3.connect(path, timeout=30)
        try:
            with self._readable():
                self._prepare()
        except BaseException:
            self._db.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def _prepare(self) -> None:
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        with self._db:
            self._db.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
            self._db.execute("CREATE TABLE IF NOT EXISTS tokens (key BLOB PRIMARY KEY, dim INTEGER, codes BLOB)")

    def encode_passages(
        self, encoder: Encoder, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None
    ) -> NDArray[np.float32]:
        """
        The encoder's vectors of the texts, (n, dim) float32 unit rows, computed only where they are missing.
        """
        keys = [_key(encoder.fingerprint, text) for text in texts]
        vectors = np.empty((len(texts), encoder.dim), dtype=np.float32)
        # By key, its places: a vector depends a little on what shares its batch, and equal texts must be equal.
        missing: dict[bytes, list[int]] = {}
        for i, key in enumerate(keys):
            if key in missing or (vector := self._vector(key, encoder.dim)) is None:
                missing.setdefault(key, []).append(i)
            else:
                vectors[i] = vector
        progress(len(texts) - len(missing))
        # Longest first over everything that is missing: batches of equal lengths, and the time left is honest.
        waiting = sorted(missing.items(), key=lambda item: -len(texts[item[1][0]]))
        for batch in (waiting[i : i + _BATCH] for i in range(0, len(waiting), _BATCH)):
            fresh = encoder.encode_passages([texts[places[0]] for _, places in batch], progress=progress)
            _check(encoder, fresh)
            for (_, places), vector in zip(batch, fresh, strict=True):
                vectors[places] = vector
            with self._db:
                self._keep_vectors(zip((key for key, _ in batch), fresh, strict=True))
        return vectors

    def encode_tokens(
        self, encoder: Encoder, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None
    ) -> list[Codes]:
        """
        The packed vectors of each text's tokens, (tokens, token_dim / 2), computed only where they are missing. The
        texts' own vectors come with them from the same run of the model, and are kept for `encode_passages`.
        """
        keys = [_key(encoder.token_fingerprint, text) for text in texts]
        known = {key: codes for key in keys if (codes := self._codes(key)) is not None}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        progress(len(texts) - len(missing))
        waiting = sorted(missing.items(), key=lambda item: -len(item[1]))
        for batch in (waiting[i : i + _BATCH] for i in range(0, len(waiting), _BATCH)):
            readings = encoder.read_passages([text for _, text in batch], progress=progress)
            _check(encoder, np.array([reading.vector for reading in readings]))
            packed = {key: pack(reading.tokens) for (key, _), reading in zip(batch, readings, strict=True)}
            with self._db:
                rows = ((key, codes.shape[1], codes.tobytes()) for key, codes in packed.items())
                self._db.executemany("INSERT OR REPLACE INTO tokens VALUES (?, ?, ?)", rows)
                own = (_key(encoder.fingerprint, text) for _, text in batch)
                self._keep_vectors((key, reading.vector) for key, reading in zip(own, readings, strict=True))
            known |= packed
        return [known[key] for key in keys]

    def _keep_vectors(self, rows: Iterable[tuple[bytes, NDArray[np.float32]]]) -> None:
        stored = ((key, vector.astype("<f4").tobytes()) for key, vector in rows)
        self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", stored)

    def _vector(self, key: bytes, dim: int) -> NDArray[np.float32] | None:
        with self._readable():
            row = self._db.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
            return None if row is None else np.frombuffer(row[0], dtype="<f4").reshape(dim)

    def _codes(self, key: bytes) -> Codes | None:
        with self._readable():
            row = self._db.execute("SELECT dim, codes FROM tokens WHERE key = ?", (key,)).fetchone()
            return None if row is None else np.frombuffer(row[1], np.uint8).reshape(-1, row[0])

    @contextmanager
    def _readable(self) -> Iterator[None]:
        """What is wrong with the file itself, as one DamagedIndex."""
        try:
            yield
        except sqlite3.OperationalError:
            raise  # the disk or the rights, not the file
        except (sqlite3.DatabaseError, ValueError, TypeError) as error:
            raise DamagedIndex(
                f"{self._path} keeps computed vectors, it cannot be read ({error}): remove it, and all are computed "
                "again"
            ) from error


def _check(encoder: Encoder, vectors: NDArray[np.float32]) -> None:
    """What is kept is never computed again: a fault of a processor or of a library must not be."""
    if not np.isfinite(vectors).all():
        raise ModelUnusable(
            f"a vector is made of numbers, {encoder.fingerprint} gave nan or infinity: choose another --encoder, or "
            "another --model"
        )


def _key(fingerprint: str, text: str) -> bytes:
    return hashlib.sha256(f"{fingerprint}\0{text}".encode()).digest()
