"""Concurrent calls are served as one batch, and each gets its own results."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from embeddings.batcher import Batcher
from tests.support.waiting import PATIENCE, until


class Doubling:
    """Doubles numbers, the first batch only when allowed to; records the batches."""

    def __init__(self):
        self.batches = []
        self.began, self.go_on = threading.Event(), threading.Event()

    def __call__(self, numbers):
        self.batches.append(list(numbers))
        self.began.set()
        assert self.go_on.wait(PATIENCE)
        if 13 in numbers:
            raise ValueError("13")
        return [2 * number for number in numbers]


def gathered(batcher, work, numbers):
    """The futures of one call that is under way and of all others, which have gathered behind it."""
    pool = ThreadPoolExecutor(len(numbers) + 1)
    first = pool.submit(batcher, [0])
    assert work.began.wait(PATIENCE)
    others = [pool.submit(batcher, [number]) for number in numbers]
    until(lambda: len(batcher._waiting) >= len(numbers))
    work.go_on.set()
    pool.shutdown()
    return [first, *others]


def test_one_who_comes_alone_is_served_alone():
    """
    A lone caller does not wait for others.
    """
    work = Doubling()
    work.go_on.set()

    assert Batcher(work)([1, 2]) == [2, 4]
    assert work.batches == [[1, 2]]


def test_those_who_come_while_it_is_busy_are_served_together():
    """
    However many wait, one batch serves them, and each result goes to the one who asked for it.
    """
    work = Doubling()

    futures = gathered(Batcher(work), work, list(range(1, 9)))

    assert [future.result() for future in futures] == [[2 * number] for number in range(9)]
    assert [len(batch) for batch in work.batches] == [1, 8]


def test_a_failure_reaches_all_of_its_batch_and_nobody_else():
    """
    A failure reaches every caller of its batch, and no other batch.
    """
    work = Doubling()
    batcher = Batcher(work)

    first, *others = gathered(batcher, work, [13, 1])

    assert first.result() == [0]
    for future in others:
        with pytest.raises(ValueError, match="13"):
            future.result()
    assert batcher([1]) == [2]
