"""
Every error of this package, in one tree; the message says the rule, the value found and the remedy.

BotError
├── Refusal             the program cannot start, or must end; carries its exit code
│   ├── ConfigError     a setting is missing or cannot be used
│   ├── TokenRefused    the server does not know the token
│   ├── OtherInstance   another process polls with the same token
│   ├── Silence         the server has not answered for too long
│   └── StateError      the state file cannot be used
├── Unavailable         the documents cannot be searched now; what a reader is told is an apology
│   └── Outdated        until the index is built anew: another version of the program, or another model, built it
├── Undrawn             there is no picture of a page, or none in time
├── LargeFile           a document's file is larger than a bot may send
└── ShelfError          the corpus folder is not known, or a document cannot be put into it
"""

from __future__ import annotations

from typing import ClassVar


class BotError(Exception):
    """Anything this package refuses to do."""


class Refusal(BotError):
    """Ends the program. A service manager should not start it again after exit code 2: a person must act first."""

    exit_code: ClassVar[int] = 2


class ConfigError(Refusal):
    """A setting is missing, or holds what cannot be used."""


class TokenRefused(Refusal):
    """The server answered the token with 401 or 404."""


class OtherInstance(Refusal):
    """The server answered 409: two processes poll with one token."""

    exit_code: ClassVar[int] = 3


class Silence(Refusal):
    """No answer from the server for so long that a fresh start is the remedy."""

    exit_code: ClassVar[int] = 4


class StateError(Refusal):
    """The state file cannot be opened, or a newer version wrote it."""


class Unavailable(BotError):
    """The documents cannot be searched at this moment."""


class Outdated(Unavailable):
    """The index is another version's or another model's: an administrator must have it built anew."""


class Undrawn(BotError):
    """A page that somebody wants to see cannot be drawn."""


class LargeFile(BotError):
    """A document's file is larger than a bot may send."""


class ShelfError(BotError):
    """There is no corpus folder, or not one into which documents may be put."""
