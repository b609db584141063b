"""
Messages that ask nothing of the documents, such as greetings and thanks.

A message is small talk only as a whole: "chào bot, cho em hỏi …" is a question.
"""

from __future__ import annotations

import re
from typing import Literal

from retrieval.language import fold

Topic = Literal["greeting", "thanks", "identity", "help", "documents"]

_LONGEST = 80  # characters: nobody greets at greater length
_WORDS = re.compile(r"\w+")
_THANKFUL_SIGNS = re.compile("[👍👌🙏👏❤💕💖😊🙂😀😃😄😍🥰☺🎉✅💯]")
# Whom it is said to and how, before and behind; without diacritics, as everything here.
_BEFORE = r"(?:(?:da|vang|a|em|anh|chi|toi|minh|ban|bot|ad|oi) )*"
_BEHIND = (
    r"(?: (?:a|ad|admin|anh|ban|bot|ca|chi|co|em|he thong|moi nguoi|nha|nhe|nhi|nhen|nhieu|rat nhieu|qua|roi|thay|vay"
    r"|the|voi|lam|oi|you|so much|a lot|there))*"
)
_IT = r"(?:ban|bot|em|anh|chi|may|day|con nay|he thong(?: nay)?)"
_PHRASES: dict[Topic, str] = {
    "greeting": r"(?:xin |kinh )?chao(?: buoi (?:sang|trua|chieu|toi))?|a ?lo|hello|hi|hey"
    r"|good (?:morning|afternoon|evening)",
    "thanks": r"(?:xin |chan thanh |tran trong )*cam on|thanks?|tks|ok(?:e|ay|ie)?|da|vang|tot|hay|hieu"
    r"|tuyet(?: voi)?|(?:xin )?tam biet|(?:bye ?)+",
    "identity": rf"{_IT} (?:la ai|ten (?:la )?gi)|(?:ban|bot|day|he thong(?: nay)?) la (?:cai )?gi"
    r"|(?:who|what) are",
    "help": r"help|giup(?: do)?|tro giup|huong dan(?: su dung)?|(?:cach )?(?:dung|su dung|hoi)(?: nhu)?(?: the nao)"
    rf"|cach (?:dung|su dung|hoi)|(?:{_IT} )?(?:co the )?(?:lam|biet|giup|giup toi|tra loi) duoc (?:nhung )?gi"
    r"|what can you do|how to (?:use|ask)",
    "documents": r"(?:xem |cho xem |cho toi xem |liet ke )?(?:danh sach|danh muc|cac) tai lieu"
    r"|(?:dang |hien )?co (?:nhung )?tai lieu (?:nao|gi)|list (?:of )?documents",
}
_PATTERNS = {topic: re.compile(rf"{_BEFORE}(?:{phrases}){_BEHIND}") for topic, phrases in _PHRASES.items()}


def small_talk(text: str) -> Topic | None:
    """
    The topic of a message that asks nothing of the documents; None for a question.

    Example: "Em cảm ơn anh nhiều ạ!" -> "thanks"
    """
    if len(text) > _LONGEST:
        return None
    words = " ".join(_WORDS.findall(fold(text)))
    if not words:
        return "thanks" if _THANKFUL_SIGNS.search(text) else None
    return next((topic for topic, pattern in _PATTERNS.items() if pattern.fullmatch(words)), None)
