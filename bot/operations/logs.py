"""
Log lines on standard error, with secrets redacted whichever library writes them.

httpx logs URLs that hold the token, and PTB quotes a rejected token; so the formatter removes it last.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import unquote

from pydantic import SecretStr

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_EXTRA_FIELDS = ("incident", "update")  # `extra` fields that the JSON format includes


class RedactingFormatter(logging.Formatter):
    """
    Formats a record with its traceback, replacing secrets by ***.

    Args:
        hidden: the secrets; of a token, the part after its colon is redacted too, and of a URL its password.
    """

    def __init__(self, *hidden: SecretStr) -> None:
        super().__init__(_FORMAT)
        wholes = [secret.get_secret_value() for secret in hidden]
        self._secrets = [part for whole in wholes for part in _parts(whole) if part]

    def format(self, record: logging.LogRecord) -> str:
        """One record as text."""
        return self.redact(super().format(record))

    def redact(self, line: str) -> str:
        """Replace each secret in a line by ***."""
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return line


def _parts(secret: str) -> tuple[str, ...]:
    """What of a secret no line may hold."""
    if "://" not in secret:
        return secret, secret.partition(":")[2]
    password = secret.partition("://")[2].rpartition("@")[0].partition(":")[2]
    return (secret, password, unquote(password)) if password else ()


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
            # Redacted before encoding: JSON may spell a secret differently.
            fields["traceback"] = self.redact(self.formatException(record.exc_info))
        return json.dumps(fields, ensure_ascii=False, default=str)


def set_up_logs(*hidden: SecretStr, form: Literal["text", "json"] = "text") -> None:
    """Log to standard error: the bot from INFO, libraries from WARNING."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter(*hidden) if form == "json" else RedactingFormatter(*hidden))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(logging.INFO)
