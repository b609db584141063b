"""
Logs: lines on standard error that never hold the token, whichever library writes them.

httpx puts the token's URL into its messages, and PTB's refusal of a token quotes it; so the last step before a line
is written takes it out.
"""

from __future__ import annotations

import logging

from pydantic import SecretStr

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class TokenlessFormatter(logging.Formatter):
    """Formats a record with its traceback, and writes *** where the token stood."""

    def __init__(self, token: SecretStr) -> None:
        super().__init__(_FORMAT)
        whole = token.get_secret_value()
        self._secrets = [part for part in (whole, whole.partition(":")[2]) if part]

    def format(self, record: logging.LogRecord) -> str:
        """One record as text."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return line


def set_up_logs(token: SecretStr) -> None:
    """Sends every log line to standard error; libraries are heard only when something is wrong."""
    handler = logging.StreamHandler()
    handler.setFormatter(TokenlessFormatter(token))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(logging.INFO)
