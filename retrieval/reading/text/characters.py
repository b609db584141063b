"""
Character classes for regular expressions, superscripts and escapes.

`re` has no \\p{Lu}, and a range such as [à-ỹ] will not do: Vietnamese capitals and small letters alternate in Unicode.
"""

_LATIN = [chr(code) for code in (*range(0x41, 0x250), *range(0x1E00, 0x1F00))]
CAPITAL = "[" + "".join(letter for letter in _LATIN if letter.isupper()) + "]"
SMALL = "[" + "".join(letter for letter in _LATIN if letter.islower()) + "]"

_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")


def to_superscript(words: str) -> str:
    """
    Turn digits and signs into superscripts, apart from a number before them; letters are kept.

    Example: "-5" -> "⁻⁵"
    """
    return words.translate(_RAISED)


def escape_unprintable(name: str) -> str:
    """
    Escape the unprintable characters of a name.

    Example: "a(line break).txt" -> "a\\n.txt"
    """
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in name)
