"""
A Bot API server on loopback: real HTTP, the documented responses, and faults on demand.

A test queues updates, reads what was sent, and scripts what the next calls of a method meet. Markup is parsed by
Telegram's own TDLib (`tdjson`), so its error texts are the real ones.
"""

from __future__ import annotations

import itertools
import json
import socket
import threading
import time
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import unquote

from tests.support.bot import inline_rules, rules
from tests.support.bot.call import Call, Fault, decoded, refused
from tests.support.bot.deliveries import Deliveries
from tests.support.bot.markup import content
from tests.support.waiting import PATIENCE

TOKEN = "7812345678:AAHloopbackloopbackloopbackloopback"  # noqa: S105 - known to this server alone
GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)
BOT = {
    "id": 7812345678,
    "is_bot": True,
    "first_name": "Trích Dẫn",
    "username": "trichdan_test_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}


@dataclass
class BotApi:
    """The server; use as a context manager."""

    calls: list[Call] = field(default_factory=list)
    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    updates: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[tuple[str, str]] = field(default_factory=list)  # what broke a rule: the method, and which
    confirmed: int = 0  # the highest offset of getUpdates so far
    token: str = TOKEN
    inline: bool = False  # whether @BotFather was sent /setinline
    open_queries: set[str] = field(default_factory=set)  # inline queries that may still be answered, each once
    documents: dict[str, bytes] = field(default_factory=dict)  # what getFile knows, by file_id
    down: set[str] = field(default_factory=set)  # methods whose connections are cut until they are taken out again
    cut: Counter[str] = field(default_factory=Counter)  # how often that was so
    webhook: Deliveries = field(default_factory=Deliveries)

    def __post_init__(self) -> None:
        self._changed = threading.Condition()
        self._update_ids = itertools.count(1000)
        self._message_ids = itertools.count(1)
        self._markups: dict[tuple[int, int], Any] = {}  # of the messages that the bot sent, as they are now
        self._contents: dict[tuple[int, int], dict[str, Any]] = {}  # their texts
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

    def hand_in(self, data: bytes, name: str | None, user: int = 412, **document: Any) -> int:
        """Queues a message with a document; gives the message's id."""
        file = f"F{len(self.documents)}"
        self.documents[file] = data
        named = {"file_name": name} if name is not None else {}
        sent = {"file_id": file, "file_unique_id": file, "file_size": len(data), **named, **document}
        return self.say("", user, document=sent)

    def press(self, data: str, message: dict[str, Any], user: int = 412) -> int:
        """Queues the press of a button under a message that the bot sent."""
        query = {"id": f"q{time.monotonic_ns()}", "from": person(user), "chat_instance": "1", "data": data}
        return self.push(callback_query={**query, "message": message})

    def type_inline(self, text: str, user: int = 412, chat_type: str = "private") -> str:
        """Queues what a user types behind the bot's name; the query's id."""
        query_id = str(time.monotonic_ns())
        self.open_queries.add(query_id)
        self.push(
            inline_query={"id": query_id, "from": person(user), "query": text, "offset": "", "chat_type": chat_type}
        )
        return query_id

    def fail(self, method: str, *faults: Fault) -> None:
        """The next calls of a method meet these, one each."""
        with self._changed:
            self.faults[method].extend(faults)

    def sent(self, method: str = "sendMessage", chat: int | None = None) -> list[Call]:
        """The calls of a method that took effect, in order."""
        with self._changed:
            return [c for c in self.calls if c.method == method and chat in {None, c.parameters.get("chat_id")}]

    def wait(self, condition: Any, seconds: float = PATIENCE) -> Any:
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

    def wait_sent(
        self, count: int = 1, method: str = "sendMessage", chat: int | None = None, seconds: float = PATIENCE
    ) -> list[Call]:
        """Waits until so many calls of a method took effect."""
        return list(self.wait(lambda: len(found := self.sent(method, chat)) >= count and found, seconds))

    def message_of(self, call: Call, chat: int | None = None) -> dict[str, Any]:
        """The message that a call made, as the bot would be given it with a button or a reply."""
        made = self._message(chat or call.parameters["chat_id"])
        number = call.parameters["_message_id"]
        markup = self._markups.get((call.parameters["chat_id"], number))
        said = self._contents.get((call.parameters["chat_id"], number), {"text": "…"})
        shown = {"reply_markup": markup} if markup and "inline_keyboard" in markup else {}  # Bot API, "Message"
        return {**made, "message_id": number, "from": BOT, **said, **shown}

    def answer(self, call: Call) -> tuple[int, dict[str, Any]] | None:
        """What a request is answered with; None cuts the connection."""
        if call.method in self.down:
            with self._changed:
                self.cut[call.method] += 1
                self._changed.notify_all()
            return None
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
        problem = self._inline_problem(call) if call.method == "answerInlineQuery" else rules.problem(call)
        problem = problem or self._unmodified(call) or self._no_file(call)
        if problem:
            with self._changed:
                self.refusals.append((call.method, problem))
                self._changed.notify_all()
            return 400, refused(400, f"Bad Request: {problem}")
        result: Any = True
        if call.method in {"setWebhook", "deleteWebhook", "getWebhookInfo"}:
            result = self.webhook.perform(self, call.method, call.parameters)
        elif call.method == "getMe":
            result = {**BOT, "supports_inline_queries": self.inline}
        elif call.method == "copyMessage":
            result = {"message_id": next(self._message_ids)}
        elif call.method in {"sendMessage", "sendDocument", "sendPhoto", "editMessageText", "editMessageReplyMarkup"}:
            chat, made = call.parameters["chat_id"], call.parameters.get("message_id")
            result = {**self._message(chat), "from": BOT, "text": "…"}
            result["message_id"] = call.parameters["_message_id"] = made or result["message_id"]
            if "text" in call.parameters:
                self._contents[chat, result["message_id"]] = _content(call)
            result |= self._contents.get((chat, result["message_id"]), {})
            self._markups[chat, result["message_id"]] = call.parameters.get("reply_markup")
        elif call.method == "getChat":
            chat = self._message(int(call.parameters["chat_id"]))["chat"]
            result = {**chat, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": GIFTS}
        elif call.method == "getFile":
            file = call.parameters["file_id"]
            result = {"file_id": file, "file_unique_id": file, "file_path": f"documents/{file}"}
        with self._changed:
            self.calls.append(call)
            self._changed.notify_all()
        return 200, {"ok": True, "result": result}

    def _inline_problem(self, call: Call) -> str:
        with self._changed:
            problem = inline_rules.problem(call.parameters, self.open_queries)
            if not problem:
                self.open_queries.discard(str(call.parameters["inline_query_id"]))
            return problem

    def _wanted(self, call: Call) -> list[dict[str, Any]]:
        """The updates for a call: inline queries only where it is on and asked for."""
        wants_inline = self.inline and "inline_query" in (call.parameters.get("allowed_updates") or ())
        return [update for update in self.updates if wants_inline or "inline_query" not in update]

    def _unmodified(self, call: Call) -> str:
        """The real server refuses an edit that would change nothing."""
        given = call.parameters
        if call.method != "editMessageReplyMarkup" or self._markups.get(
            (given["chat_id"], given["message_id"]), {}
        ) != given.get("reply_markup"):
            return ""
        return (
            "message is not modified: specified new message content and reply markup are exactly the same as a current "
            "content and reply markup of the message"
        )

    def _no_file(self, call: Call) -> str:
        """What the real server says of a file that it does not give: Bot API, "getFile"."""
        if call.method != "getFile":
            return ""
        data = self.documents.get(call.parameters["file_id"])
        if data is None:
            return "wrong file_id or the file is temporarily unavailable"
        return "file is too big" if len(data) > 20 * 1024 * 1024 else ""

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
            self._changed.wait_for(lambda: self._wanted(call) or self._polls != mine or self._closing, seconds)
            if self._polls != mine:
                text = (
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
                )
                return 409, refused(409, text)
            return 200, {"ok": True, "result": self._wanted(call)[:100]}

    def _message(self, chat: int) -> dict[str, Any]:
        kind = {"type": "supergroup", "title": "Nhóm"} if chat < 0 else {"type": "private", "first_name": "A"}
        return {"message_id": next(self._message_ids), "date": int(time.time()), "chat": {"id": chat, **kind}}


def person(user: int, language: str = "vi") -> dict[str, Any]:
    """A user as updates describe one."""
    return {"id": user, "is_bot": False, "first_name": f"Người {user}", "language_code": language}


def _content(call: Call) -> dict[str, Any]:
    return content(call.parameters["text"], html=call.parameters.get("parse_mode") == "HTML")


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Ignore broken connections, which a killed bot leaves behind."""


class _Handler(BaseHTTPRequestHandler):
    api: BotApi
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        token, _, method = self.path.removeprefix("/bot").partition("/")
        if token != self.api.token:
            self._reply(401, refused(401, "Unauthorized"))
            return
        parameters, files = decoded(body, self.headers.get("Content-Type", ""))
        answer = self.api.answer(Call(method, parameters, files, time.monotonic()))
        if answer is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._reply(*answer)

    def do_GET(self) -> None:
        """The download of a file: its path from getFile follows the token."""
        if not self.path.startswith("/file/"):
            self.do_POST()
            return
        token, _, path = unquote(self.path).removeprefix("/file/bot").partition("/")
        data = self.api.documents.get(path.removeprefix("documents/"))
        if token != self.api.token or data is None:
            self._reply(404, refused(404, "Not Found"))
        else:
            self._reply(200, data)

    def _reply(self, status: int, body: dict[str, Any] | bytes) -> None:
        data, kind = (body, "octet-stream") if isinstance(body, bytes) else (json.dumps(body).encode(), "json")
        try:
            self.send_response(status)
            self.send_header("Content-Type", f"application/{kind}")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except OSError:  # the bot was killed, or did not want to wait
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is BaseHTTPRequestHandler's
        """Nothing is printed."""
