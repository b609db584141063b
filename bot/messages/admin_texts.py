"""
The texts for administrators: a part of `Texts`, filled in by each language.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AccessTexts:
    """Texts about who is let in; some are for the people themselves."""

    request_passed_on: str  # follows the refusal of a stranger
    you_were_refused: str  # {reason}
    you_were_removed: str
    refusal_reasons: tuple[tuple[str, str], ...]  # (name, the sentence that the stranger reads); the last has none

    # to administrators
    requests: str  # {count}
    more_requests: str  # {count}
    no_requests: str
    admit: str  # {name}
    refuse: str
    no_reason: str
    refused: str  # {person}
    admitted_by: str  # {person} {by}
    refused_by: str  # {person} {by}
    removed_by: str  # {person} {by}
    not_told: str  # {bot}
    erasure_prompt: str  # {person}
    erasure_done: str  # {person} {questions} {answers} {ratings}
    erasure_with_access: str  # {person}
    invitation_used: str  # {person} {role}
    page: str  # {page} {pages}
    nobody_found: str  # {words}


@dataclass(frozen=True, slots=True)
class NoticeTexts:
    """Texts about troubles that last."""

    # to staff
    not_written_down: str
    documents_changed: str  # instead of an answer
    some_documents_changed: str  # above an answer

    # to administrators
    disk_full: str
    stale_documents: str
    other_root: str


@dataclass(frozen=True, slots=True)
class DocumentTexts:
    """Texts about documents that came through the chat."""

    folder: str
    readers: str
    groups: str  # {count}
    nobody: str
    not_for_staff: str
    no_such_folder: str
    marked: str  # {mark}; no folder may have such documents
    marked_folder: str  # {mark}; a warning, where other folders may
    marked_refused: str  # {mark}
    not_of_chat: str  # {name}
    other_kind: str  # {name}
    uploads: str  # {count}
    no_uploads: str
    sent_by: str
    how_to_replace: str  # {suffix}
    remove: str
    rename: str
    undo: str
    back: str
    ask_name: str  # {name}
    removed: str  # {name}
    renamed: str  # {former} {name}
    restored: str  # {name}
    name_taken: str
    gone: str


@dataclass(frozen=True, slots=True)
class GroupTexts:
    """Texts about groups in which staff may ask."""

    ask_to_open: str  # {title}
    open: str
    close: str
    opened: str  # {title}
    closed: str  # {title}
    fixed: str  # {title}
    in_groups_only: str
    sees_nothing: str


@dataclass(frozen=True, slots=True)
class PrivacyTexts:
    """The notice of what is kept of people, for everybody with access."""

    notice_html: str  # {questions} {reports} {days} {rows} {requests}
    questions_kept: str  # {days}
    questions_not_kept: str  # {days}
    reports_with_questions: str
    reports_without_questions: str


@dataclass(frozen=True, slots=True)
class BroadcastTexts:
    """Texts about a message to everybody with access."""

    head: str
    usage: str  # {most}
    question: str  # {count}
    send: str
    cancel: str
    cancelled: str
    sending: str  # {count}
    decided: str
    report: str  # {sent} {count}
    unreachable: str  # {count}
    unknown: str  # {count}


@dataclass(frozen=True, slots=True)
class AdminTexts:
    """Plain texts; placeholders in braces are filled with `str.format`."""

    # status: names short enough for a phone
    uptime: str
    waiting: str
    answering: str
    undelivered: str
    latency: str
    measured: str
    index: str
    created: str
    documents: str
    passages: str
    incidents: str
    sends: str
    paused: str
    version: str
    no_index: str  # {code}
    units: tuple[str, str, str]  # days, hours, minutes
    decimal: str

    # reindexing
    remedy: str  # follows the notice that a document has changed
    reindex_started: str
    reindex_running: str
    reindex_done: str  # {seconds}
    reindex_unchanged: str  # {seconds}
    retained: str  # follows the reason why a file was refused
    reindex_counts: str  # {new} {changed} {renamed} {removed} {refused} {documents} {passages}
    reindex_failed: str

    # uploads
    wrong_format: str  # {kinds}
    archive: str
    too_large: str
    unreadable: str  # {name} {reason}
    reasons: tuple[tuple[str, str], ...]  # by class name in `retrieval.errors`; "" for all others
    no_corpus_folder: str
    received: str  # {name}
    title: str
    publisher: str
    date: str
    paragraphs: str
    first: str
    no_title: str
    no_date: str
    replaces: str  # {name}
    same_content: str  # {source}
    not_compared: str
    decision_prompt: str
    add: str
    drop: str
    html_page: str  # the button for what was read of the document
    html_page_caption: str  # {name}
    no_html_page: str  # {reason}
    upload_expired: str
    upload_name_taken: str  # {name}
    upload_added: str  # {name}
    upload_dropped: str  # {name}

    # forwarded messages of people without access
    grant_prompt: str  # {name} {user}
    grant: str
    forwarded_contact: str  # {name} {user}
    sender_hidden: str

    # paragraphs too long for one message
    whole_paragraph: str
    paragraph_too_long: str
