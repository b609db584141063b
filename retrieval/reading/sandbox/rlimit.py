"""
Resource limits that a process sets before reading an untrusted file.

A limit can only be lowered: a process that was started with a lower one keeps it.
"""

from __future__ import annotations

import resource


def lower_limit(kind: int, most: int) -> int:
    """Lower one of `resource`'s limits permanently; returns the effective limit."""
    _, hard = resource.getrlimit(kind)
    lowest = within(kind, most)
    if lowest != hard:
        resource.setrlimit(kind, (lowest, lowest))
    return lowest


def within(kind: int, most: int) -> int:
    """`most`, capped by the hard limit."""
    _, hard = resource.getrlimit(kind)
    return most if hard == resource.RLIM_INFINITY else min(most, hard)
