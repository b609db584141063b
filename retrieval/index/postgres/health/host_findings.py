"""
What the states of the hosts of an address mean for an operator.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from retrieval.index.place import Finding
from retrieval.index.postgres.health.host_state import HostState
from retrieval.index.postgres.server_check import version_numbers

_MOST_LAG: Final = 60.0  # seconds that a standby may be behind
_LOGGED: Final = (1, 2)  # the first pg_textsearch that writes a new index to the log, from which standbys live


def host_findings(states: Sequence[HostState]) -> Iterator[Finding]:
    """The findings of all hosts, then those of the hosts together."""
    for state in states:
        yield _host(state)
    answering = [state for state in states if state.answers]
    if answering:
        yield _primary(answering)
        yield from _replication(answering)
        yield from _logged(answering)
        yield _checksums(answering)
        yield _generation(answering)


def _host(state: HostState) -> Finding:
    name = f"host {state.host}"
    if not state.answers:
        text = (
            f"every host of the address answers, {state.host} does not ({state.server.fault}): start it, or take it "
            "out of the address"
        )
        return Finding(name, text, is_problem=True)
    role = "standby" if state.server.is_standby else "primary"
    extensions = ", ".join(f"{name} {version}" for name, version in state.extensions.items()) or "no extensions"
    return Finding(name, f"PostgreSQL {state.version}, {role}, {extensions}")


def _primary(answering: Sequence[HostState]) -> Finding:
    """Exactly one host takes writes; two would each go live with builds of their own."""
    primaries = [state.host for state in answering if not state.server.is_standby]
    if len(primaries) > 1:
        text = (
            f"one host of the address takes writes, {' and '.join(primaries)} do: stop at once the one that was "
            "replaced, and make it a standby anew"
        )
        return Finding("primary", text, is_problem=True)
    if not primaries:
        text = (
            "one host of the address takes writes, none that answers does: questions are answered, builds wait until a "
            "standby is promoted (SELECT pg_promote()) or the primary is back"
        )
        return Finding("primary", text, is_problem=True)
    return Finding("primary", primaries[0])


def _replication(answering: Sequence[HostState]) -> Iterator[Finding]:
    """How far each standby is behind."""
    written = max((state.position for state in answering if not state.server.is_standby), default=None)
    for state in answering:
        if state.server.is_standby:
            yield _lag(state, written)


def _lag(state: HostState, written: int | None) -> Finding:
    name, seconds = f"replication to {state.host}", state.server.lag
    behind = "" if written is None else f"{max(0, written - state.position):,} bytes and "
    if not state.is_receiving:
        text = (
            f"a standby receives what the primary writes, {state.host} is connected to none: look into its log, and "
            "if its primary was replaced, make it follow the new one (pg_rewind, or a new base backup)"
        )
        return Finding(name, text, is_problem=True)
    if seconds > _MOST_LAG:
        text = (
            f"a standby is at most {_MOST_LAG:.0f} s behind, {state.host} is {behind}{seconds:.0f} s: look for a long "
            "statement on it, and at the network between the two"
        )
        return Finding(name, text, is_problem=True)
    return Finding(name, f"{behind}{seconds:.1f} s behind")


def _logged(answering: Sequence[HostState]) -> Iterator[Finding]:
    """Whether the indexes that a build makes reach the standbys."""
    has_standby = any(state.server.is_standby or state.standbys for state in answering)
    for state in answering:
        version = state.extensions.get("pg_textsearch", "")
        if has_standby and version and version_numbers(version) < _LOGGED:
            text = (
                f"with a standby pg_textsearch is 1.2 or later, {state.host} has {version}, which does not log an "
                "index that is made, so that a standby cannot read it: install a later one on every host, ALTER "
                "EXTENSION pg_textsearch UPDATE, run `trichdan index --rebuild`; until then take a new base backup "
                "after each first build or rebuild"
            )
            yield Finding("pg_textsearch", text, is_problem=True)
            return


def _checksums(answering: Sequence[HostState]) -> Finding:
    without = [state.host for state in answering if state.data_checksums != "on"]
    if without:
        text = (
            f"a server notices damaged pages by data_checksums, {', '.join(without)} has them off: stop it, run "
            "pg_checksums --enable, and start it"
        )
        return Finding("data_checksums", text, is_problem=True)
    return Finding("data_checksums", "on")


def _generation(answering: Sequence[HostState]) -> Finding:
    """Whether all hosts answer from the same generation, which is the primary's."""
    first = next((state for state in answering if not state.server.is_standby), answering[0])
    live = first.server.live
    if not any(state.server.live for state in answering):
        return Finding("generation", "nothing was built here")
    others = [f"{state.host} has {state.server.live}" for state in answering if state.server.live != live]
    if others:
        text = (
            f"every host has the live generation, {first.host} has {live}, {', '.join(others)}: it comes with the "
            "replication, so run this again in a moment, and look at the replication if it stays"
        )
        return Finding("generation", text, is_problem=True)
    return Finding("generation", f"{live} live on {', '.join(state.host for state in answering)}")
