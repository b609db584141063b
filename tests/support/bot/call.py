"""
A Bot API call as it comes over HTTP, and the faults it may meet.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from email.parser import BytesParser
from typing import Any
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Call:
    """One request: the method, its parameters (JSON ones decoded), files by name, and when it came."""

    method: str
    parameters: dict[str, Any]
    files: dict[str, bytes]
    at: float


@dataclass(frozen=True)
class Fault:
    """What a call meets instead of an answer; "cut" closes the connection, a delay comes first."""

    status: int = 200
    description: str = ""
    retry_after: int | None = None
    delay: float = 0.0
    cut: bool = False
    done: bool = False  # whether the call takes effect before the answer is lost
    chat: int | None = None  # only calls for this chat


def refused(status: int, description: str, retry_after: int | None = None) -> dict[str, Any]:
    """The body of an error."""
    more = {"parameters": {"retry_after": retry_after}} if retry_after else {}
    return {"ok": False, "error_code": status, "description": description or "Internal Server Error", **more}


def decoded(body: bytes, kind: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Form fields, decoded where they hold JSON, and uploaded files."""
    if not kind.startswith("multipart/"):
        return {name: _json(value) for name, value in parse_qsl(body.decode(), keep_blank_values=True)}, {}
    message = BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    fields: dict[str, Any] = {}
    files: dict[str, bytes] = {}
    for part in message.get_payload():
        data = part.get_payload(decode=True)
        if part.get_filename():
            files[part.get_filename()] = data
        else:
            fields[part.get_param("name", header="content-disposition")] = _json(data.decode())
    return fields, files


def _json(value: str) -> Any:
    if value[:1] not in "{[-0123456789":
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
