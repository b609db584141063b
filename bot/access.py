"""
Access: who may ask. Everything is denied that is not allowed here, before any other handler sees it.

Every kind of update is judged by its *user*: a group or a forwarded button gives nobody a right.
"""

from __future__ import annotations

from collections.abc import Sequence

from telegram import Chat, Update, User
from telegram.ext import ApplicationHandlerStop, ContextTypes

from bot.messages.language import texts_for, texts_of
from bot.messages.quote_html import escape
from bot.settings.visibility import Visibility, VisibleCollections, intersection
from bot.storage.state import Role, StateFile
from bot.transport.delivery import FROM_INLINE, confirm, offer, send

HOUR = 3600.0


class Access:
    """
    The gate, and the roles behind it.

    Args:
        fixed: the administrators by setting; no command can remove them.
        groups: the chats, other than private ones, in which staff may ask.
        visibility: which collections of documents a role or a group may see.
    """

    def __init__(
        self,
        state: StateFile,
        fixed: Sequence[int],
        groups: Sequence[int] = (),
        visibility: Visibility = Visibility(),  # noqa: B008 - frozen
    ) -> None:
        self._state = state
        self.fixed = frozenset(fixed)
        self._groups = frozenset(groups)
        self._visibility = visibility

    def role(self, user_id: int) -> Role | None:
        """The role of a user, None for a stranger."""
        return "admin" if user_id in self.fixed else self._state.role(user_id)

    def within(self, update: Update) -> VisibleCollections:
        """
        The collections that may be shown in answer to an update: those open to whoever sent it and, in a group, to the
        group too. Asked anew for each update, since rights may have changed since a button was sent.
        """
        user, chat = update.effective_user, update.effective_chat
        role = self.role(user.id) if user else None
        if role is None:
            return frozenset()
        own = self._visibility.of_role(role)
        return own if chat is None or chat.type == "private" else intersection(own, self._visibility.of_group(chat.id))

    def admins(self) -> list[int]:
        """Every administrator's user id."""
        return sorted(self.fixed | {person.user_id for person in self._state.people() if person.role == "admin"})

    async def gate(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Lets an update through to the other handlers, or ends it here."""
        user = update.effective_user
        if user is None:
            raise ApplicationHandlerStop
        code = _invitation(update)
        if code and await self._redeemed(update, context, user, code):
            raise ApplicationHandlerStop
        if self.role(user.id) is None:
            await self._refuse(update, context, user, invited=bool(code))
            raise ApplicationHandlerStop
        if update.inline_query is None and not self.is_open(update.effective_chat) and not _words_only(update):
            raise ApplicationHandlerStop

    def is_open(self, chat: Chat | None) -> bool:
        """Whether what is shown in a chat may be read by all of its members."""
        return chat is not None and (chat.type == "private" or chat.id in self._groups)

    def is_admin_chat(self, chat: Chat, user: User | None) -> bool:
        """Whether an administrator is alone with the bot, so that its upkeep may be spoken of."""
        return chat.type == "private" and user is not None and self.role(user.id) == "admin"

    async def require_admin(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> bool:
        """Whether an administrator gives a command in a private chat; says so if not."""
        message = update.message
        if message is None or message.from_user is None:
            return False
        allowed, texts = self.is_admin_chat(message.chat, message.from_user), texts_of(update)
        if not allowed:
            admin = self.role(message.from_user.id) == "admin"
            refusal = texts.private_only if admin else texts.admins_only
            await send(context.bot, message.chat.id, escape(refusal), to=message.message_id)
        return allowed

    async def _redeemed(self, update: Update, context: ContextTypes.DEFAULT_TYPE, user: User, code: str) -> bool:
        """Whether an invitation was for this user; an administrator does not use one up."""
        if self.role(user.id) == "admin" or self._state.redeem(code, user.id, user.full_name) is None:
            return False
        texts = texts_for(user)
        if update.effective_chat:
            await send(context.bot, update.effective_chat.id, f"{escape(texts.welcome)}\n\n{texts.start_html}")
        return True

    async def _refuse(self, update: Update, context: ContextTypes.DEFAULT_TYPE, user: User, *, invited: bool) -> None:
        """One sentence an hour, in the stranger's own chat; in a group nothing, since others would read it."""
        texts = texts_for(user)
        if update.inline_query:
            await offer(update.inline_query, (), button=texts.inline_stranger)
            return
        sentence = (texts.dead_invite if invited else texts.stranger).format(user=user.id)
        if update.callback_query:
            told = self._state.may_refuse(user.id, HOUR)
            await confirm(update.callback_query, sentence if told else "", alert=told)
            return
        chat = update.effective_chat
        if chat and chat.type == "private" and self._state.may_refuse(user.id, HOUR):
            await send(context.bot, chat.id, escape(sentence))


def _invitation(update: Update) -> str:
    """The code of `/start CODE` that is given, not forwarded, in a private chat; else ""."""
    message = update.message
    if message is None or message.chat.type != "private" or message.forward_origin:
        return ""
    command, *rest = (message.text or "").split()[:2] or [""]
    return rest[0] if rest and command.partition("@")[0] == "/start" and rest[0] != FROM_INLINE else ""


def _words_only(update: Update) -> bool:
    """A message that is no command: in a closed group it may be told that the group is closed."""
    return update.message is not None and not (update.message.text or "/").startswith("/")
