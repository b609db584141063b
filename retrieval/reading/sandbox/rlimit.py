"""
A limit that a process sets itself before it looks at somebody's file.

A limit can only be lowered: a process that was started with a lower one keeps that.
"""

from __future__ import annotations

import resource


def lower_limit(kind: int, most: int) -> int:
    """Lowers one of `resource`'s limits for good; the limit that holds now."""
    _, hard = resource.getrlimit(kind)
    lowest = within(kind, most)
    if lowest != hard:
        resource.setrlimit(kind, (lowest, lowest))
    return lowest


def within(kind: int, most: int) -> int:
    """As much of `most` as the hard limit leaves."""
    _, hard = resource.getrlimit(kind)
    return most if hard == resource.RLIM_INFINITY else min(most, hard)
