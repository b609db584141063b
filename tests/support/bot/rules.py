"""
The real server's rules for messages, in its own words: Bot API, "sendMessage", "sendPhoto".
"""

from __future__ import annotations

import struct
from typing import Any

from tests.support.bot.call import Call
from tests.support.bot.markup import MarkupError, parse


def problem(call: Call) -> str:
    """What the real server would refuse in a message, in its words."""
    given = call.parameters
    rows = (given.get("reply_markup") or {}).get("inline_keyboard", [])
    refused = next(filter(None, (_button_problem(button) for row in rows for button in row)), "")
    if refused:
        return refused
    if call.method == "sendPhoto":
        return _photo_problem(call)
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


def _button_problem(button: dict[str, Any]) -> str:
    """Bot API, "InlineKeyboardButton", "CopyTextButton": 64 bytes of data, or 256 characters to copy."""
    if len(button.get("callback_data", "").encode()) > 64:
        return "BUTTON_DATA_INVALID"
    if button.get("style", "primary") not in {"primary", "success", "danger"}:
        return "BUTTON_STYLE_INVALID"
    return "" if 1 <= len(button.get("copy_text", {"text": "-"})["text"]) <= 256 else "BUTTON_COPY_TEXT_INVALID"


def _photo_problem(call: Call) -> str:
    """Bot API, "sendPhoto": 10 MB, width and height together 10000, their ratio 20, and 1024 units of caption."""
    data = next(iter(call.files.values()), b"")
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "IMAGE_PROCESS_FAILED"
    width, height = struct.unpack(">II", data[16:24])
    if len(data) > 10 * 2**20:
        return "file is too big"
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        return "PHOTO_INVALID_DIMENSIONS"
    caption = call.parameters.get("caption", "")
    return "message caption is too long" if len(caption.encode("utf-16-le")) // 2 > 1024 else ""
