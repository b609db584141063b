"""
Loads the cross-encoder beside the model of the index, and asks it once for each question.
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from embeddings import EmbeddingError, load_cross_encoder
from retrieval.ranking.answerability.answerability import PairJudge, answer_log_odds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embeddings import LoadOptions
    from retrieval.index.contract import Rarity
    from retrieval.question.query import Query

_LOGGER = logging.getLogger(__name__)


class AnswerJudge:
    """
    Judges whether passages answer, by a cross-encoder that is loaded in the background; thread-safe.

    Args:
        judge: instead of the shipped one; None together with no `options` judges nothing.
        options: how the shipped one is run, None not to load it.
    """

    def __init__(self, judge: PairJudge | None, options: LoadOptions | None) -> None:
        self._options = options if options is not None and options.cross_encoder else None
        self._lock = threading.Lock()
        self._loading: Future[PairJudge | None] | None = None
        if judge is not None:
            self._loading = Future()
            self._loading.set_result(judge)

    def start(self) -> None:
        """Begin to load, if that has not begun: a question is understood and searched meanwhile."""
        if self._options is None:
            return
        with self._lock:
            if self._loading is None:
                thread = ThreadPoolExecutor(1)
                self._loading = thread.submit(_load, self._options)
                thread.shutdown(wait=False)

    def warm_up(self) -> None:
        """Wait until it is loaded."""
        self.start()
        if self._loading:
            self._loading.result()

    def log_odds(self, query: Query, rarity: Rarity, passages: Sequence[str]) -> float | None:
        """The highest log odds that one of these texts answers; None where that is not judged."""
        self.start()
        judge = self._loading.result() if self._loading else None
        return None if judge is None else answer_log_odds(judge, query, rarity, passages)


def _load(options: LoadOptions) -> PairJudge | None:
    """The cross-encoder; None, and a warning, where it cannot be had: the confidence does without it."""
    try:
        return load_cross_encoder(options.engine)
    except EmbeddingError as error:
        _LOGGER.warning("answers are judged without the cross-encoder: %s", error)
        return None
