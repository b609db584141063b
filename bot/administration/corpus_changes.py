"""
Changes of the corpus through the chat, which can be undone for a day.

A file that is removed or replaced is first copied beside the state file, so that no failure loses it.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.administration.corpus_folder import CorpusFolder, safe_name
from bot.errors import NameTakenError
from bot.storage.chat_documents import UPLOADS, Change, ChatDocument, ChatDocuments, Undoable
from bot.storage.day_files import DayFiles
from bot.storage.state import BotState


class CorpusChanges:
    """
    Adds, removes, renames and restores documents that came through the chat.

    Args:
        trash: where files are kept for a day.
    """

    def __init__(self, corpus_folder: CorpusFolder, trash: DayFiles, state: BotState) -> None:
        self._corpus_folder = corpus_folder
        self._trash = trash
        self._state = state
        self.documents = ChatDocuments(state)

    def folder_of(self, document: ChatDocument) -> str:
        """The folder of a document, relative to the corpus."""
        return self._corpus_folder.uploads if document.folder == UPLOADS else document.folder

    def path_of(self, document: ChatDocument) -> Path:
        """Where a document is; CorpusFolderError if there is no corpus."""
        return self._corpus_folder.path_for(document.name, self.folder_of(document))

    def is_of_chat(self, folder: str, name: str) -> bool:
        """Whether the document of this name came through the chat."""
        return self._find(folder, name) is not None

    async def add(self, file: Path, name: str, folder: str, by: int) -> str:
        """Add a file; returns the token that undoes it if it replaces another, else ""."""
        exists = self._corpus_folder.path_for(name, folder).exists()
        token = await self._keep(name, "replaced", folder) if exists else ""
        await asyncio.to_thread(self._corpus_folder.put, file, name, folder)
        self._note(name, folder, by)
        self._state.log_action(by, f"add document: {name}")
        return token

    async def remove(self, document: ChatDocument, by: int) -> str:
        """Remove a document; returns the token that undoes it."""
        token = await self._keep(document.name, "removed", self.folder_of(document))
        self._corpus_folder.delete(document.name, self.folder_of(document))
        self.documents.remove(document.number)
        self._state.log_action(by, f"remove document: {document.name}")
        return token

    def rename(self, document: ChatDocument, wanted: str, by: int) -> tuple[str, str]:
        """
        Rename a document; returns its new name and the token that undoes it.

        The suffix stays.

        Raises:
            NameTakenError: another document has the name.
        """
        suffix, folder = Path(document.name).suffix, self.folder_of(document)
        name = safe_name(wanted if wanted.lower().endswith(suffix.lower()) else f"{wanted}{suffix}")
        self._move(folder, document.name, name)
        self.documents.rename(document.number, name)
        self._state.log_action(by, f"rename document: {document.name} → {name}")
        return name, self.documents.note_change("renamed", folder, name, document.name)

    async def undo(self, change: Undoable, by: int) -> str:
        """
        Undo a change; returns the name of the document that is back.

        Raises:
            NameTakenError: another document has taken the name.
        """
        name = change.former or change.name
        if change.change == "renamed":
            self._move(change.folder, change.name, name)
            document = self._find(change.folder, change.name)
            if document:
                self.documents.rename(document.number, name)
        else:
            kept = self._trash.find(change.token)
            if kept is None:
                raise FileNotFoundError(f"a removed file is kept for a day, {name} no longer is: send it again")
            if change.change == "removed" and self._corpus_folder.path_for(name, change.folder).exists():
                raise NameTakenError(f"a document's name is its own, {name} is another's now: rename that one")
            await asyncio.to_thread(self._corpus_folder.put, kept, name, change.folder)
            self._note(name, change.folder, by)
            self._trash.drop(change.token)
        self._state.log_action(by, f"restore document: {name}")
        return name

    def _find(self, folder: str, name: str) -> ChatDocument | None:
        listed = self.documents.listed()
        return next((each for each in listed if (self.folder_of(each), each.name) == (folder, name)), None)

    def _note(self, name: str, folder: str, by: int) -> None:
        document = self._find(folder, name)
        self.documents.add(document.folder if document else folder, name, by)

    async def _keep(self, name: str, change: Change, folder: str) -> str:
        """Copy a file that is about to go; returns its token."""
        token, kept = self._trash.create(name)
        await asyncio.to_thread(self._corpus_folder.copy, name, folder, kept)
        return self.documents.note_change(change, folder, name, token=token)

    def _move(self, folder: str, old: str, new: str) -> None:
        if self._corpus_folder.path_for(new, folder).exists():
            raise NameTakenError(f"a document's name is its own, {new} is another's: choose another")
        self._corpus_folder.rename(old, new, folder)
