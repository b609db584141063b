"""
The control words of RTF that are read, and what they change.

Rich Text Format Specification 1.9.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

Way = Literal["text", "fonts", "styles", "quiet", "skip"]  # what becomes of a group's words
CODE_PAGES = {
    77: "mac-roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "big5", 161: "cp1253", 162: "cp1254", 163: "cp1258",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
SYMBOL_CHARSET = 2
PRIVATE_USE = 0xF000  # where Word puts the characters of symbol fonts
CHARACTERS = {
    "tab": "\t", "line": "\n", "lbr": "\n", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": "\u2003", "enspace": "\u2002", "qmspace": " ",
    "~": "\u00a0", "-": "\u00ad", "_": "\u2011",
}  # fmt: skip
SKIPPED = frozenset(
    "annotation atnauthor atnid atrfend atrfstart bkmkend bkmkstart colortbl colorschememapping comment datastore "
    "factoidname falt filetbl fldinst footnotesep ftncn ftnsep ftnsepc aftncn aftnsep "
    "aftnsepc fontemb formfield generator info keywords latentstyles listlevel "
    "listoverridetable listtable mmath mmathPr nonshppict objdata objalias objclass objname operator panose pgptbl "
    "pict pn pnseclvl private protusertbl revtbl rsidtbl rxe shprslt sp tc template themedata title userprops "
    "wgrffmtfilter windowcaption xe xmlnstbl nesttableprops".split()
)
MARGINS = tuple(f"{place}{pages}" for place in ("header", "footer") for pages in ("", "f", "l", "r"))
STARRED = frozenset(("footnote", "shpinst", "do", "dptxbxtext", "ud"))  # read although marked "\*"


@dataclass(frozen=True, slots=True)
class State:
    """What a group inherits, and gives back at its end."""

    way: Way = "text"
    font: int = -1  # the default font
    raised: bool = False
    hidden: bool = False
    struck: bool = False
    skip: int = 1  # characters after "\\u" for programs without Unicode
    style: int = 0
    outline: int | None = None
    in_table: bool = False


# What control words change of the state, by their number.
PROPERTIES: dict[str, Callable[[int], dict[str, Any]]] = {
    "f": lambda number: {"font": number},
    "super": lambda number: {"raised": bool(number)},
    "sub": lambda _: {"raised": False},
    "nosupersub": lambda _: {"raised": False},
    "v": lambda number: {"hidden": bool(number)},
    "deleted": lambda number: {"struck": bool(number)},
    "strike": lambda number: {"struck": bool(number)},
    "striked": lambda number: {"struck": bool(number)},
    "plain": lambda _: {"font": -1, "raised": False, "hidden": False, "struck": False},
    "pard": lambda _: {"style": 0, "outline": None, "in_table": False},
    "s": lambda number: {"style": number},
    "outlinelevel": lambda number: {"outline": number},
    "intbl": lambda number: {"in_table": bool(number)},
    "uc": lambda number: {"skip": max(0, number)},
    "fonttbl": lambda _: {"way": "fonts"},
    "stylesheet": lambda _: {"way": "styles"},
    "upr": lambda _: {"way": "quiet"},  # older programs read this, and newer ones the "ud" inside it
    "ud": lambda _: {"way": "text"},
    "shpinst": lambda _: {"way": "quiet"},
    "do": lambda _: {"way": "quiet"},
}
