"""
The real server's checks of answerInlineQuery, in its words.

Bot API: "answerInlineQuery", "InlineQueryResultArticle", "InputTextMessageContent", "InlineQueryResultsButton".
"""

from __future__ import annotations

import re
from typing import Any

from tests.support.bot.markup import MarkupError, parse

RESULTS = 50
OLD = "query is too old and response timeout expired or query ID is invalid"


def problem(given: dict[str, Any], open_queries: set[str]) -> str:
    """The first thing that is wrong, "" if nothing is."""
    if str(given["inline_query_id"]) not in open_queries:
        return OLD
    results = given["results"]
    if len(results) > RESULTS:
        return "RESULTS_TOO_MUCH"
    ids = [result.get("id", "") for result in results]
    if not all(1 <= len(each.encode()) <= 64 for each in ids):
        return "RESULT_ID_INVALID"
    if len(set(ids)) < len(ids):
        return "RESULT_ID_DUPLICATE"
    button = given.get("button")
    if button and not (
        button.get("text") and re.fullmatch(r"[\w-]{1,64}", button.get("start_parameter", ""), re.ASCII)
    ):
        return "START_PARAM_INVALID"
    return next(filter(None, map(_in_result, results)), "")


def _in_result(result: dict[str, Any]) -> str:
    content = result.get("input_message_content", {})
    text = content.get("message_text", "")
    if result.get("type") != "article" or not result.get("title", "").strip():
        return "ARTICLE_TITLE_EMPTY"
    if content.get("parse_mode") == "HTML":
        try:
            text = parse(text).text
        except MarkupError as error:
            return str(error).replace("Can't parse", "can't parse", 1)
    if not text.strip():
        return "MESSAGE_EMPTY"
    return "MESSAGE_TOO_LONG" if len(text.encode("utf-16-le")) // 2 > 4096 else ""
