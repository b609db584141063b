"""
Capital and small letters for regular expressions, which know no \\p{Lu}: those of every Latin alphabet.

A range such as [à-ỹ] will not do: Vietnamese capitals and small letters alternate in Unicode.
"""

_LATIN = [chr(code) for code in (*range(0x41, 0x250), *range(0x1E00, 0x1F00))]
CAPITAL = "[" + "".join(letter for letter in _LATIN if letter.isupper()) + "]"
SMALL = "[" + "".join(letter for letter in _LATIN if letter.islower()) + "]"

_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")


def to_superscript(words: str) -> str:
    """
    The words as a superscript, so that a number before them does not swallow them; letters stay as they are.
    Example: "-5" -> "⁻⁵"
    """
    return words.translate(_RAISED)


def escape_unprintable(name: str) -> str:
    """
    A name with its odd characters written out.
    Example: "a(line break).txt" -> "a\\n.txt"
    """
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in name)
