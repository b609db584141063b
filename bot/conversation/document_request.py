"""
Messages that ask for documents, not for what stands in them.

"Gửi tôi file hội nghị 2022" and "tài liệu nào nói về ASEAN?" are answered by a list of documents with their files.
"""

from __future__ import annotations

import re

from retrieval import without_courtesies
from retrieval.language import fold

# Without diacritics, as everything here.
_ME = r"(?:(?:cho|giup|ho|toi|em|minh|to|anh|chi|voi|xin) )*"
_FILE = r"(?:file(?: tai lieu| van ban)?|tep(?: tin)?|tai lieu|van ban|toan van|ban day du|ban goc|ban pdf)"
_THING = rf"(?:(?:cac|nhung|toan bo|ban) )?{_FILE}"
_ABOUT = r"(?: (?:noi ve|viet ve|ve|cua|co|chua|lien quan (?:den|toi)|de cap(?: den)?|nhac den|quy dinh(?: ve)?))?"
_SAYS = r"(?:noi|viet|de cap|nhac|lien quan|ban)(?: (?:den|toi|ve))+"
_WHICH = r"(?:hien )?(?:co )?(?:cac |nhung )?(?:tai lieu|van ban|file) (?:nao|gi)"
_WHAT = r"(?:which|what) (?:documents?|files?) (?:is|are|talks?|mentions?|says?|speaks?)"
_PATTERNS = tuple(
    re.compile(rf"(?:{pattern})[\s?.!]*")
    for pattern in (
        rf"{_ME}(?:hay )?(?:gui|lay|tai|mo|tim|xem|xin|can|muon (?:xem|tai|lay)) {_ME}{_THING}{_ABOUT} (?P<words>.+?)",
        rf"{_WHICH} (?:co )?(?:{_SAYS}|ve) (?P<words>.+?)(?: khong)?",
        rf"(?:danh sach|danh muc|liet ke)(?: cac| nhung)? (?:tai lieu|van ban) (?:{_SAYS}|ve|co) (?P<words>.+?)",
        r"(?:send|give|show) me (?:the )?(?:file|document)s?(?: (?:about|of|on|for))? (?P<words>.+?)",
        rf"{_WHAT}(?: (?:about|of|on))? (?P<words>.+?)",
    )
)
_LONGEST = 200  # characters


def requested_documents(text: str) -> str:
    """
    What the documents that a message asks for are about; "" if it asks otherwise.

    Example: "Gửi giúp em file hội nghị 2022 ạ" -> "hội nghị 2022"
    """
    question = without_courtesies(" ".join(text.split()))
    plain = fold(question)
    if len(plain) > _LONGEST or len(plain) != len(question):
        return ""
    found = next(filter(None, (pattern.fullmatch(plain) for pattern in _PATTERNS)), None)
    return question[slice(*found.span("words"))] if found else ""
