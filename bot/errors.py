"""
Every error of this package, in one tree; the message says the rule, the value found and the remedy.

BotError
├── FatalError               the process cannot start, or must end; carries its exit code
│   ├── ConfigError          a setting is missing or invalid
│   ├── TokenError           the server does not know the token
│   ├── OtherInstanceError   another process polls with the same token
│   ├── NoResponseError      the server has not answered for too long
│   └── StateError           the state file cannot be used
├── UnavailableError         the documents cannot be searched now
│   └── OutdatedIndexError   the index was built by another version or model: rebuild it
├── PageImageError           a page cannot be rendered, or not in time
├── FileTooLargeError        a document's file is larger than a bot may send
└── CorpusFolderError        the corpus folder is unknown, or a document cannot be stored in it
"""

from __future__ import annotations

from typing import ClassVar


class BotError(Exception):
    """Anything this package refuses to do."""


class FatalError(BotError):
    """Ends the program. A service manager should not start it again after exit code 2: a person must act first."""

    exit_code: ClassVar[int] = 2


class ConfigError(FatalError):
    """A setting is missing, or holds what cannot be used."""


class TokenError(FatalError):
    """The server answered the token with 401 or 404."""


class OtherInstanceError(FatalError):
    """The server answered 409: two processes poll with one token."""

    exit_code: ClassVar[int] = 3


class NoResponseError(FatalError):
    """No answer from the server for so long that a fresh start is the remedy."""

    exit_code: ClassVar[int] = 4


class StateError(FatalError):
    """The state file cannot be opened, or a newer version wrote it."""


class UnavailableError(BotError):
    """The documents cannot be searched at this moment."""


class OutdatedIndexError(UnavailableError):
    """The index is another version's or another model's: an administrator must have it built anew."""


class PageImageError(BotError):
    """A page that somebody wants to see cannot be drawn."""


class FileTooLargeError(BotError):
    """A document's file is larger than a bot may send."""


class CorpusFolderError(BotError):
    """There is no corpus folder, or not one into which documents may be put."""
