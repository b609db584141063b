"""
A container's health check: `python -m bot.health PORT`.

It reads the event loop's heartbeat: the port alone proves little, since metrics are served by their own thread.
"""

from __future__ import annotations

import http.client
import re
import sys
import time

_OLDEST = 30.0  # seconds; the loop beats twice a second
_BEAT = re.compile(r"^trichdan_beat_timestamp_seconds (\S+)$", re.MULTILINE)


def is_healthy(port: int, *, now: float) -> bool:
    """Whether the event loop ran within the last 30 seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/metrics")
        found = _BEAT.search(connection.getresponse().read().decode())
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return found is not None and now - float(found[1]) <= _OLDEST


if __name__ == "__main__":
    sys.exit(0 if is_healthy(int(sys.argv[1]), now=time.time()) else 1)
