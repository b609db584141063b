"""
Open a further place of an answer in its own message, and close it again.

What answers the question stays as it stands in the chat; what is below it is written anew from the state, after
every quote has been compared with its document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MaybeInaccessibleMessage, Message

from bot.conversation.feedback import rating_rows
from bot.conversation.keyboards import answer_rows, opened_rows
from bot.messages.answer_message import further_places, named_places, opened_place
from bot.messages.kept_part import answering_part
from bot.messages.texts import Texts
from bot.storage.state import AnswerSummary, StoredPassage
from retrieval import Quote


@dataclass(frozen=True, slots=True)
class PlacesMessage:
    """
    A message of further places.

    A new one if the answer's own has no room for them, or is too old.
    """

    html: str
    keyboard: InlineKeyboardMarkup
    is_new: bool


@dataclass(frozen=True, slots=True)
class FurtherPlaces:
    """
    The places of a stored answer beyond those that its message shows in full.

    `quotes`: of all its passages as they are now, None for each that cannot be shown any more.
    """

    answer_id: str
    summary: AnswerSummary
    passages: Sequence[StoredPassage]
    quotes: Sequence[Quote | None]

    def open(
        self, place: int, message: MaybeInaccessibleMessage, texts: Texts, *, is_new: bool
    ) -> PlacesMessage | None:
        """
        The message with a place open.

        None if that place, or what the message shows, cannot be shown any more.
        """
        quotes = self._further()
        if place not in quotes:
            return None
        rows = opened_rows(self.answer_id, place, [*quotes], texts)
        if isinstance(message, Message) and not is_new:
            above = answering_part(message)
            if above and not all(self.quotes[: self.summary.shown]):
                return None
            html = opened_place(above, quotes, place, texts)
            if html:
                return PlacesMessage(html, _keyboard(rows, message), is_new=False)
        return PlacesMessage(opened_place("", quotes, place, texts), InlineKeyboardMarkup(rows), is_new=True)

    def next_from(self, place: int) -> int | None:
        """The first place from this one on that can be shown."""
        return min((each for each in self._further() if each >= place), default=None)

    def close(self, message: MaybeInaccessibleMessage, texts: Texts) -> PlacesMessage | None:
        """The message as it was sent; None if its contents are not known."""
        if not isinstance(message, Message):
            return None
        above = answering_part(message)
        scores, sentence = [each.score for each in self.passages], self.passages[0].end - self.passages[0].start
        named = named_places(scores, self.summary.shown, self.summary.state, sentence=sentence)
        quotes = {place: quote for place, quote in self._further().items() if not above or place in named}
        html = "\n\n".join([*([above] if above else []), *further_places(quotes, texts, self.summary.state)])
        rows = answer_rows(self.answer_id, self.summary.shown, len(self.passages), texts)
        return PlacesMessage(html, _keyboard(rows, message), is_new=False) if html else None

    def _further(self) -> dict[int, Quote]:
        return {place: quote for place, quote in enumerate(self.quotes) if quote and place >= self.summary.shown}


def _keyboard(
    rows: Sequence[Sequence[InlineKeyboardButton]], message: MaybeInaccessibleMessage
) -> InlineKeyboardMarkup:
    """These rows above those of a message's ratings."""
    return InlineKeyboardMarkup([*rows, *(rating_rows(message) if isinstance(message, Message) else [])])
