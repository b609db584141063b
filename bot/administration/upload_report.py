"""
The report on an upload: the document, its folder, and who would read it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from telegram import Document, InlineKeyboardButton, InlineKeyboardMarkup

from bot.administration.upload_inspection import Unreadable
from bot.messages.html_page_buttons import upload_button
from bot.messages.quote_html import escape, truncate
from bot.messages.texts import Texts
from bot.settings.visibility import VisibleCollections
from bot.storage.state import Role
from retrieval.reading import ARCHIVE_SUFFIX, READERS, DocumentSummary, collection_name, collection_named

LARGEST = 20 * 1024 * 1024  # bytes that a bot may download: Bot API, "getFile"
LINE = 300  # UTF-16 units
_DATA = 51  # bytes of a folder's name in a button: Bot API, 64 in all
_FOLDERS = 10  # offered


@dataclass(frozen=True, slots=True)
class Target:
    """Where a document would go, and who would read it there."""

    folder: str  # relative to the corpus; "" is the corpus itself
    roles: Sequence[Role]
    groups: int
    exists: bool  # whether the folder has a file of this name
    free: bool  # whether the document may be put there all the same


def refusal_of(document: Document, name: str, texts: Texts) -> str:
    """Why a document is not downloaded, "" if it is."""
    suffix = PurePath(name).suffix.lower()
    if suffix == ARCHIVE_SUFFIX:
        # One report cannot describe an archive's documents, nor can they be decided one by one.
        return texts.administration.archive
    if suffix not in READERS:
        return texts.administration.wrong_format.format(kinds=", ".join(sorted(READERS)))
    return texts.administration.too_large if (document.file_size or 0) > LARGEST else ""


def unreadable_text(found: Unreadable, name: str, texts: Texts) -> str:
    """Why a file cannot become a document."""
    reasons = dict(texts.administration.reasons)
    return texts.administration.unreadable.format(
        name=truncate(name, LINE), reason=reasons.get(found.kind, reasons[""])
    )


def report(found: DocumentSummary, name: str, target: Target, warnings: list[str], texts: Texts) -> str:
    """The report in HTML."""
    labels, words = texts.administration, texts.documents
    day = f"{found.published:%d/%m/%Y}" if found.published else texts.undated
    facts = [
        (labels.title, found.title),
        (labels.publisher, found.publisher or "–"),
        (labels.date, day),
        (labels.paragraphs, str(found.paragraphs)),
        (labels.first, f"“{truncate(found.first, LINE)}”"),
        (words.folder, folder_name(target.folder)),
        (words.readers, _readers(target, texts)),
    ]
    lines = [f"{escape(label)}: {escape(truncate(value, LINE))}" for label, value in facts]
    warnings = warnings if "staff" in target.roles else [*warnings, words.not_for_staff]
    noted = [f"⚠ {escape(warning)}" for warning in warnings]
    return "\n".join(
        [
            f"<b>{escape(labels.received.format(name=truncate(name, LINE)))}</b>",
            *lines,
            *noted,
            "",
            escape(labels.decision_prompt),
        ]
    )


def decision(number: str, target: Target, choices: Sequence[str], texts: Texts) -> InlineKeyboardMarkup:
    """The buttons below a report: add, drop, look, and the other folders."""
    add, drop = texts.administration.add, texts.administration.drop
    verb = "r" if target.exists else "a"
    others = [
        InlineKeyboardButton(f"📁 {folder_name(folder)}", callback_data=f"u:{number}:f:{folder}")
        for folder in choices
        if folder != target.folder and "/" not in folder and len(folder.encode()) <= _DATA
    ][:_FOLDERS]
    return InlineKeyboardMarkup(
        [
            *([[InlineKeyboardButton(add, callback_data=f"u:{number}:{verb}{_carried(target.folder)}")]] * target.free),
            [InlineKeyboardButton(drop, callback_data=f"u:{number}:d")],
            [upload_button(number, texts)],
            *(others[place : place + 2] for place in range(0, len(others), 2)),
        ]
    )


def folder_name(folder: str) -> str:
    """What a folder of the corpus is called; its own documents have a name too."""
    return folder or collection_name("")


def collection_of(folder: str) -> str:
    """The collection of the documents in a folder of the corpus."""
    return collection_named(folder.partition("/")[0]) if folder else ""


def sees(within: VisibleCollections, folder: str) -> bool:
    """Whether somebody who sees these collections sees the documents in a folder of the corpus."""
    return within is None or collection_of(folder) in within


def name_in(folder: str, name: str, number: str, within: VisibleCollections) -> str:
    """
    The name that an upload gets in a folder.

    In one that its sender does not see, the upload's id is always part of it: whether the name was taken is not theirs
    to know, and what has it not theirs to replace.
    """
    path = PurePath(name)
    return name if sees(within, folder) else f"{path.stem}-{number}{path.suffix}"


def _carried(folder: str) -> str:
    """A folder as a button carries it; "" where it cannot be carried."""
    return "" if "/" in folder or len(folder.encode()) > _DATA else f":{folder}"


def _readers(target: Target, texts: Texts) -> str:
    words = texts.documents
    names = [texts.admin if role == "admin" else texts.staff for role in target.roles]
    groups = [words.groups.format(count=target.groups)] if target.groups else []
    return ", ".join([*names, *groups]) or words.nobody
