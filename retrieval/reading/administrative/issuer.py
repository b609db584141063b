"""
The issuer of an administrative document: the organ above its number, below its superior.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.language.spelling import fold
from retrieval.reading.administrative.letter_case import name_in_case_of_text, spelling_in_text
from retrieval.reading.administrative.organ_case import organ_in_its_case

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_STATE = re.compile(
    r"(?:nuoc )?cong hoa xa hoi(?: chu(?: nghia(?: viet(?: nam)?)?)?)?|doc lap ?[-–] ?tu do ?[-–] ?hanh phuc"
    r"|dang cong san viet nam"
)
_STATE_ENDS = frozenset(("chu nghia viet nam", "nghia viet nam", "viet nam", "nam"))
_BESIDE = re.compile(
    r"quoc hoi nuoc cong hoa.*|khoa [ivx]+,.*|\(.*\)?|.*cong bao/so.*|(?:phan [ivx]+\.? )?van ban quy pham phap luat"
    r"|du thao\b.*|.*\bngay .*thang.*|(?:\w+ ){0,3}so ?:.*|[\d\W]+"
)
_ORGAN = re.compile(
    r"bo\b|so\b|uy ban\b|ubnd\b|hdnd\b|hoi\b|chinh phu|quoc hoi|thu tuong|chu tich|van phong|tong cuc|cuc\b|chi cuc"
    r"|vu\b|vien\b|truong\b|dai hoc|hoc vien|cong ty|tong cong ty|tap doan|ngan hang|toa an|phong\b|ban\b|trung tam"
    r"|benh vien|kiem toan|thanh tra|bao hiem|kho bac|lien doan|doan\b|dang uy|tinh uy|huyen uy|thanh uy"
    r"|cong doan|lien hiep"
)
_AUTHORITY = re.compile(
    r"(?:bo truong|chu tich|thu tuong|chinh phu|quoc hoi|uy ban|ubnd|hoi dong|giam doc|tong giam doc|hieu truong"
    r"|chanh an|vien truong|cuc truong|tong cuc truong|thong doc|tong thanh tra|truong ban|ban chap hanh|ban thuong vu"
    r"|tong kiem toan|bo\b|thanh tra)\b"
)
_ACTING = re.compile(
    r"(?:thu tuong )?chinh phu|quoc hoi|uy ban thuong vu quoc hoi|bo truong bo .{3,60}|chu tich uy ban nhan dan .{3,60}"
    r"|uy ban nhan dan .{3,60}|hoi dong nhan dan .{3,60}"
)
# A people's committee is named after its place alone: what follows in the same line is a body below it.
_BELOW_COMMITTEE = re.compile(
    r"(?:ủy ban nhân dân|uỷ ban nhân dân|ubnd) (?:tỉnh|thành phố|tp\.?|quận|huyện|thị xã|xã|phường)(?: \w+\.?){1,4}? "
    r"(?=(?:sở|phòng (?:giáo|tài|tư|nội|lao|văn|y|kinh|nông|quản|công|dân|tổ)|chi cục|trung tâm|trường|bệnh viện"
    r"|văn phòng|thanh tra|ban quản lý|ban dân tộc|trạm) \w)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\D+ (?:số )?\d{1,2}", re.IGNORECASE)  # "Bệnh viện Nhi đồng 1"
_LONGEST = 300  # characters of the names of joint issuers
_FEWEST_WORDS = 4  # of an organ that has a superior in the same line, and of that superior
_JOINT = ("-", "–")


def is_state_name(fragment: str) -> bool:
    """Whether a fragment is the state's name or motto, or the Party's name."""
    return _STATE.fullmatch(fold(fragment)) is not None


def is_authority(fragment: str) -> bool:
    """Whether a line names who acts: "BỘ TRƯỞNG BỘ TÀI CHÍNH", "Chính phủ"."""
    folded = fold(fragment).rstrip(" ,:")
    is_capital = sum(map(str.isupper, fragment)) > len(fragment) / 3
    return _ACTING.fullmatch(folded) is not None or (is_capital and _AUTHORITY.match(folded) is not None)


def issuer_of(text: str, above: Sequence[str]) -> str:
    """The issuer among the fragments above the number; "" if there is none."""
    organs: list[str] = []
    for name in _names(above):
        if _ORGAN.match(fold(name)):
            organs.append(name)
        elif organs:
            organs[-1] += f" {name}"
    first = len(organs) - 1
    while first > 0 and organs[first - 1].endswith(_JOINT):  # issued jointly
        first -= 1
    issuer = " - ".join(_organ_of(text, organ.rstrip(" -–")) for organ in organs[max(first, 0) :])
    return issuer if len(issuer) <= _LONGEST else ""


def _organ_of(text: str, name: str) -> str:
    """The organ in the text's letter case, without a superior in the same line."""
    words = name.split()
    ends = range(_FEWEST_WORDS, len(words) - _FEWEST_WORDS + 1)
    own = (" ".join(words[at:]) for at in ends if _ORGAN.match(fold(" ".join(words[at:]))))
    if not spelling_in_text(text, name):
        name = next((organ for organ in own if spelling_in_text(text, organ)), _BELOW_COMMITTEE.sub("", name, count=1))
    certain = "" if spelling_in_text(text, name) else organ_in_its_case(name)
    return certain or name_in_case_of_text(text, name)


def _names(above: Sequence[str]) -> Iterator[str]:
    """The fragments that may be names of organs."""
    is_unfinished = False  # the name of the state goes on in the next line
    for fragment in above:
        folded = fold(fragment)
        state = _STATE.fullmatch(folded)
        if state or _BESIDE.fullmatch(folded) or (is_unfinished and folded in _STATE_ENDS):
            is_unfinished = state is not None and folded.endswith(("xa hoi", "chu", "nghia", "viet"))
        elif not any(map(str.isdigit, fragment)) or (_ORGAN.match(folded) and _NUMBERED.fullmatch(fragment)):
            yield fragment
