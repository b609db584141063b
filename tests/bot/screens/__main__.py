"""
Pictures for the README: the real bot, asked about the real seeds, its messages drawn as a phone would draw them.

    .venv/bin/python -m tests.bot.screens INDEX    # writes a picture for each of SCREENS beside this file

The text, its formatting and the buttons are what the bot sent to the tests' Bot API server; TDLib's parser says what is
bold and what is quoted. Only the look is imitated: expandable quotations are folded to three lines, as phones do.
Needs Chromium, an emoji font and Pillow.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import io
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image

from bot.lifecycle import serving
from bot.storage.opening import open_state
from bot.storage.state import Person
from retrieval.retriever import Retriever
from tests.bot.conftest import ADMIN, STAFF, Home, settings_for
from tests.support.bot.call import Call
from tests.support.bot.markup import parse
from tests.support.bot.server import BotApi

HERE = Path(__file__).parent
SCREENS = {
    "answer": ["Việt Nam có quan hệ quốc phòng với bao nhiêu quốc gia?"],
    "unsure": ["Giá vàng hôm nay là bao nhiêu?", "ai la bo truong quoc phong phat bieu tai hoi nghi"],
}
PRESSED = {  # the buttons that are pressed below the answer of the first screen, one after the other
    "context": ["⤢ Ngữ cảnh"],
    "opened": ["Kết quả khác", "👍"],
}
STRANGER, UPLOAD = 5555, "Quy che bao cao.txt"
REGULATION = """ỦY BAN NHÂN DÂN XÃ
Quy chế nộp báo cáo

Điều 1. Báo cáo quý được nộp trước ngày 15 của tháng đầu quý sau.

Điều 2. Báo cáo năm được nộp trước ngày 31 tháng 01.
"""
WIDTH = 390  # of a phone, in CSS pixels
TALLEST = 2600
_TAGS = {
    "Bold": ("<b>", "</b>"),
    "Underline": ("<u>", "</u>"),
    "Italic": ("<i>", "</i>"),
    "Code": ("<code>", "</code>"),
}
_QUOTES = {"BlockQuote": "<blockquote>", "ExpandableBlockQuote": '<blockquote class="folded"><div>'}
_ENDS = {"BlockQuote": "</blockquote>", "ExpandableBlockQuote": "</div></blockquote>"}
_STYLE = """
body { margin: 0; width: 390px; background: #dfe7ec; font: 15px/1.36 "Noto Sans", sans-serif; color: #111; }
header { background: #517da2; color: #fff; padding: 10px 16px; font-weight: 600; }
main { padding: 10px 8px 14px; }
.asked, .said { border-radius: 14px; padding: 7px 11px; white-space: pre-wrap; overflow-wrap: break-word; }
.asked { background: #e3fdd0; margin: 6px 0 6px 70px; }
.said { background: #fff; margin: 6px 12px 2px 0; }
blockquote { margin: 3px 0; padding: 4px 8px; border-left: 3px solid #3a87c8; border-radius: 4px; background: #eaf3fa; }
.folded { position: relative; }
.folded div { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
.folded::after { content: "⌄"; position: absolute; right: 6px; bottom: 2px; color: #3a87c8; font-weight: bold; }
.row { display: flex; gap: 3px; margin: 2px 12px 2px 0; }
.row span { flex: 1; text-align: center; padding: 6px 0; border-radius: 7px; background: #8aa3b5; color: #fff; }
"""


def drawn(markup: str) -> str:
    """A message as HTML for a browser, from what TDLib reads in it."""
    parsed = parse(markup)
    units = parsed.text.encode("utf-16-le")
    marks: dict[int, list[str]] = {}
    for kind, offset, length in sorted(parsed.entities, key=lambda each: (each[1], -each[2])):
        opening, closing = (_QUOTES[kind], _ENDS[kind]) if kind in _QUOTES else _TAGS.get(kind, ("", ""))
        marks.setdefault(offset, []).append(opening)
        marks.setdefault(offset + length, []).insert(0, closing)
    places = sorted({0, len(units) // 2, *marks})
    parts = []
    for place, following in zip(places, [*places[1:], len(units) // 2], strict=True):
        parts += marks.get(place, [])
        parts.append(html.escape(units[2 * place : 2 * following].decode("utf-16-le")))
    text = "".join(parts)
    return text.replace("\n<blockquote", "<blockquote").replace("</blockquote>\n", "</blockquote>")


def page(spoken: list[tuple[str, Call]]) -> str:
    """A chat: each question and the message that answered it, with its buttons."""
    shown = []
    for question, call in spoken:
        keyboard: dict[str, Any] = call.parameters.get("reply_markup") or {}
        rows = [
            "".join(f"<span>{html.escape(button['text'])}</span>" for button in row)
            for row in keyboard.get("inline_keyboard", [])
        ]
        shown += [f'<div class="asked">{html.escape(question)}</div>'] if question else []
        shown.append(f'<div class="said">{drawn(call.parameters["text"])}</div>')
        shown += [f'<div class="row">{row}</div>' for row in rows]
    head = f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style><header>Trích Dẫn</header>"
    return f"{head}<main>{''.join(shown)}</main>"


async def asked(index: Path) -> dict[str, list[tuple[str, Call]]]:
    """What the bot answers to the questions of each screen."""
    with tempfile.TemporaryDirectory() as folder, BotApi() as api:
        config = settings_for(api, Home(Path(), index), Path(folder))
        state = open_state(config.state)
        state.add(Person(STAFF, "staff", "An"), ADMIN)
        answers: dict[str, list[tuple[str, Call]]] = {name: [] for name in SCREENS}
        try:
            async with serving(config, Retriever(index), state):
                for name, questions in SCREENS.items():
                    for question in questions:
                        answers[name].append((question, await answer_to(question, api)))
                question, answer = answers["answer"][0]
                for name, labels in PRESSED.items():
                    answers[name] = [(question, await pressed(labels, answer, api))]
                answers |= await administered(api)
        finally:
            state.close()
        return answers


async def administered(api: BotApi) -> dict[str, list[tuple[str, Call]]]:
    """What an administrator sees: a stranger's request, and the report on a file."""
    api.say("Xin chào", STRANGER)
    request = (await asyncio.to_thread(api.wait_sent, 1, "sendMessage", ADMIN))[-1]
    api.hand_in(REGULATION.encode(), UPLOAD, ADMIN)
    report = (await asyncio.to_thread(api.wait_sent, 2, "sendMessage", ADMIN))[-1]
    return {"request": [("", request)], "upload": [(f"📎 {UPLOAD}", report)]}


async def answer_to(question: str, api: BotApi) -> Call:
    """What the bot sends in answer to a question."""
    count = len(api.sent())
    api.say(question, STAFF)
    return (await asyncio.to_thread(api.wait_sent, count + 1))[-1]


async def pressed(labels: list[str], answer: Call, api: BotApi) -> Call:
    """The message that was sent or edited last, with the buttons that it has after all presses."""
    shown = answer
    for label in labels:
        message = api.message_of(answer)
        rows = message["reply_markup"]["inline_keyboard"]
        count = len(changes(api))
        api.press(next(b["callback_data"] for row in rows for b in row if b["text"] == label), message, STAFF)
        change = (await asyncio.to_thread(api.wait, lambda count=count: changes(api)[count:]))[-1]
        shown = change if "text" in change.parameters else shown
    buttons = change.parameters["reply_markup"]
    return replace(shown, parameters={**shown.parameters, "reply_markup": buttons})


def changes(api: BotApi) -> list[Call]:
    """Every message that was sent or edited, in order."""
    return [call for call in api.calls if call.method in {"sendMessage", "editMessageText", "editMessageReplyMarkup"}]


def photograph(markup: str, to: Path, chromium: str) -> None:
    """Chromium's picture of a page, cut where the page ends and reduced to 64 colours."""
    with tempfile.TemporaryDirectory() as folder:
        source, picture = Path(folder, "page.html"), Path(folder, "page.png")
        source.write_text(markup, encoding="utf-8")
        size = f"--window-size={WIDTH},{TALLEST}"
        flags = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1.5")
        subprocess.run(
            [chromium, *flags, size, f"--screenshot={picture}", source.as_uri()], check=True, capture_output=True
        )
        image = Image.open(io.BytesIO(picture.read_bytes())).convert("RGB")
    empty = image.getpixel((2, image.height - 1))
    last = max(y for y in range(image.height) if any(image.getpixel((x, y)) != empty for x in range(20, 580, 20)))
    cut = image.crop((0, 0, image.width, min(image.height, last + 16)))
    cut.quantize(64).save(to, optimize=True)


def main() -> None:
    """Asks, draws and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("--chromium", default="chromium")
    given = parser.parse_args()
    for name, spoken in asyncio.run(asked(given.index)).items():
        photograph(page(spoken), HERE / f"{name}.png", given.chromium)


if __name__ == "__main__":
    main()
