"""
The mark of secrecy that a document bears: MẬT, TỐI MẬT or TUYỆT MẬT.

The levels are those of the laws on the protection of state secrets (117/2025/QH15, before it 29/2018/QH14), the stamp
that of Thông tư 24/2020/TT-BCA, in capitals within a frame. As text it stands alone in a line or a cell of the head,
beside what the header says, behind "Độ mật:", or in the margins of the pages. Words that only speak of secrets ("bảo
mật", "bí mật nhà nước độ Tối mật") are no mark. "GIẢI MẬT" ends none: somebody has to look at the document.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from retrieval.language.spelling import fold
from retrieval.reading.administrative.fragments import begins_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.reading.document import Block, Content, Origin, SecrecyMark

_LEVELS: Final[dict[str, SecrecyMark]] = {"mat": "MẬT", "toimat": "TỐI MẬT", "tuyetmat": "TUYỆT MẬT"}
_MOST_CHARACTERS = 6_000  # of the head
_MOST_LINES = 80
_CELL = re.compile(r"\t|\||[^\S\n]{3,}")
# Without blanks and signs: "Độ mật: Tối mật", "TỐI MẬT - Bản số: 03", "03 bản MẬT" is none.
_ALONE = re.compile(
    r"(?P<label>(?:mức|dấu(?:chỉ)?)?độmật)?(?P<mark>tuyệtmật|tốimật|mật)(?P<copy>bảnsố\w{0,8})?", re.IGNORECASE
)
_BARE = re.compile(r"(?P<label>domat)?(?P<mark>tuyetmat|toimat|mat)(?:banso\w{0,8})?")
_INSIDE = re.compile(
    r"(?<!\w)(?P<before>\w+)?\W*?(?<!\w)(?P<mark>(?:TUYỆT\s+|TỐI\s+)?MẬT)(?!\w)(?:\W*?(?P<after>\w+))?"
)
_BRACKETED = re.compile(r"(?P<before>\w*)\s*[\[(【{]\s*(?P<mark>(?:TUYỆT\s+|TỐI\s+)?MẬT)\s*[\])】}]")
# "Độ mật: Mật", but no choice such as "Độ mật: Mật/Tối mật".
_LABELLED = re.compile(
    r"\bđộ mật\s*[:：]\s*[\[(“\"]?(?P<mark>tuyệt mật|tối mật|mật)\b(?!\s*(?:[,/;|]|hoặc|và|☐|□))", re.IGNORECASE
)
# What a header of Nghị định 30/2020/NĐ-CP says: the state, the Party, the number, place and date.
_HEADER_LINE = re.compile(
    r"cong hoa xa hoi chu nghia|doc lap ?[-–] ?tu do|dang cong san viet nam|\bso ?: ?[\w./-]|, ?ngay .{0,20}thang"
)
_ORGAN_LINE = re.compile(
    r"(?:bo|so|uy ban|ubnd|hdnd|quan|su doan|lu doan|trung doan|tong cuc|cuc|vu|vien|truong|hoc vien|phong|ban"
    r"|binh chung|van phong|cong an|bo tu lenh|bo chi huy|tinh uy|thanh uy|huyen uy|dang uy"
    r"|bo tong tham muu|tong cong ty)\b"
)
# Words with "mật" as their second and first syllable that are written in capitals too.
_BEFORE: Final = frozenset(
    "bao bi co do noi than than tui ong duong gan soi mia canh than toi tuyet giai tham va".split()
)
_AFTER: Final = frozenset(
    "ma khau do danh thu thiet vu tham ong gau lenh uoc nghi nha hieu dien thong dao ngu so truyen va hoac cua".split()
)
# A line that goes on below, or that introduces a picture of the stamp.
_OPEN_LINE = re.compile(
    r"(?:\b(?:do|do mat|va|hoac|bao|bi|co|noi|gan|tui|ong|loai|muc)|,|;|[\"“])$|\b(?:mau|con) dau\b|\bdau chi\b"
)


def secrecy_mark_of(content: Content) -> SecrecyMark:
    """The mark that a file bears in its head or its margins."""
    return secrecy_mark(content.text, content.outline.blocks, content.origin, content.margins)


def secrecy_mark(text: str, blocks: Sequence[Block], origin: Origin = "", margins: Sequence[str] = ()) -> SecrecyMark:
    """
    The mark in a text, "" if there is none.

    Args:
        blocks: those of the text: rows of a table of data, and what they hold, are no head.
        origin: OCR loses the marks above and below a capital; TCVN3 has no capitals with marks.
        margins: lines of headers, footers, watermarks and stamps.
    """
    for line in margins:
        if found := _mark_alone(line, origin) or _mark_inside(_cleaned(line), is_header=False):
            return found
    return _mark_in_head(text[: _head_end(text, blocks)], origin)


def _head_end(text: str, blocks: Sequence[Block]) -> int:
    """Where the first table of data begins, or the head is longer than any is."""
    for block in blocks:
        if block.start >= _MOST_CHARACTERS:
            break
        if block.is_row:
            cells = [cell for cell in text[block.start : block.end].split("|") if any(map(str.isalnum, cell))]
            if len(cells) > 1 and not any(map(_is_header_line, cells)):
                return block.start
    return _MOST_CHARACTERS


def _mark_in_head(head: str, origin: Origin) -> SecrecyMark:
    above, is_official = "", False
    for line in filter(str.strip, head.split("\n")[:_MOST_LINES]):
        words = _cleaned(line)
        if begins_text(words):
            break
        folded = fold(words)
        is_header = _is_header_line(words)
        is_official = is_official or is_header
        if not _OPEN_LINE.search(above):
            for part in (line, *_CELL.split(line)):
                if found := _mark_alone(part, origin, titled=is_official):
                    return found
        if found := _mark_inside(
            words, is_header=is_header or (words.isupper() and _ORGAN_LINE.match(folded) is not None)
        ):
            return found
        above = folded if any(map(str.isalnum, folded)) else above  # a rule of dashes parts no line
    return ""


def _is_header_line(words: str) -> bool:
    return _HEADER_LINE.search(fold(words)) is not None


def _mark_alone(words: str, origin: Origin, *, titled: bool = False) -> SecrecyMark:
    """
    The mark that words consist of.

    Without a label it is in capitals, or in a header, as `titled` says, written like a name.
    """
    is_recognised = origin == "ocr"
    letters = "".join(filter(str.isalnum, _cleaned(words)))
    found = _ALONE.fullmatch(letters)
    if found:
        mark = found["mark"]
        is_stamp = mark.isupper() or bool(found["label"]) or (titled and (mark[0].isupper() or origin == "tcvn3"))
        return _LEVELS[fold(mark)] if is_stamp else ""
    bare = _BARE.fullmatch(fold(letters).replace("l", "i") if is_recognised else fold(letters))
    if bare is None or not letters.isupper():
        return ""
    is_certain = is_recognised or letters.isascii()
    return _LEVELS[bare["mark"]] if is_certain and (is_recognised or bare["label"] or bare["mark"] != "mat") else ""


def _mark_inside(words: str, *, is_header: bool) -> SecrecyMark:
    """The mark beside other words of a line."""
    for found in _LABELLED.finditer(words):
        return _level(found["mark"])
    for found in _BRACKETED.finditer(words):
        if fold(found["before"]) not in _BEFORE:
            return _level(found["mark"])
    if is_header:
        for found in _INSIDE.finditer(words):
            before, after = (fold(found[name] or "") for name in ("before", "after"))
            if before not in _BEFORE and after not in _AFTER:
                return _level(found["mark"])
    return ""


def _level(mark: str) -> SecrecyMark:
    return _LEVELS[fold("".join(mark.split()))]


def _cleaned(words: str) -> str:
    """In one line, without the characters that are not seen."""
    shown = (char for char in unicodedata.normalize("NFC", words) if unicodedata.category(char) != "Cf")
    return " ".join("".join(shown).split())
