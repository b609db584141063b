"""
A conversation with the bot, turn by turn, and what a reader makes of each answer.
"""

from __future__ import annotations

import asyncio
import time
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from bot.messages.vi import VI
from bot.storage.state import BotState
from retrieval import MAX_QUESTION_LENGTH
from tests.support.bot.call import Call
from tests.support.bot.markup import Parsed, parse
from tests.support.bot.server import BotApi, person
from tests.support.waiting import PATIENCE

SPEAKER, COLLEAGUE, GROUP = 77, 78, -1001
State = Literal["found", "unsure", "none", "small talk", "list", "help", "refused", "something else"]

_STICKER = {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 1, "height": 1}
_PHOTO = {"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}
_ATTACHED: dict[str, dict[str, Any]] = {
    "thankful sticker": {"sticker": {**_STICKER, "is_animated": False, "is_video": False, "emoji": "🙏"}},
    "photo": {"photo": [_PHOTO]},
    "voice": {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}},
    "forwarded": {"forward_origin": {"type": "user", "sender_user": person(COLLEAGUE), "date": 1_600_000_000}},
}
_STATES: tuple[tuple[State, tuple[str, ...]], ...] = (
    ("small talk", (VI.greeting_html, VI.thanked_html, VI.start_html)),
    ("help", (VI.help_html,)),
    ("refused", (VI.no_words, VI.not_text, VI.too_long.format(limit=MAX_QUESTION_LENGTH))),
)
_TOLD: tuple[tuple[State, tuple[str, ...]], ...] = (
    ("none", (VI.none, VI.no_document.partition("{")[0])),
    ("list", tuple(text.partition("{")[0] for text in (VI.sources, VI.titles, VI.examples))),
    ("unsure", (VI.weak,)),
)


@dataclass(frozen=True)
class Wanted:
    """One message that answers, as a reader wants it; see `tests/bot/conversation/sixty_turns.toml`."""

    state: str
    words: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    apart: str = ""


@dataclass(frozen=True)
class Turn:
    """What is said to the bot, and what is wanted of it."""

    number: int
    kind: str
    wants: tuple[Wanted, ...]
    asked: str = ""
    attached: str = ""
    times: int = 1
    reply_to: int | None = None
    edits: int | None = None
    group: bool = False
    fails: str = ""

    @property
    def text(self) -> str:
        return self.asked * self.times


@dataclass(frozen=True)
class Said:
    """One message of the bot as a reader sees it."""

    call: Call

    @property
    def parsed(self) -> Parsed:
        return parse(self.call.parameters["text"])

    @property
    def text(self) -> str:
        return _plain(self.parsed.text)

    @property
    def answering(self) -> str:
        """What stands outside any fold and above the further places."""
        units, places = self.parsed.text.encode("utf-16-le"), self.parsed.entities
        end = min((offset for kind, offset, _ in places if kind == "Underline"), default=len(units) // 2)
        kept, start = [], 0
        for offset, length in sorted((o, n) for kind, o, n in places if kind == "ExpandableBlockQuote" and o < end):
            kept.append(units[2 * start : 2 * offset])
            start = offset + length
        return _plain(b"".join([*kept, units[2 * start : 2 * end]]).decode("utf-16-le"))

    @property
    def apart(self) -> str:
        """The answer itself, where it is set apart from its sentence."""
        return next((line[2:] for line in self.parsed.text.splitlines() if line.startswith("→ ")), "")

    @property
    def buttons(self) -> list[str]:
        rows = (self.call.parameters.get("reply_markup") or {}).get("inline_keyboard", [])
        return [button["text"] for row in rows for button in row]

    @property
    def state(self) -> State:
        """What a reader takes the message for."""
        same = (state for state, texts in _STATES if any(self.text == _plain(parse(text).text) for text in texts))
        if state := next(same, None):
            return state
        for state, sentences in _TOLD:
            if any(_plain(sentence) in self.text for sentence in sentences):
                return state
        return "found" if any("BlockQuote" in kind for kind, _, _ in self.parsed.entities) else "something else"

    def lacks(self, wanted: Wanted) -> list[str]:
        """What a reader wants and does not get."""
        lacking = [] if self.state in wanted.state.split(" or ") else [f"{wanted.state}, is {self.state}"]
        lacking += [f"“{words}” in sight" for words in wanted.words if _plain(words) not in self.answering]
        lacking += [f"“{words}”" for words in (*wanted.within, *wanted.offers) if _plain(words) not in self.text]
        if wanted.offers and not any(label.startswith("📄") for label in self.buttons):
            lacking.append("a button that sends a document")
        lacking += [f"no “{words}”" for words in wanted.never if _plain(words) in self.text]
        if wanted.apart and self.apart not in {"", wanted.apart}:
            lacking.append(f"“{wanted.apart}” set apart, is “{self.apart}”")
        return lacking


@dataclass
class Dialogue:
    """One person talks to a running bot; in a private chat, now and then in a group."""

    api: BotApi
    state: BotState
    said: dict[int, list[Said]] = field(default_factory=dict)  # by the number of the turn
    _asked: dict[int, dict[str, Any]] = field(default_factory=dict)

    async def take(self, turn: Turn) -> None:
        """Say something, and wait until the bot has done with it."""
        before = len(self.api.calls)
        self.api.push(**self._update(turn))
        await asyncio.to_thread(self.api.wait, lambda: not self.api.updates)
        end = time.monotonic() + PATIENCE
        while self.state.pending():
            assert time.monotonic() < end, f"not answered: {turn.text}"
            await asyncio.sleep(0.01)
        made = [call for call in self.api.calls[before:] if call.method in {"sendMessage", "editMessageText"}]
        self.said[turn.number] = [Said(call) for call in made]

    def _update(self, turn: Turn) -> dict[str, Any]:
        if turn.edits:
            return {"edited_message": {**self._asked[turn.edits], "text": turn.text, "edit_date": int(time.time())}}
        chat = {"id": GROUP, "type": "supergroup", "title": "Nhóm"} if turn.group else _PRIVATE
        message = {"message_id": 100_000 + turn.number, "date": int(time.time()), "chat": chat, "from": person(SPEAKER)}
        if turn.text:
            message["caption" if turn.attached == "photo" else "text"] = turn.text
        message |= _ATTACHED.get(turn.attached, {})
        if entities := _entities(turn.text):
            message["entities"] = entities
        if turn.reply_to:
            message["reply_to_message"] = self.api.message_of(self.said[turn.reply_to][-1].call)
        self._asked[turn.number] = message
        return {"message": message}


_PRIVATE = {"id": SPEAKER, "type": "private", "first_name": "A"}


def read_turns(path: Path) -> list[Turn]:
    """The turns of a file, numbered from one."""
    listed = tomllib.loads(path.read_text(encoding="utf-8"))["turn"]
    turns = [Turn(number=number, **each) for number, each in enumerate(listed, 1)]
    return [replace(turn, wants=tuple(_wanted(each) for each in turn.wants)) for turn in turns]


def _wanted(given: Any) -> Wanted:
    return Wanted(**{name: value if isinstance(value, str) else tuple(value) for name, value in given.items()})


def _entities(text: str) -> list[dict[str, Any]]:
    """The command or the mention that a text opens with."""
    kinds = {"/": "bot_command", "@": "mention"}
    first = text.partition(" ")[0]
    return [{"type": kinds[text[0]], "offset": 0, "length": len(first)}] if text[:1] in kinds else []


def _plain(text: str) -> str:
    """Text as it is compared: in one line, regardless of capitals."""
    return " ".join(text.split()).casefold()
