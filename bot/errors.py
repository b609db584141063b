"""
This package's error tree; messages state the rule, the value found and the remedy.

BotError
├── FatalError               the process cannot start, or must end; carries its exit code
│   ├── ConfigError          a setting is missing or invalid
│   ├── TokenError           the server does not know the token
│   ├── OtherInstanceError   another process polls with the same token
│   ├── NoResponseError      the server has not answered for too long
│   └── StateError           the state cannot be used
├── UnavailableError         the documents cannot be searched now
│   ├── OutdatedIndexError   the index was built by another version or model: rebuild it
│   └── WorkerEndedError     the process that searched has ended
├── StateUnavailableError    the state cannot be read or written now
│   └── StateUnreachableError  no server that keeps it answers
├── PageImageError           a page cannot be rendered, or not in time
├── FileTooLargeError        a document's file is larger than a bot may send
└── CorpusFolderError        the corpus folder is unknown, or a document cannot be stored in it
    └── NameTakenError       another document has the name
"""

from __future__ import annotations

from typing import ClassVar


class BotError(Exception):
    """The base of every error of this package."""


class FatalError(BotError):
    """Ends the process; after exit code 2 a service manager should not restart it."""

    exit_code: ClassVar[int] = 2


class ConfigError(FatalError):
    """A setting is missing or invalid."""


class TokenError(FatalError):
    """The server answered the token with 401 or 404."""


class OtherInstanceError(FatalError):
    """The server answered 409: two processes poll with one token."""

    exit_code: ClassVar[int] = 3


class NoResponseError(FatalError):
    """The server has been silent for so long that a restart is the remedy."""

    exit_code: ClassVar[int] = 4


class StateError(FatalError):
    """The state cannot be opened, or a newer version wrote it."""


class StateUnavailableError(BotError):
    """The state cannot be read or written now, as on a full disk."""


class StateUnreachableError(StateUnavailableError):
    """No server that keeps the state answers, or none of its standbys confirms."""


class UnavailableError(BotError):
    """The documents cannot be searched now."""


class OutdatedIndexError(UnavailableError):
    """Another version or model built the index: an administrator must rebuild it."""


class WorkerEndedError(UnavailableError):
    """The process that searched has ended."""


class PageImageError(BotError):
    """A page cannot be rendered as an image."""


class HtmlPageError(BotError):
    """A page of HTML cannot be written; `kind` names the DocumentError, if any."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


class FileTooLargeError(BotError):
    """A document's file is larger than a bot may send."""


class CorpusFolderError(BotError):
    """There is no corpus folder, or none that may receive documents."""


class NameTakenError(CorpusFolderError):
    """Another document of the corpus has this name."""
