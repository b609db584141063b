"""
Words of a question that no document has.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.language.analyzer import WORD
from retrieval.language.spelling import folded_key
from retrieval.question.question_words import without_asking_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.question.query import Query

_MOST = 3
_SILENT = frozenset(  # they say nothing of what is asked, so that their absence says nothing either
    "mà khi mấy hay thì là và của đi rồi nữa vậy nhỉ ạ dạ vâng ơi à ừ xin hỏi cho với nhé thế sao bây giờ lúc "
    "còn cũng đã đang sẽ được bị có không phải nên vì do để ở tại từ đến trong ngoài trên dưới này kia đó ấy "
    "nào gì ai đâu bao nhiêu nêu liệt kê kể trình bày tóm tắt hãy cách mình tôi ta chúng bạn em anh chị cái "
    "con chiếc việc chuyện các những một".split()
)
# Days by their distance: that no document has "hôm" says nothing of what is asked.
_TODAY = re.compile(r"\b(?:hôm (?:nay|qua|kia|nọ)|ngày (?:mai|kia)|hiện nay|bây giờ)\b", re.IGNORECASE)
_SHORTEST_NUMBER = 3  # digits


def unknown_words(query: Query, knows: Callable[[str], bool]) -> tuple[str, ...]:
    """
    The first few words of a Vietnamese question that no document has.

    As understood, neighbours together.

    Words that have another wording (a synonym, an abbreviation's long form) are left out, since the documents are
    searched for that as well; so are listed names, which are reported as missing if no first passage has them.

    Args:
        knows: whether any passage holds a folded term.

    Example: over documents about training, "Lương của giáo sư thỉnh giảng?" -> ("thỉnh giảng",)
    """
    if query.foreign:
        return ()
    reworded = (wordings[0] for wordings in (*query.synonyms, *query.concepts))
    spoken = {term for wording in reworded for term in wording.folded}
    spoken |= {folded_key(word) for wordings in query.names for word in WORD.findall(wordings[0])}
    found: list[str] = []
    was_unknown = False
    for word in WORD.findall(_TODAY.sub(" ", without_asking_words(query.text))):
        key = folded_key(word)
        telling = (word.isalpha() and len(word) > 1) or (word.isdigit() and len(word) >= _SHORTEST_NUMBER)
        unknown = telling and key not in spoken and word.lower() not in _SILENT and not knows(key)
        if unknown and was_unknown:
            found[-1] += f" {word}"
        elif unknown:
            found.append(word)
        was_unknown = unknown
    return tuple(found[:_MOST])
