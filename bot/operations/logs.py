"""
Logs: lines on standard error that never hold a secret, whichever library writes them.

httpx puts the token's URL into its messages, and PTB's refusal of a token quotes it; so the last step before a line
is written takes it out.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Literal

from pydantic import SecretStr

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_EXTRA_FIELDS = ("incident", "update")  # what a record may carry as `extra`


class RedactingFormatter(logging.Formatter):
    """
    Formats a record with its traceback, and writes *** where a secret stood.

    Args:
        hidden: the token, and whatever else is not to be read; of a token also the part behind its colon.
    """

    def __init__(self, *hidden: SecretStr) -> None:
        super().__init__(_FORMAT)
        wholes = [secret.get_secret_value() for secret in hidden]
        self._secrets = [part for whole in wholes for part in (whole, whole.partition(":")[2]) if part]

    def format(self, record: logging.LogRecord) -> str:
        """One record as text."""
        return self.redact(super().format(record))

    def redact(self, line: str) -> str:
        """The line, *** in the place of each secret."""
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return line


class JsonFormatter(RedactingFormatter):
    """Formats a record as one JSON object on one line, for programs that collect logs."""

    def format(self, record: logging.LogRecord) -> str:
        """One record as JSON."""
        fields: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self.redact(record.getMessage()),
        }
        fields |= {name: value for name in _EXTRA_FIELDS if (value := getattr(record, name, None)) is not None}
        if record.exc_info:
            # Cleaned before it is encoded: within JSON a secret may be spelt otherwise.
            fields["traceback"] = self.redact(self.formatException(record.exc_info))
        return json.dumps(fields, ensure_ascii=False, default=str)


def set_up_logs(*hidden: SecretStr, form: Literal["text", "json"] = "text") -> None:
    """Sends every log line to standard error; libraries are heard only when something is wrong."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter(*hidden) if form == "json" else RedactingFormatter(*hidden))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(logging.INFO)
