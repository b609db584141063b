"""
One of several processes that answer the updates of a state: writes the number of each into a file, and settles it.

Use: python -m tests.support.bot.claiming_process URL FILE. It ends when nothing is left.
"""

from __future__ import annotations

import os
import sys
import time

from bot.state_address import StateServer
from bot.storage.opening import open_state
from bot.storage.postgres.update_claims import UpdateClaims

LEASE = 1.0
AT_ONCE = 3


def main(url: str, file: str) -> None:
    state = open_state(StateServer(url))
    claims = UpdateClaims(state, most=1000, lease=LEASE)
    answers = os.open(file, os.O_WRONLY | os.O_APPEND)
    while state.database.run("SELECT 1 FROM updates WHERE payload IS NOT NULL LIMIT 1"):
        claimed = claims.claim(AT_ONCE)
        for update_id, _ in claimed:
            os.write(answers, f"{claims.owner} {update_id}\n".encode())
            time.sleep(0.002)
            claims.settle([update_id])
        if not claimed:
            time.sleep(0.02)
    state.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
