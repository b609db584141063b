"""The texts for administrators, and those about people, notices and documents, in English."""

from __future__ import annotations

from bot.messages.admin_texts import (
    AccessTexts,
    AdminTexts,
    BroadcastTexts,
    DocumentTexts,
    GroupTexts,
    NoticeTexts,
    PrivacyTexts,
)

ADMINISTRATION = AdminTexts(
    uptime="Uptime",
    waiting="Waiting",
    answering="Handled now",
    undelivered="To resend",
    latency="p50 / p95",
    measured="Answers",
    index="Index",
    created="Built",
    documents="Documents",
    passages="Paragraphs",
    incidents="Incidents",
    sends="Sends",
    paused="429s",
    version="Version",
    no_index="cannot be opened ({code})",
    units=("days", "h", "min"),
    decimal=".",
    remedy="Use /naplai to bring the documents up to date.",
    reindex_started="The documents are being indexed anew. The old index stays as it is until that is done; the "
    "result will be reported.",
    reindex_running="The documents are being indexed already. Please wait for the result.",
    reindex_done="The documents have been indexed anew ({seconds} s).",
    reindex_unchanged="The documents have not changed ({seconds} s).",
    retained="the version before is still quoted",
    reindex_counts="New: {new} · changed: {changed} · renamed: {renamed} · removed: {removed} · "
    "refused: {refused}\nThere are {documents} documents, {passages} paragraphs.",
    reindex_failed="The documents could not be indexed anew; the old index stays as it is. Reason:",
    wrong_format="Files of this kind are not taken. Those that are: {kinds}.",
    archive="Archives (.zip) are not taken here. Please send the documents one by one, or copy the archive into "
    "the corpus folder on the server.",
    too_large="The file is larger than 20 MB and cannot be fetched through Telegram. Please copy it into the "
    "corpus folder on the server.",
    unreadable="The file {name} cannot be read: {reason}.",
    reasons=(
        ("EncodingError", "it is not text, or its encoding is not certain"),
        ("EmptyError", "there is no text in it"),
        ("SizeError", "it is too large"),
        ("BrokenError", "it is damaged, or is not what its suffix says"),
        ("LockedError", "it has a password"),
        ("ScannedError", "its pages are pictures without text; please have the text recognised (OCR) first"),
        ("ExhaustedError", "it takes too much time or memory to read; it may be split into smaller files"),
        ("", "it is damaged, or takes too much time or memory to read"),
    ),
    no_corpus_folder="The document cannot be added: there is no suitable corpus folder. Reason:",
    received="Document received: {name}",
    title="Title",
    publisher="Publisher",
    date="Date",
    paragraphs="Paragraphs",
    first="Begins",
    no_title="No title was found; the first sentence stands in its place.",
    no_date="No date was found.",
    replaces="There is a file named {name}; it will be replaced.",
    same_content="The same content is among the documents already, as {source}.",
    not_compared="It could not be compared with the documents at hand.",
    decision_prompt="The file has not been added to the documents. You may decide within 24 hours.",
    add="Add to the documents",
    drop="Drop",
    html_page="What was read",
    html_page_caption="What was read of {name}, for a browser: paragraphs in reading order; in red what was not.",
    no_html_page="What was read of this document cannot be shown: {reason}.",
    upload_expired="This file no longer waits for a decision. Please send it again.",
    upload_name_taken="Another file named {name} has come into the corpus meanwhile, so this one was not added. "
    "Please send it again.",
    upload_added="{name} has been added. The documents are being indexed anew.",
    upload_dropped="{name} has been dropped.",
    grant_prompt="{name} (id {user}) has no access. Give this person access as staff?",
    grant="Give access",
    forwarded_contact=(
        "A forwarded contact: {name}, id {user}. Whoever sent it wrote that name, and may not have told the truth. "
        "Give this id access as staff?"
    ),
    sender_hidden="Telegram hides who sent this message, so the user id is not known. Please use /moi to make an "
    "invitation link.",
    whole_paragraph="Whole paragraph",
    paragraph_too_long="This paragraph is too long to be sent in messages. Please see the full document (button 📄).",
)

ACCESS = AccessTexts(
    request_passed_on="The administrators are told of this request.",
    you_were_refused="This account's request to use the system was not granted. {reason} "
    "Please speak to an administrator if there is more to say.",
    you_were_removed="An administrator has withdrawn this account's access to the system. Please speak to an "
    "administrator if there is more to say.",
    refusal_reasons=(
        ("unknown", "Reason: it is not known who sent the request."),
        ("outside", "Reason: the system is for people of the organisation only."),
        ("", ""),
    ),
    requests="Requests for access: {count}",
    more_requests="… and {count} further requests: /xinquyen",
    no_requests="No request for access is waiting.",
    admit="Grant: {name}",
    refuse="Refuse",
    no_reason="Give no reason",
    refused="The request of {person} was refused.",
    admitted_by="{person}: was given access (by {by})",
    refused_by="{person}: was refused (by {by})",
    removed_by="{person}: access was withdrawn (by {by})",
    not_told="This person could not be told: they have not opened a chat with the system, or have blocked it. Please "
    "ask them to open https://t.me/{bot} and press Start.",
    erasure_prompt="This permanently deletes the questions, answers, ratings and usage counts of {person} from the "
    "system. The audit trail stays, being the organisation's record; messages in Telegram are not deleted. Go on?",
    erasure_done="The data of {person} has been deleted: {questions} questions, {answers} answers, {ratings} ratings.",
    erasure_with_access="{person} has access. They delete their data themselves with /quenlai; if they have left, "
    "please withdraw their access with /xoa first.",
    invitation_used="{person} used the invitation link and has access now: {role}.",
    page="page {page}/{pages}",
    nobody_found="No user has “{words}” in their name or id.",
)

NOTICES = NoticeTexts(
    not_written_down="The system cannot take this message for the moment. It is not lost and will be answered once "
    "that is repaired; there is no need to send it again.",
    documents_changed="The documents about this question have changed and are being updated, so they cannot be quoted "
    "yet. Please send the question again later.",
    some_documents_changed="Some documents have changed and are being updated; they are not quoted below.",
    disk_full="The system cannot write new messages into its state file (TRICHDAN_STATE), usually because the disk is "
    "full. Telegram keeps the messages, but they are not answered. Please free some space on the server.",
    stale_documents="Some documents have changed or gone since they were indexed, and were left out of an answer. Send "
    "/naplai to update the index.",
    other_root="The index is built from another folder than before, so that TRICHDAN_COLLECTIONS may no longer say who "
    "sees what. Whoever sees only some documents finds nothing until whoever runs the server has looked at it and run "
    "`trichdan bot-confirm-root`, or indexed the former folder again.",
)

DOCUMENTS = DocumentTexts(
    folder="Folder",
    readers="Readers",
    groups="{count} groups",
    nobody="nobody",
    not_for_staff="Staff cannot see the documents of this folder (TRICHDAN_COLLECTIONS). Another one can be chosen.",
    marked="The document bears the mark of secrecy {mark} and cannot be added; the file was deleted from the server. "
    "State secrets must not be sent through Telegram: please delete this message, and tell whoever is in charge of "
    "protecting them at once.",
    marked_folder="The document bears the mark of secrecy {mark}: it can only be added to a folder that was opened for "
    "such documents. Please choose one below.",
    marked_refused="it bears the mark of secrecy {mark}, and its folder is not open for such documents",
    no_such_folder="This folder is no longer in the corpus. Please send the file again.",
    not_of_chat="The folder has a file {name} that did not come through the chat and cannot be replaced from here. "
    "Please choose another folder, or another name.",
    other_kind="A file that replaces {name} must be of the same kind.",
    uploads="Documents sent through the chat: {count}",
    no_uploads="No document has been sent through the chat.",
    sent_by="Sent by",
    how_to_replace="To replace it, reply to this message with a new file of the same kind ({suffix}).",
    remove="Remove",
    rename="Rename",
    undo="Undo (for 24 hours)",
    back="List",
    ask_name="Please reply to this message with the new name of {name}.",
    removed="{name} was removed from the corpus. Indexing anew.",
    renamed="{former} was renamed to {name}. Indexing anew.",
    restored="{name} is back. Indexing anew.",
    name_taken="Another file of the folder has this name. Please choose another.",
    gone="This document is no longer listed, or the 24 hours for undoing are over.",
)

GROUPS = GroupTexts(
    ask_to_open="The system was added to the group {title}. Open it, so that staff can ask there? Every member of the "
    "group can read the answers.",
    open="Open the group",
    close="Close the group",
    opened="The group {title} is open. Staff ask by mentioning the system; every member of the group can read the "
    "answers. /dongnhom closes it.",
    closed="The group {title} is closed.",
    fixed="The settings (TRICHDAN_GROUPS) open the group {title}, which cannot be changed from here.",
    in_groups_only="This command is for the group that is to be opened or closed.",
    sees_nothing="No folder of documents is open to this group yet (TRICHDAN_COLLECTIONS).",
)

PRIVACY = PrivacyTexts(
    notice_html="<b>What is kept</b>\n"
    "• The text of questions: {questions}\n"
    "• Each question asked: time, user id, outcome and duration, without its text; for {rows} days.\n"
    "• Answers: the user id and which paragraphs were quoted, so that the buttons work; ratings; for {rows} days.\n"
    "• The latest questions stay in memory, so that follow-ups are understood, until the system restarts.\n"
    "• Id, name and role of people with access: until it is withdrawn. The audit log, with names: for good.\n"
    "• How far somebody has seen the list of documents (no time), to name new ones: until access is withdrawn.\n"
    "• Questions that their asker sent to the person in charge: {days} days; approved answers: until withdrawn.\n"
    "• Requests of people without access (id, name, outcome): {requests} days.\n\n"
    "<b>Who sees it</b>\n"
    "• Administrators: the list of users, the audit log and the report of use. {reports}\n"
    "• Whoever administers the server: all that is kept.\n"
    "• In a group, every member reads questions and answers. Messages in Telegram are kept by Telegram.\n\n"
    "<b>Deleting it</b>\n"
    "/quenlai deletes one's own questions, answers, ratings and usage at once. Access and the audit log stay, because "
    "they are the organisation's record; older backups and messages in Telegram are not deleted.",
    questions_kept="stored with the answer for {days} days.",
    questions_not_kept="not stored; held only until answered (if that fails, for at most {days} days).",
    reports_with_questions="The report has the text of unanswered questions, without the names of who asked.",
    reports_without_questions="The report has no text of questions.",
)

BROADCAST = BroadcastTexts(
    head="Thông báo của quản trị viên",
    usage="Please write the message (at most {most} characters) behind the command: "
    "/thongbao The system pauses at 17:00.",
    question="Send the message above to {count} people?",
    send="Send",
    cancel="Do not send",
    cancelled="The message is not sent.",
    sending="The message is being sent to {count} people. A report follows.",
    decided="This message was decided about, or is older than 24 hours.",
    report="The message was sent to {sent} of {count} people.",
    unreachable="It could not be sent to {count} people (who have not opened a chat, blocked the system or lost "
    "access):",
    unknown="It is unknown whether it reached {count} people, since the system was restarted while sending:",
)
