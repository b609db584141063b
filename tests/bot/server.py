"""
A Bot API server on loopback, as far as the bot uses one: real HTTP, the documented answers, and failures on demand.

A test queues updates, reads what was sent, and scripts what the next calls of a method meet. Markup is parsed by
Telegram's own TDLib (`tdjson`), so its error texts are the real ones.
"""

from __future__ import annotations

import itertools
import json
import socket
import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl

from tests.bot.deliveries import Deliveries
from tests.bot.markup import MarkupError, parse

TOKEN = "7812345678:AAHloopbackloopbackloopbackloopback"  # noqa: S105 - known to this server alone
BOT = {
    "id": 7812345678,
    "is_bot": True,
    "first_name": "Trích Dẫn",
    "username": "trichdan_test_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}


@dataclass(frozen=True)
class Call:
    """One request: the method, its parameters (JSON ones decoded), files by name, and when it came."""

    method: str
    parameters: dict[str, Any]
    files: dict[str, bytes]
    at: float


@dataclass(frozen=True)
class Fault:
    """What a call meets instead of an answer; "cut" closes the connection, a delay comes before anything else."""

    status: int = 200
    description: str = ""
    retry_after: int | None = None
    delay: float = 0.0
    cut: bool = False
    done: bool = False  # whether the call takes effect before the answer is lost
    chat: int | None = None  # only calls for this chat


@dataclass
class BotApi:
    """The server; use as a context manager."""

    calls: list[Call] = field(default_factory=list)
    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    updates: list[dict[str, Any]] = field(default_factory=list)
    confirmed: int = 0  # the highest offset of getUpdates so far
    token: str = TOKEN
    webhook: Deliveries = field(default_factory=Deliveries)

    def __post_init__(self) -> None:
        self._changed = threading.Condition()
        self._update_ids = itertools.count(1000)
        self._message_ids = itertools.count(1)
        self._polls = 0
        self._closing = False
        self._http = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"api": self}))
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self.webhook.end()
        self._http.shutdown()
        self._http.server_close()

    def push(self, **update: Any) -> int:
        """Queues an update, such as `message={...}`, and gives its id."""
        with self._changed:
            update_id = next(self._update_ids)
            self.updates.append({"update_id": update_id, **update})
            self._changed.notify_all()
        return update_id

    def forget(self, update_id: int) -> None:
        """A delivery was confirmed."""
        with self._changed:
            self.updates = [update for update in self.updates if update["update_id"] != update_id]
            self._changed.notify_all()

    def say(self, text: str, user: int = 412, chat: int | None = None, **message: Any) -> int:
        """Queues a message of a user in their own chat, or in a group; gives the message's id."""
        body = {**self._message(user if chat is None else chat), "from": person(user), "text": text, **message}
        if text.startswith("/"):
            body.setdefault(
                "entities", [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
            )
        if text == "":
            del body["text"]
        self.push(message=body)
        return int(body["message_id"])

    def press(self, data: str, message: dict[str, Any], user: int = 412) -> int:
        """Queues the press of a button under a message that the bot sent."""
        query = {"id": f"q{time.monotonic_ns()}", "from": person(user), "chat_instance": "1", "data": data}
        return self.push(callback_query={**query, "message": message})

    def fail(self, method: str, *faults: Fault) -> None:
        """The next calls of a method meet these, one each."""
        with self._changed:
            self.faults[method].extend(faults)

    def sent(self, method: str = "sendMessage", chat: int | None = None) -> list[Call]:
        """The calls of a method that took effect, in order."""
        with self._changed:
            return [c for c in self.calls if c.method == method and chat in {None, c.parameters.get("chat_id")}]

    def wait(self, condition: Any, seconds: float = 40.0) -> Any:
        """The first true value of a condition; checked whenever something happens on the server."""
        end = time.monotonic() + seconds
        with self._changed:
            while not (value := condition()):
                left = end - time.monotonic()
                if left <= 0:
                    told = [(c.method, str(c.parameters)[:200]) for c in self.calls[-8:]]
                    raise AssertionError(f"not within {seconds} s; the last calls were {told}")
                self._changed.wait(min(left, 0.5))
        return value

    def wait_sent(self, count: int = 1, method: str = "sendMessage", chat: int | None = None) -> list[Call]:
        """Waits until so many calls of a method took effect."""
        return list(self.wait(lambda: len(found := self.sent(method, chat)) >= count and found))

    def message_of(self, call: Call, chat: int | None = None) -> dict[str, Any]:
        """The message that a call made, as the bot would be given it with a button or a reply."""
        made = self._message(chat or call.parameters["chat_id"])
        return {**made, "message_id": call.parameters["_message_id"], "from": BOT, "text": "…"}

    def answer(self, call: Call) -> tuple[int, dict[str, Any]] | None:
        """What a request is answered with; None cuts the connection."""
        fault = self._fault(call)
        if fault and fault.delay:
            time.sleep(fault.delay)
        if fault is None or fault.done or (fault.status == 200 and not fault.cut):
            status, body = self._perform(call)
        else:
            status, body = fault.status, refused(fault.status, fault.description, fault.retry_after)
        return None if fault and fault.cut else (status, body)

    def _fault(self, call: Call) -> Fault | None:
        with self._changed:
            waiting = self.faults.get(call.method)
            if not waiting or waiting[0].chat not in {None, call.parameters.get("chat_id")}:
                return None
            return waiting.popleft()

    def _perform(self, call: Call) -> tuple[int, dict[str, Any]]:
        if call.method == "getUpdates":
            return self._get_updates(call)
        problem = _problem(call)
        if problem:
            return 400, refused(400, f"Bad Request: {problem}")
        result: Any = True
        if call.method in {"setWebhook", "deleteWebhook", "getWebhookInfo"}:
            result = self.webhook.perform(self, call.method, call.parameters)
        elif call.method == "getMe":
            result = BOT
        elif call.method in {"sendMessage", "sendDocument", "editMessageText", "editMessageReplyMarkup"}:
            chat, made = call.parameters["chat_id"], call.parameters.get("message_id")
            result = {**self._message(chat), "from": BOT, "text": call.parameters.get("text", "…")}
            result["message_id"] = call.parameters["_message_id"] = made or result["message_id"]
        elif call.method == "getFile":
            result = {"file_id": call.parameters["file_id"], "file_unique_id": "u", "file_path": "documents/file.txt"}
        with self._changed:
            self.calls.append(call)
            self._changed.notify_all()
        return 200, {"ok": True, "result": result}

    def _get_updates(self, call: Call) -> tuple[int, dict[str, Any]]:
        """An offset forgets every update before it; a newer call ends an older one with 409."""
        if self.webhook.url:
            return 409, refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete it first",
            )
        offset, seconds = int(call.parameters.get("offset", 0)), float(call.parameters.get("timeout", 0))
        with self._changed:
            self._polls += 1
            mine = self._polls
            self.confirmed = max(self.confirmed, offset)
            self.updates = [update for update in self.updates if update["update_id"] >= offset]
            self.calls.append(call)
            self._changed.notify_all()
            self._changed.wait_for(lambda: self.updates or self._polls != mine or self._closing, seconds)
            if self._polls != mine:
                text = (
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
                )
                return 409, refused(409, text)
            return 200, {"ok": True, "result": self.updates[:100]}

    def _message(self, chat: int) -> dict[str, Any]:
        kind = {"type": "supergroup", "title": "Nhóm"} if chat < 0 else {"type": "private", "first_name": "A"}
        return {"message_id": next(self._message_ids), "date": int(time.time()), "chat": {"id": chat, **kind}}


def person(user: int, language: str = "vi") -> dict[str, Any]:
    """A user as updates describe one."""
    return {"id": user, "is_bot": False, "first_name": f"Người {user}", "language_code": language}


def refused(status: int, description: str, retry_after: int | None = None) -> dict[str, Any]:
    """The body of an error."""
    more = {"parameters": {"retry_after": retry_after}} if retry_after else {}
    return {"ok": False, "error_code": status, "description": description or "Internal Server Error", **more}


def _problem(call: Call) -> str:
    """What the real server would refuse in a message, in its words."""
    given = call.parameters
    rows = (given.get("reply_markup") or {}).get("inline_keyboard", [])
    if any(len(button.get("callback_data", "").encode()) > 64 for row in rows for button in row):
        return "BUTTON_DATA_INVALID"
    if call.method not in {"sendMessage", "editMessageText"}:
        return ""
    text = given.get("text", "")
    if given.get("parse_mode") == "HTML":
        try:
            text = parse(text).text
        except MarkupError as error:
            return str(error).replace("Can't parse", "can't parse", 1)
    if not text.strip():
        return "message text is empty"
    return "message is too long" if len(text.encode("utf-16-le")) // 2 > 4096 else ""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A bot that was killed leaves broken connections, which are no fault of the server's."""


class _Handler(BaseHTTPRequestHandler):
    api: BotApi
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        token, _, method = self.path.removeprefix("/bot").partition("/")
        if token != self.api.token:
            self._reply(401, refused(401, "Unauthorized"))
            return
        parameters, files = _decoded(body, self.headers.get("Content-Type", ""))
        answer = self.api.answer(Call(method, parameters, files, time.monotonic()))
        if answer is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._reply(*answer)

    do_GET = do_POST  # noqa: N815 - the name is BaseHTTPRequestHandler's

    def _reply(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except OSError:  # the bot was killed, or did not want to wait
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is BaseHTTPRequestHandler's
        """Nothing is printed."""


def _decoded(body: bytes, kind: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Form fields, of which those that are JSON are decoded, and uploaded files."""
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
