"""
Whether the index is still built from the folder whose subfolders the settings name.

`trichdan index --other-root` may change it: a closed subfolder's documents would then be the root's, and open.
"""

from __future__ import annotations

from bot.storage.facts import Facts
from retrieval import IndexFault, UnreachableIndex
from retrieval.index import AnyAddress, open_place


class CorpusRoot:
    """
    The folder of the live generation, compared with the one that was confirmed.

    The first one that is seen counts as confirmed.
    """

    def __init__(self, index: AnyAddress, facts: Facts) -> None:
        self._place = open_place(index)
        self._facts = facts
        self._known = ("", "")  # a generation and its root

    def current(self) -> str:
        """The folder of the live generation; "" without a usable index or a folder."""
        try:
            generation = self._place.live()
            if generation != self._known[0]:
                root = self._place.corpus_root(self._place.origin(generation))
                self._known = (generation, str(root) if root is not None else "")
        except (IndexFault, OSError):  # which nothing can be shown from
            return ""
        return self._known[1]

    def is_confirmed(self) -> bool:
        """
        Whether the collections are those of the folder that was confirmed.

        Not while nobody knows, since the index does not answer.
        """
        try:
            current, confirmed = self.current(), self._facts.find("root")
        except UnreachableIndex:
            return False
        if current and confirmed is None:
            self._facts.note("root", current)
        return not current or confirmed in {None, current}

    def confirm(self) -> tuple[str, str]:
        """Confirm the folder of the live generation; returns the former one and this one."""
        former, current = self._facts.find("root") or "", self.current()
        self._facts.note("root", current)
        return former, current
