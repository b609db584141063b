"""
Equations (Office Math, OMML) as linear text, as in Word's linear format.

Example: a fraction is "(a+b)/c", a root "√(x)", a sum "∑_(i=1)^n x".
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from retrieval.reading.docx.xml import find_all, find_value

if TYPE_CHECKING:
    from collections.abc import Callable

_DEEPEST = 60  # nested parts; a deeper equation is not read
_SUPERSCRIPTS = str.maketrans("0123456789+-−()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾")


def equation_text(equation: Any, depth: int = 0) -> str:  # noqa: ANN401 - an XML element, which has no types
    """The text of `m:oMath` or of a part; "" if it nests too deeply."""
    if depth > _DEEPEST:
        return ""
    return "".join(_part(part, depth) for part in equation)


def _part(part: Any, depth: int) -> str:  # noqa: ANN401 - as above
    name = _name(part)
    if name == "r":
        return "".join(_plain(words.text or "") for words in find_all(part, "./m:t | ./w:t"))
    if name.endswith("Pr"):
        return ""
    write = _WAYS.get(name)
    return write(part, depth + 1) if write else equation_text(part, depth + 1)


def _plain(words: str) -> str:
    """Letters of mathematical alphabets (𝑥) as plain ones."""
    return "".join(unicodedata.normalize("NFKC", char) if 0x1D400 <= ord(char) < 0x1D800 else char for char in words)


def _name(part: Any) -> str:  # noqa: ANN401 - as above
    return str(part.tag).rpartition("}")[2]


def _inside(part: Any, name: str, depth: int) -> str:  # noqa: ANN401 - as above
    return "".join(equation_text(found, depth) for found in find_all(part, f"./m:{name}"))


def _grouped(words: str) -> str:
    """In brackets unless it is one letter, number or bracket."""
    is_one = words.isalnum() or (words[:1] == "(" and words[-1:] == ")" and words.count("(") == 1)
    return words if is_one or not words else f"({words})"


def _raised(words: str) -> str:
    """A superscript: by small digits where there are such."""
    small = words.translate(_SUPERSCRIPTS)
    return small if words and all(char in "0123456789+-−" for char in words) else f"^{_grouped(words)}" if words else ""


def _lowered(words: str) -> str:
    return f"_{_grouped(words)}" if words else ""


def _fraction(part: Any, depth: int) -> str:  # noqa: ANN401 - as above
    over, under = (_inside(part, name, depth) for name in ("num", "den"))
    return f"{_grouped(over)}/{_grouped(under)}"


def _scripts(part: Any, depth: int) -> str:  # noqa: ANN401 - as above
    """Sub- and superscripts before or behind a base."""
    scripts = _lowered(_inside(part, "sub", depth)) + _raised(_inside(part, "sup", depth))
    base = _inside(part, "e", depth)
    return f"{scripts}{base}" if _name(part) == "sPre" else f"{_grouped(base)}{scripts}"


def _root(part: Any, depth: int) -> str:  # noqa: ANN401 - as above
    degree, base = (_inside(part, name, depth) for name in ("deg", "e"))
    return f"{_raised(degree) if degree not in ('', '2') else ''}√({base})"


def _nary(part: Any, depth: int) -> str:  # noqa: ANN401 - as above
    sign = find_value(part, "./m:naryPr/m:chr/@m:val") or "∫"
    limits = _lowered(_inside(part, "sub", depth)) + _limit(_inside(part, "sup", depth))
    return f"{sign}{limits} {_inside(part, 'e', depth)}"


def _limit(words: str) -> str:
    return f"^{_grouped(words)}" if words else ""


def _delimited(part: Any, depth: int) -> str:  # noqa: ANN401 - as above
    signs = {}
    for name, default in (("begChr", "("), ("sepChr", "|"), ("endChr", ")")):
        found = find_all(part, f"./m:dPr/m:{name}")
        signs[name] = find_value(found[0], "@m:val") if found else default
    inside = signs["sepChr"].join(equation_text(base, depth) for base in find_all(part, "./m:e"))
    return f"{signs['begChr']}{inside}{signs['endChr']}"


def _under(part: Any, depth: int) -> str:  # noqa: ANN401 - as above
    return f"{_inside(part, 'e', depth)}{_lowered(_inside(part, 'lim', depth))}"


def _over(part: Any, depth: int) -> str:  # noqa: ANN401 - as above
    return f"{_inside(part, 'e', depth)}{_limit(_inside(part, 'lim', depth))}"


def _function(part: Any, depth: int) -> str:  # noqa: ANN401 - as above
    return f"{_inside(part, 'fName', depth)} {_inside(part, 'e', depth)}"


def _accent(part: Any, depth: int) -> str:  # noqa: ANN401 - as above
    sign = find_value(part, "./m:accPr/m:chr/@m:val") or "\u0302"
    base = _inside(part, "e", depth)
    return f"{base}{sign}" if len(base) == 1 else f"({base}){sign}"


def _bar(part: Any, depth: int) -> str:  # noqa: ANN401 - as above
    return "".join(f"{char}\u0305" for char in _inside(part, "e", depth))


def _lines(part: Any, depth: int) -> str:  # noqa: ANN401 - as above
    return "; ".join(equation_text(line, depth) for line in find_all(part, "./m:e"))


def _matrix(part: Any, depth: int) -> str:  # noqa: ANN401 - as above
    rows = (find_all(row, "./m:e") for row in find_all(part, "./m:mr"))
    return f"[{'; '.join(' '.join(equation_text(cell, depth) for cell in row) for row in rows)}]"


_WAYS: dict[str, Callable[[Any, int], str]] = {
    "acc": _accent,
    "bar": _bar,
    "d": _delimited,
    "eqArr": _lines,
    "f": _fraction,
    "func": _function,
    "limLow": _under,
    "limUpp": _over,
    "m": _matrix,
    "nary": _nary,
    "rad": _root,
    "sPre": _scripts,
    "sSub": _scripts,
    "sSubSup": _scripts,
    "sSup": _scripts,
}
