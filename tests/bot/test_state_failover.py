"""The proof: the primary of the state is lost with a bot process, the standby is promoted, and no question is."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bot.errors import StateUnreachableError
from bot.state_address import StateServer
from bot.storage.opening import open_state
from bot.storage.postgres.update_claims import UpdateClaims
from bot.storage.state import Person
from tests.bot.conftest import ADMIN
from tests.support.bot.crowd import Crowd
from tests.support.postgres_server import IS_INSTALLED, MISSING, PostgresServer, start_server, start_standby
from tests.support.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not IS_INSTALLED, reason=MISSING)]
PEOPLE = int(os.environ.get("TRICHDAN_CROWD", "12"))
STANDBYS = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"


@dataclass
class TwoServers:
    """A primary whose commits wait for its standby."""

    primary: PostgresServer
    standby: PostgresServer

    @property
    def address(self) -> StateServer:
        both = f"127.0.0.1:{self.primary.port},127.0.0.1:{self.standby.port}"
        return StateServer(f"postgresql://postgres@{both}/postgres")


@pytest.fixture
def servers() -> Iterator[TwoServers]:
    """Two servers of one test alone."""
    primary = start_server()
    found = TwoServers(primary, start_standby(primary))
    # After the backup: the standby, once promoted, has none of its own to wait for.
    primary.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
    primary.execute("SELECT pg_reload_conf()")
    until(lambda: primary.execute(STANDBYS) == [(1,)])
    yield found
    found.standby.stop()
    found.primary.stop()


def test_no_question_is_lost_with_the_primary(api, start, servers):
    """
    Both are killed with answers on their way, and questions are asked while nobody takes writes.

    In order within each chat; repeated is only what was on its way at the kills. Before that: what the standby does not
    confirm is not confirmed to Telegram either.
    """
    from bot.storage.postgres.patience import Patience  # which needs psycopg

    state = open_state(servers.address)
    for user in range(1000, 1000 + 2 * PEOPLE):
        state.add(Person(user, "staff", f"Người {user}"), ADMIN)
    servers.standby.interrupt()
    state.database._patience = Patience(0.5)
    claims = UpdateClaims(state, most=30)
    for _ in range(2):
        with pytest.raises(StateUnreachableError, match="none confirmed within"):
            claims.accept(1, "{}", chat=1, sender=1)
    servers.standby.start()
    confirmed = claims.accept(1, "{}", chat=1, sender=1)
    claims.settle([1])
    warnings = state.database.warnings()
    state.close()

    settings = {"state": servers.address.url, "LEASE": "8", "parallel": "1", "stop_seconds": "9"}
    processes = [start(**settings) for _ in range(3)]
    api.wait(lambda: len(api.sent("getMe")) == len(processes))
    api.wait(lambda: api.sent("getUpdates"))
    before, after = (Crowd(api, range(first, first + PEOPLE)) for first in (1000, 1000 + PEOPLE))
    before.ask()
    before.wait(0.3)
    servers.primary.kill()
    processes[0].send(signal.SIGKILL)
    processes[0].wait()
    killed = time.monotonic()
    after.ask()
    until(lambda: "answers now" in "".join(process.log() for process in processes))
    servers.standby.execute("SELECT pg_promote()")
    processes.append(start(**settings))
    before.wait()
    after.wait()
    api.wait(lambda: len(api.sent("getMe")) == len(processes))
    took = time.monotonic() - killed
    for process in processes[1:]:
        process.send(signal.SIGTERM)
    codes = [process.wait() for process in processes[1:]]

    print(f"answered {took:.1f} s after the kill; repeated {before.repeats()} {after.repeats()}")
    assert not confirmed.new
    assert warnings == []
    assert "commits in postgresql://" in processes[-1].log()  # of the promoted one, which waits for none
    assert codes == [0, 0, 0]
    assert before.in_order()
    assert after.in_order()
    assert set(before.repeats().values()) <= {1}
    assert after.repeats() == {}
