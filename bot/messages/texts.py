"""
The bot's own texts, one field for each and one module for each language.

Placeholders in braces are filled with `str.format`; the caller escapes the values for HTML.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages.admin_texts import (
    AccessTexts,
    AdminTexts,
    BroadcastTexts,
    DocumentTexts,
    GroupTexts,
    NoticeTexts,
    PrivacyTexts,
)
from retrieval import State


@dataclass(frozen=True, slots=True)
class Texts:
    """The bot's texts in one language; plain text unless the field's name ends in _html."""

    code: str  # of the language: "vi", "en"
    commands: tuple[tuple[str, str], ...]  # Telegram's command list: (name, description)
    admin_commands: tuple[tuple[str, str], ...]

    # answers
    weak: str
    none: str
    nearest: str
    missing: str
    unknown: str
    undated_now: str
    old: str
    part: str
    unanswered: str
    absent: tuple[tuple[str, str], ...]  # by kind, {name} {title} {count} {years}
    searching: str  # {question}
    follow_up: str
    down: str  # {code}
    outdated: str  # {code}
    error: str  # {code}
    too_long: str  # {limit}
    ask_contact: str  # a button
    referred: str
    already_referred: str
    contact_unreachable: str
    not_yours: str
    contact_asked: str  # {name}
    contact_shown: str
    contact_how: str
    contact_replied: str  # {name}
    reply_sent: str
    reply_not_sent: str
    approve: str  # a button, {number}
    approved: str
    withdraw_approval: str  # a button
    approval_withdrawn: str
    approved_answer: str  # {name}, {day}
    approval_source: str  # {source}
    too_many: str  # {limit}
    ask_alone: str  # a button
    question_gone: str
    no_words: str
    not_text: str
    flood: str
    nothing_open: str
    items: str  # {count}
    further_places: str  # above the places that a message names
    footnotes_omitted: str  # below a quote whose footnotes do not fit

    # buttons
    document: str
    context: str
    others: str
    close: str
    copy: str
    previous: str
    next: str
    whole: str
    no_previous: str
    no_next: str
    old_button: str
    changed: str
    no_file: str
    large_file: str
    page: str  # the page image button
    page_number: str  # {page}
    not_marked: str  # below a page image on which the paragraph was not found
    no_page_image: str
    retained: str  # for a retained document's page

    # inline: buttons above the results
    inline_ask: str
    inline_none: str
    inline_down: str
    inline_stranger: str

    # catalogue
    start_html: str
    greeting_html: str
    thanked_html: str
    help_html: str
    admin_help_html: str  # {kinds}
    sources: str  # {count} {page} {pages}
    no_sources: str
    new_sources: str  # {count}
    undated: str
    title_usage: str
    titles: str  # {count}
    titles_inside: str  # {count}
    no_document: str  # {words}
    no_title: str  # {words}
    examples: str
    example: str  # {name}
    no_examples: str

    # access
    stranger: str  # {user}
    closed_group: str  # {chat}
    welcome: str
    dead_invite: str
    admins_only: str
    private_only: str
    invite: str  # {role} {hours} {link}
    people: str  # {count}
    staff: str
    admin: str
    fixed: str  # an administrator named in the settings
    added: str  # {name} {user} {role}
    already_added: str  # {name} {user} {role}
    contact_unknown: str
    remove_usage: str
    removed: str  # {user}
    not_there: str  # {user}
    cannot_remove: str  # {user}
    audit_log: str
    audit_log_empty: str
    audit_actions: tuple[tuple[str, str], ...]  # labels of the audit log's actions

    # to administrators
    index_fault: str  # {code}
    outdated_index: str  # {code}
    administration: AdminTexts
    access: AccessTexts
    notices: NoticeTexts
    documents: DocumentTexts
    groups: GroupTexts
    privacy: PrivacyTexts
    broadcast: BroadcastTexts

    # ratings
    thanks: str
    ask_reason: str
    noted: str
    reasons: tuple[tuple[str, str], ...]  # (`ratings.Reason`, label)

    # the usage report
    report_usage: str  # {most}
    report: str  # {first} {last}
    no_questions: str  # {first} {last}
    report_questions: str  # {questions} {people}
    report_state: str  # {state} {count} {share}
    report_ratings: str  # {ups} {downs}
    report_unanswered: str
    report_all_answered: str
    report_not_kept: str
    report_file: tuple[str, str]  # the columns of the file: question, count
    states: tuple[tuple[State, str], ...]  # labels of answer states
    chart_questions: str
    chart_ratings: str
    chart_up: str
    no_reason: str

    # erasure
    erasure_prompt: str
    erasure_yes: str
    erasure_no: str
    erasure_done: str  # {questions} {answers} {ratings}
    erasure_cancelled: str
