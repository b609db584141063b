"""
Access control: deny by default, before any other handler runs.

Every update is judged by its *user*: a group or a forwarded button gives nobody access.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from telegram import CallbackQuery, Chat, MaybeInaccessibleMessage, Update, User
from telegram.ext import ApplicationHandlerStop, ContextTypes

from bot.admission import Admission, welcome_html
from bot.messages.language import texts_for, texts_of
from bot.messages.quote_html import escape
from bot.settings.visibility import Visibility, VisibleCollections, intersection
from bot.storage.access_requests import AccessRequests
from bot.storage.names import Names, storable
from bot.storage.open_groups import OpenGroups
from bot.storage.state import BotState, Role
from bot.transport.delivery import FROM_INLINE, answer_callback_query, answer_inline_query, send

HOUR = 3600.0
ERASURE_PRESSES = ("f:yes", "f:no")


class AdminPress(NamedTuple):
    """An administrator's press of a button: what it carries, and its message."""

    query: CallbackQuery
    data: str
    message: MaybeInaccessibleMessage


class Access:
    """
    The access gate and the roles behind it.

    Args:
        fixed: administrators named in the settings; no command can remove them.
        groups: ids of the group chats in which staff may ask.
        visibility: which collections each role or group may see.
        is_root_confirmed: whether the collections are those that `visibility` was written for.
        announce: called when a stranger's request is to be announced to the administrators.
    """

    def __init__(
        self,
        state: BotState,
        fixed: Sequence[int],
        groups: Sequence[int] = (),
        visibility: Visibility = Visibility(),  # noqa: B008 - frozen
        *,
        is_root_confirmed: Callable[[], bool] = lambda: True,
        announce: Callable[[], None] = lambda: None,
    ) -> None:
        self._state = state
        self._names = Names(state)
        self._requests = AccessRequests(state)
        self.admission = Admission(state, self._requests)
        self._is_root_confirmed = is_root_confirmed
        self._announce = announce
        self.fixed = frozenset(fixed)
        self._fixed_groups = frozenset(groups)
        self._open_groups = OpenGroups(state)
        self._visibility = visibility

    def role(self, user_id: int) -> Role | None:
        """The role of a user, None for a stranger."""
        return "admin" if user_id in self.fixed else self._state.role(user_id)

    def visible_collections(self, update: Update) -> VisibleCollections:
        """
        The collections that may be shown in reply to an update.

        In a group, only those that both its sender and the group may see. Checked for every update, since access may
        have changed after a button was sent. Nothing for who does not see all, while the index's folder is another one.
        """
        user, chat = update.effective_user, update.effective_chat
        role = self.role(user.id) if user else None
        if role is None:
            return frozenset()
        seen = self._visibility.of_role(role)
        if chat is not None and chat.type != "private":
            seen = intersection(seen, self._visibility.of_group(chat.id))
        return seen if seen is None or self._is_root_confirmed() else frozenset()

    def readers(self, collection: str) -> tuple[list[Role], int]:
        """The roles that may see a collection, and how many groups may."""
        roles: list[Role] = ["admin", "staff"]
        seeing = [role for role in roles if _within(collection, self._visibility.of_role(role))]
        groups = [chat for chat in self._groups if _within(collection, self._visibility.of_group(chat))]
        return seeing, len(groups) if seeing else 0

    def admins(self) -> list[int]:
        """Every administrator's user id."""
        return sorted(self.fixed | {person.user_id for person in self._state.people() if person.role == "admin"})

    async def gate(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Pass an update on to the other handlers, or stop it here."""
        user = update.effective_user
        if user is None:
            raise ApplicationHandlerStop
        code = _invitation(update)
        if code and await self._redeem(update, context, user, code):
            raise ApplicationHandlerStop
        if self.role(user.id) is None and _asks_for_erasure(update) and self._names.is_known(user.id):
            return  # somebody who was removed; nothing else is open to them
        if self.role(user.id) is None:
            await self._refuse(update, context, user, invited=bool(code))
            self._state.forget_update(update.update_id)
            raise ApplicationHandlerStop
        self._names.remember(user.id, user.full_name)
        if update.inline_query is None and not self.is_open(update.effective_chat):
            if _is_plain_message(update) or (self.role(user.id) == "admin" and _concerns_a_group(update)):
                return
            raise ApplicationHandlerStop

    def is_open(self, chat: Chat | None) -> bool:
        """Whether the bot may answer in a chat: private, or a configured group."""
        return chat is not None and (chat.type == "private" or chat.id in self._groups)

    def is_fixed_group(self, chat_id: int) -> bool:
        """Whether the settings open a group, which no command can close."""
        return chat_id in self._fixed_groups

    def group_sees_nothing(self, chat_id: int) -> bool:
        """Whether no collection is open to a group."""
        return self._visibility.of_group(chat_id) == frozenset()

    def open_group(self, chat_id: int, title: str, by: int) -> None:
        """Let staff ask in a group."""
        self._open_groups.open(chat_id, title, by)

    def close_group(self, chat_id: int, by: int) -> None:
        """Let nobody ask in a group any more."""
        self._open_groups.close(chat_id, by)

    @property
    def _groups(self) -> frozenset[int]:
        """The groups in which staff may ask; another process may have opened or closed one."""
        return self._fixed_groups | self._open_groups.ids()

    def is_admin_chat(self, chat: Chat, user: User | None) -> bool:
        """Whether this is an administrator's private chat with the bot."""
        return chat.type == "private" and user is not None and self.role(user.id) == "admin"

    async def require_admin(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> bool:
        """Whether an administrator sent this command in private; if not, reply with the reason."""
        message = update.message
        if message is None or message.from_user is None:
            return False
        allowed, texts = self.is_admin_chat(message.chat, message.from_user), texts_of(update)
        if not allowed:
            admin = self.role(message.from_user.id) == "admin"
            refusal = texts.private_only if admin else texts.admins_only
            await send(context.bot, message.chat.id, escape(refusal), to=message.message_id)
        return allowed

    async def require_admin_press(self, update: Update) -> AdminPress | None:
        """A press by an administrator in private; None, and a notice, if it is another's."""
        query = update.callback_query
        if query is None or query.data is None or query.message is None:
            return None
        if self.is_admin_chat(query.message.chat, query.from_user):
            return AdminPress(query, query.data, query.message)
        await answer_callback_query(query, texts_of(update).admins_only, alert=True)
        return None

    async def _redeem(self, update: Update, context: ContextTypes.DEFAULT_TYPE, user: User, code: str) -> bool:
        """Whether the user redeemed an invitation; administrators do not use one up."""
        if self.role(user.id) == "admin":
            return False
        role = self._state.redeem(code, user.id, storable(user.full_name), admins=self.admins())
        if role is None:
            return False
        try:
            if update.effective_chat:
                await send(context.bot, update.effective_chat.id, welcome_html(texts_for(user)))
        finally:  # a welcome that fails is sent by the next try, which finds the invitation used
            await self.admission.redeemed(context.bot, user.id, role)
        return True

    async def _refuse(self, update: Update, context: ContextTypes.DEFAULT_TYPE, user: User, *, invited: bool) -> None:
        """Send a stranger at most one message an hour, and only in private."""
        texts = texts_for(user)
        if update.inline_query:
            await answer_inline_query(update.inline_query, (), button=texts.inline_stranger)
            return
        sentence = (texts.dead_invite if invited else texts.stranger).format(user=user.id)
        if update.callback_query:
            may_reply = self._state.may_refuse(user.id, HOUR)
            await answer_callback_query(update.callback_query, sentence if may_reply else "", alert=may_reply)
            return
        chat = update.effective_chat
        if chat is None or chat.type != "private" or self._requests.is_refused(user.id):
            return
        if self.admins() and self._requests.record(user.id, user.full_name, texts.code):
            self._announce()
            sentence = f"{sentence} {texts.access.request_passed_on}"
        if self._state.may_refuse(user.id, HOUR):
            await send(context.bot, chat.id, escape(sentence))


def _within(collection: str, visible: VisibleCollections) -> bool:
    return visible is None or collection in visible


def _invitation(update: Update) -> str:
    """The code of a private `/start CODE` that is not forwarded, else ""."""
    message = update.message
    if message is None or message.chat.type != "private" or message.forward_origin:
        return ""
    command, *rest = (message.text or "").split()[:2] or [""]
    return rest[0] if rest and command.partition("@")[0] == "/start" and rest[0] != FROM_INLINE else ""


def _asks_for_erasure(update: Update) -> bool:
    """Whether this is /quenlai or one of its buttons, in private."""
    message, query, chat = update.message, update.callback_query, update.effective_chat
    if chat is None or chat.type != "private":
        return False
    if query:
        return query.data in ERASURE_PRESSES
    words = (message.text or "").split(maxsplit=1) if message and not message.forward_origin else []
    return bool(words) and words[0].partition("@")[0] == "/quenlai"


def _is_plain_message(update: Update) -> bool:
    """Whether this is a plain message, which a closed group answers with a notice."""
    return update.message is not None and not (update.message.text or "/").startswith("/")


def _concerns_a_group(update: Update) -> bool:
    """Whether an update opens a closed group, or adds somebody to it."""
    message = update.message
    if message is None:
        return False
    return bool(message.new_chat_members) or (message.text or "").partition("@")[0].strip() in {"/monhom", "/dongnhom"}
