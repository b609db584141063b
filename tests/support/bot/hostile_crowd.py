"""
Hostile updates that are well formed: everybody does everything that they may not, and some things that they may.

Strangers, staff and administrators, in private, in open and closed groups and inline: commands with odd arguments,
forged buttons and those of others' messages, forwarded contacts, replies to what others were told, edits, files.
"""

from __future__ import annotations

import random
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from bot.messages.vi import VI
from tests.bot.conftest import ADMIN, GROUP
from tests.support.bot.call import Call
from tests.support.bot.server import BOT, person

CLOSED_GROUP = -2002
STAFF = tuple(range(100, 200))
STRANGERS = tuple(range(5_000, 6_000))
OPEN_DOCUMENT = "Quy chế nộp báo cáo\n\nBáo cáo quý được nộp trước ngày 15 của tháng đầu quý sau, mã hiệu Tavrida-3.\n"
CLOSED_DOCUMENT = (
    "Danh sách trạm Zarubin-7\n\nMật danh của trạm thứ hai là Zarubin-7.\n\n"
    "Trạm thứ hai của Zarubin-7 có 41 người.\n\nĐội trưởng Zarubin-7 ký danh sách ngày 12/03/2024.\n"
)
CLOSED = "Zarubin"  # in every paragraph, title and name of a closed document, and in no update
OPEN = "Tavrida"  # in the open document
_QUESTIONS = (
    "Mật danh của trạm thứ hai là gì?", "Trạm thứ hai có bao nhiêu người?", "Ai ký danh sách trạm?", "khi nào?",
    "Báo cáo quý nộp trước ngày nào?", "bao cao quy nop ngay nao", "gửi tôi tệp danh sách trạm", "còn đội trưởng?",
    "tài liệu nào nói về trạm", "tl danh sách", "ở đâu? ai ký? bao nhiêu người? là gì? khi nào? còn gì nữa?",
    "xin chào", "cảm ơn", "/", "</b><b>", "%s{0}{user}", "\u202e\u0000", "𝕏" * 1500, "ế" * 2100, " ",
    "who what which " * 100, "1/a1/a1/" * 250, "' OR 1=1 --", "🙂" * 300, "a" * 4096,
)  # fmt: skip
_ARGUMENTS = ("", "quantri", "77", "-1", "9" * 30, "0", "A" * 64, "inline", "x y z", "Người", "400", "\u0000", "<b>")
_FORGED = (
    "c:{id}:0:0", "d:{id}:0:0", "e:{id}:1:1", "m:{id}:2:0", "o:{id}:0:-1", "p:{id}:0:0", "v:{id}:9:9", "w:{id}:0:0",
    "s:{id}:0:1", "s:{number}", "l:{number}", "r:{id}:up", "r:{id}:down:wrong", "f:yes", "f:no", "f:yes:{user}",
    "p:{user}:Ai đó", "u:{id}:a:mat", "u:{id}:r:", "u:{id}:f:..", "rq:y:{user}:b1", "rq:n1:{user}:p0", "ul:0:", "al:0",
    "al:999999", "td:l:0", "td:x:1", "td:v:1", "td:u:{id}", "gr:open:-2002", "gr:close:-1001", "bc:y:1", "a:{number}:0",
    "a:{number}:no", "h:{id}", "ht:a:{id}:0", "", "x" * 64, "\u0000", "f:yes:", "d:::", "::::",
)  # fmt: skip


@dataclass
class HostileCrowd:
    """Makes updates by a seed, and replays what the bot itself sent."""

    seed: int
    kinds: Counter[str] = field(default_factory=Counter)
    seen: deque[tuple[dict[str, Any], list[str]]] = field(default_factory=lambda: deque(maxlen=400))

    def __post_init__(self) -> None:
        self._draw = random.Random(self.seed)  # noqa: S311 - a repeatable sample

    def overhear(self, calls: list[Call]) -> None:
        """Remember messages and buttons that the bot sent, whoever they were for."""
        for call in calls:
            markup = call.parameters.get("reply_markup")
            rows = markup.get("inline_keyboard", []) if isinstance(markup, dict) else []
            data = [each["callback_data"] for row in rows for each in row if "callback_data" in each]
            number, chat = call.parameters.get("_message_id"), call.parameters.get("chat_id")
            if number and isinstance(chat, int):
                self.seen.append(({"message_id": number, "date": 1, "chat": _chat(chat)}, data))

    def update(self, number: int) -> dict[str, Any]:
        """One update without its id; `number` makes ids of messages."""
        draw = self._draw
        user = draw.choices((draw.choice(STRANGERS), draw.choice(STAFF), ADMIN), (6, 3, 0.3))[0]
        chat = draw.choices((user, GROUP, CLOSED_GROUP), (7, 2, 1))[0]
        kind = draw.choices(("message", "press", "inline", "edit", "form"), (5, 4, 1, 1, 2))[0]
        self.kinds[
            f"{kind} of {'an administrator' if user == ADMIN else 'staff' if user in STAFF else 'a stranger'}"
        ] += 1
        if kind == "press":
            return {"callback_query": self._press(user, chat, number)}
        if kind == "inline":
            typed = draw.choice(_QUESTIONS)[:256]
            return {"inline_query": {"id": str(number), "from": person(user), "query": typed, "offset": ""}}
        message = self._message(user, chat, number)
        if kind == "form":
            message |= self._form(user)
        return {"edited_message" if kind == "edit" else "message": message}

    def _message(self, user: int, chat: int, number: int) -> dict[str, Any]:
        draw, text = self._draw, self._text()
        message = {"message_id": number, "date": 1_700_000_000, "chat": _chat(chat), "from": person(user), "text": text}
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(" ")[0])}]
        if chat < 0 and draw.random() < 0.8:
            mention = "@trichdan_test_bot"
            message |= {
                "text": f"{mention} {text}"[:4096],
                "entities": [{"type": "mention", "offset": 0, "length": len(mention)}],
            }
        if self.seen and draw.random() < 0.3:
            replied, _ = draw.choice(self.seen)
            message["reply_to_message"] = {**replied, "chat": _chat(chat), "from": BOT, "text": "…"}
        return message

    def _text(self) -> str:
        draw = self._draw
        commands = [name for name, _ in (*VI.commands, *VI.admin_commands)]
        if draw.random() < 0.4:
            return f"/{draw.choice(commands)} {draw.choice(_ARGUMENTS)}".strip(" ")
        return draw.choice(_QUESTIONS)

    def _press(self, user: int, chat: int, number: int) -> dict[str, Any]:
        draw = self._draw
        data = draw.choice(_FORGED).format(id="A" * 8, number=draw.randrange(10**6), user=draw.choice(STRANGERS))
        message: dict[str, Any] = {"message_id": draw.randrange(1, 9999), "date": 1, "chat": _chat(chat)}
        if self.seen and draw.random() < 0.6:
            message, offered = draw.choice(self.seen)
            data = draw.choice(offered) if offered else data
            if draw.random() < 0.7:  # a button that is copied to the presser's own chat
                message = {**message, "chat": _chat(chat)}
            elif message["chat"]["id"] > 0 and message["chat"]["id"] != user:  # no server sends others' private presses
                message = {**message, "chat": _chat(user)}
        return {"id": str(number), "from": person(user), "chat_instance": "1", "data": data, "message": message}

    def _form(self, user: int) -> dict[str, Any]:
        draw, other = self._draw, self._draw.choice((*STRANGERS[:50], *STAFF[:10]))
        file = {"file_id": "F", "file_unique_id": "F", "file_size": draw.choice((1, 10**7, 2**52, -1))}
        return draw.choice(
            [
                {"contact": {"phone_number": "1", "first_name": "<b>Ai đó</b>", "user_id": other}},
                {
                    "contact": {"phone_number": "1", "first_name": "A" * 300, "user_id": other},
                    "forward_origin": {"type": "user", "sender_user": person(other), "date": 1},
                },
                {"forward_origin": {"type": "hidden_user", "sender_user_name": "x" * 200, "date": 1}},
                {"forward_origin": {"type": "user", "sender_user": person(other), "date": 1}},
                {
                    "document": {
                        **file,
                        "file_name": draw.choice(("../../etc/passwd", "a.pdf", "~$a.docx", "\u0000.txt", "")),
                    }
                },
                {"new_chat_members": [person(other), BOT]},
                {"left_chat_member": person(other)},
                {"via_bot": {**BOT, "id": 9}},
                {"sender_chat": _chat(GROUP)},
                {"photo": [{**file, "width": 1, "height": 1}], "caption": draw.choice(_QUESTIONS)[:1024]},
                {"migrate_to_chat_id": -3003},
                {"message_thread_id": draw.randrange(-5, 10**9), "is_topic_message": True},
                {"quote": {"text": "…", "position": 0}},
            ]
        )


def _chat(chat: int) -> dict[str, Any]:
    return {
        "id": chat,
        **({"type": "supergroup", "title": "Nhóm"} if chat < 0 else {"type": "private", "first_name": "A"}),
    }
