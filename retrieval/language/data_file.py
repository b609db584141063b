"""
Read the word lists that ship with the package.

Nothing else in `language` touches the disk.
"""

import tomllib
from importlib import resources

from retrieval.language.errors import LanguageDataError
from retrieval.language.spelling import nfc

Table = dict[str, object]


def read_text(name: str) -> str:
    """The text of one file in retrieval/language/data."""
    try:
        return resources.files("retrieval.language").joinpath("data", name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LanguageDataError(
            f"the package reads its word list {name} as UTF-8 text, but {error}: restore the file"
        ) from error


def read_toml(name: str) -> Table:
    """The tables of one TOML file in retrieval/language/data."""
    try:
        return tomllib.loads(read_text(name))
    except tomllib.TOMLDecodeError as error:
        raise LanguageDataError(f"a word list is valid TOML, but {name} is not ({error}): correct it") from error


def tables(content: Table, key: str, *, source: str) -> list[Table]:
    """The entries written as [[key]] in the content of a file."""
    entries = content.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise LanguageDataError(f"{source} lists its entries as [[{key}]], found {entries!r:.80}: correct it")
    return entries


def table(content: Table, key: str, *, source: str) -> Table:
    """The table written as [key] in the content of a file."""
    (entry,) = tables({key: [content.get(key)]}, key, source=source)
    return entry


def word(entry: Table, key: str, *, source: str) -> str:
    """The required text under a key, in NFC."""
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise LanguageDataError(f'in {source} every entry has {key} = "...", found {entry!r:.80}: add it')
    return nfc(value)


def words(entry: Table, key: str, *, source: str) -> tuple[str, ...]:
    """The required, non-empty list of texts under a key, in NFC."""
    values = entry.get(key)
    if not isinstance(values, list) or not values or not all(isinstance(v, str) and v.strip() for v in values):
        raise LanguageDataError(f'in {source} every entry has {key} = ["..."], found {entry!r:.80}: add it')
    return tuple(map(nfc, values))


def check(condition: bool, rule: str) -> None:  # noqa: FBT001 - reads like assert, which must not check input
    """Raise the rule as an error unless it holds."""
    if not condition:
        raise LanguageDataError(rule)
