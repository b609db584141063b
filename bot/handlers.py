"""
The routing table: which part handles which update.

The first match wins, so order matters; the access gate runs before everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.access import Access
from bot.administration import (
    broadcast,
    forwarded_people,
    groups,
    html_page,
    people_lists,
    request_notices,
    uploaded_documents,
    uploads,
)
from bot.administration.broadcast import BroadcastSender
from bot.administration.forwarded_people import ForwardedPeople, ForwardedPersonFilter
from bot.administration.groups import Groups
from bot.administration.html_page import HtmlPageButton
from bot.administration.people import People
from bot.administration.people_lists import PeopleLists
from bot.administration.reindex import Reindexer
from bot.administration.request_notices import RequestNotices
from bot.administration.status import Status
from bot.administration.uploaded_documents import DocumentReplyFilter, UploadedDocuments
from bot.administration.uploads import Uploads
from bot.administration.usage_report import UsageReport
from bot.conversation import approvals, catalogue, contact_questions, erasure, feedback, keyboards, questions
from bot.conversation.approvals import Approvals
from bot.conversation.buttons import Buttons
from bot.conversation.catalogue import Catalogue
from bot.conversation.contact_questions import ContactQuestions, ContactReplyFilter
from bot.conversation.erasure import Erasure
from bot.conversation.examples import Examples
from bot.conversation.feedback import Feedback
from bot.conversation.inline import Inline
from bot.conversation.privacy import Privacy
from bot.conversation.questions import Questions

App = Application[Any, Any, Any, Any, Any, Any]
Handler = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]

_GATE = -1  # PTB's handler group that runs before group 0
# A forwarded text was written by somebody else: it may be a question, but never a command of the forwarder.
_GIVEN = filters.UpdateType.MESSAGE & ~filters.FORWARDED
_COMMAND = filters.COMMAND & ~filters.FORWARDED


@dataclass(frozen=True, slots=True)
class Handlers:
    """Every part that handles updates."""

    access: Access
    questions: Questions
    contact_questions: ContactQuestions
    approvals: Approvals
    buttons: Buttons
    catalogue: Catalogue
    examples: Examples
    feedback: Feedback
    erasure: Erasure
    privacy: Privacy
    inline: Inline
    people: People
    people_lists: PeopleLists
    forwarded_people: ForwardedPeople
    request_notices: RequestNotices
    usage_report: UsageReport
    status: Status
    reindexer: Reindexer
    groups: Groups
    broadcast: BroadcastSender
    uploads: Uploads
    uploaded_documents: UploadedDocuments
    html_page: HtmlPageButton

    def add_to(self, application: App) -> None:
        """Register every handler."""
        application.add_handler(TypeHandler(Update, self.access.gate), _GATE)
        # Before all others, which would take an edited message for a new one.
        application.add_handler(MessageHandler(filters.UpdateType.EDITED, self.questions.edited))
        self._add_forwarded(application)
        self._add_commands(application)
        self._add_messages(application)
        self._add_presses(application)
        application.add_handler(InlineQueryHandler(self.inline.query))

    def _add_forwarded(self, application: App) -> None:
        """Register this first: any forwarded message of a stranger offers to grant access."""
        application.add_handler(MessageHandler(ForwardedPersonFilter(self.access), self.forwarded_people.ask))

    def _add_commands(self, application: App) -> None:
        commands: dict[str, Handler] = {
            "start": self.catalogue.start,
            "help": self.catalogue.help,
            "nguon": self.catalogue.sources,
            "tailieu": self.catalogue.titles,
            "vidu": self.examples.show,
            "quyenriengtu": self.privacy.show,
            "quenlai": self.erasure.ask,
            "moi": self.people.invite,
            "xinquyen": self.request_notices.show,
            "nguoidung": self.people_lists.people,
            "xoa": self.people.remove,
            "nhatky": self.people_lists.audit_log,
            "thongbao": self.broadcast.ask,
            "baocao": self.usage_report.show,
            "trangthai": self.status.show,
            "monhom": self.groups.open,
            "dongnhom": self.groups.close,
            "tailen": self.uploaded_documents.show,
            "naplai": self.reindexer.command,
        }
        for name, handler in commands.items():
            application.add_handler(CommandHandler(name, handler, _GIVEN))
        application.add_handler(MessageHandler(_COMMAND & filters.ChatType.PRIVATE, self.questions.command))

    def _add_messages(self, application: App) -> None:
        application.add_handlers(
            [
                MessageHandler(
                    filters.UpdateType.MESSAGE & ContactReplyFilter(self.contact_questions),
                    self.contact_questions.reply,
                ),
                MessageHandler(filters.Document.ALL & filters.ChatType.PRIVATE, self.uploads.document),
                MessageHandler(
                    DocumentReplyFilter(self.uploaded_documents.documents, self.access)
                    & ~_COMMAND
                    & ~filters.FORWARDED,
                    self.uploaded_documents.rename,
                ),
                MessageHandler(filters.StatusUpdate.NEW_CHAT_MEMBERS, self.groups.added),
                MessageHandler(filters.CONTACT, self.people.contact),
                MessageHandler(~filters.StatusUpdate.ALL & ~_COMMAND, self.questions.message),
            ]
        )

    def _add_presses(self, application: App) -> None:
        application.add_handlers(
            [
                CallbackQueryHandler(self.buttons.press, keyboards.PATTERN),
                CallbackQueryHandler(self.questions.ask_alone, questions.PATTERN),
                CallbackQueryHandler(self.contact_questions.press, contact_questions.PATTERN),
                CallbackQueryHandler(self.approvals.press, approvals.PATTERN),
                CallbackQueryHandler(self.catalogue.turn, catalogue.PATTERN),
                CallbackQueryHandler(self.feedback.press, feedback.PATTERN),
                CallbackQueryHandler(self.erasure.decide, erasure.PATTERN),
                CallbackQueryHandler(self.forwarded_people.press, forwarded_people.PATTERN),
                CallbackQueryHandler(self.people_lists.turn, people_lists.PATTERN),
                CallbackQueryHandler(self.request_notices.press, request_notices.PATTERN),
                CallbackQueryHandler(self.uploaded_documents.press, uploaded_documents.PATTERN),
                CallbackQueryHandler(self.broadcast.press, broadcast.PATTERN),
                CallbackQueryHandler(self.groups.press, groups.PATTERN),
                CallbackQueryHandler(self.uploads.press, uploads.PATTERN),
                CallbackQueryHandler(self.html_page.press, html_page.PATTERN),
                CallbackQueryHandler(self.buttons.unknown),
            ]
        )
