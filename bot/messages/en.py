"""The bot's texts in English; quotes stay in the language of the documents."""

from __future__ import annotations

from bot.messages.en_admin import ACCESS, ADMINISTRATION, BROADCAST, DOCUMENTS, GROUPS, NOTICES, PRIVACY
from bot.messages.texts import Texts

EN = Texts(
    code="en",
    commands=(
        ("start", "Begin"),
        ("help", "How to ask"),
        ("nguon", "List of documents"),
        ("tailieu", "Find a document by its title"),
        ("vidu", "Example questions"),
        ("quyenriengtu", "What is kept of users"),
        ("quenlai", "Delete what is kept of your questions"),
    ),
    admin_commands=(
        ("moi", "Make a one-time invitation link"),
        ("xinquyen", "Requests for access"),
        ("nguoidung", "List of users"),
        ("xoa", "Withdraw access"),
        ("nhatky", "Audit trail"),
        ("thongbao", "Send a message to all users"),
        ("baocao", "Report of use"),
        ("trangthai", "State of the system"),
        ("monhom", "Open a group for questions (sent in it)"),
        ("dongnhom", "Close a group (sent in it)"),
        ("tailen", "Documents sent through the chat"),
        ("naplai", "Index the documents anew"),
    ),
    weak="These paragraphs may be related; it is not certain that they answer the question:",
    none="The documents at hand do not answer this question.",
    nearest="Nearest documents:",
    missing="The nearest paragraphs do not mention {names}.",
    unknown="No document has {words}.",
    undated_now="The first paragraph is from a document without a date; things may have changed since.",
    old="The first paragraph is from a document of {day}; things may have changed since.",
    part="Answers the part: “{part}”",
    unanswered="The documents do not answer the part: “{part}”.",
    absent=(
        ("article", "There is no {name} in {title}, which has {count} articles."),
        ("clause", "There is no {name}; this article has {count} clauses."),
        ("point", "There is no {name}; it has {count} points."),
        ("undivided", "There is no {name}; this article has no clauses."),
        ("number", "No document has or mentions the number {name}."),
        ("mention", "The text of number {name} is not at hand; the documents only mention it."),
        ("edition", "There is no {name}; what is at hand is {title} of {years}."),
    ),
    searching="Searching for: {question}",
    follow_up="This question was understood by the one before it.",
    down="The search is out of service for the moment, so this question has not been answered. "
    "Please send it again in a few minutes. Incident code: {code}",
    outdated="After an upgrade the documents must be indexed anew, so this question has not been answered. The "
    "administrators have been told; please send it again later. Incident code: {code}",
    error="Something went wrong while handling this request. Please try again; if it happens again, give the "
    "administrator the incident code {code}.",
    too_long="A question has at most {limit} characters. Please ask about one thing at a time, one message each.",
    ask_contact="✉ Ask the person in charge",
    referred="The question and these passages were sent to the person in charge. The reply will come back here.",
    already_referred="This question was sent already, or too many were sent to the person in charge today.",
    contact_unreachable="Not sent: the person in charge is out of reach. Please tell an administrator.",
    not_yours="Only who asked this question can send it.",
    contact_asked="A question for the person in charge, from {name}:",
    contact_shown="The system has shown these passages:",
    contact_how="Reply to this message to answer who asked.",
    contact_replied="Reply of the person in charge ({name}):",
    reply_sent="The reply was passed on to who asked.",
    reply_not_sent="The reply could not be passed on: who asked has blocked or left the chat with the system.",
    approve="Keep as an approved answer (based on passage {number})",
    approved="Kept as an approved answer. It is shown to whoever asks this question again, until the passage changes.",
    withdraw_approval="Withdraw the approved answer",
    approval_withdrawn="The approved answer was withdrawn.",
    approved_answer="Approved answer ({name}, {day}):",
    approval_source="Based on: {source}",
    too_many="At most {limit} questions of a message are answered. Please send the others in another message.",
    ask_alone="Ask this by itself",
    question_gone="This question is no longer kept. Please send it again.",
    no_words="There is no question in this message. Please type one in words.",
    not_text="Only questions in words can be answered. Please type the question as a text message.",
    flood="Too many questions of this account are waiting. Please wait for their answers before sending more.",
    nothing_open="No documents have been opened for questions here. Please contact the administrator.",
    items="A list of {count} items:",
    further_places="Other results:",
    footnotes_omitted="… (more footnotes in the full document)",
    document="Document",
    context="Context",
    others="Other results",
    close="Close",
    copy="Copy",
    previous="◀ Previous",
    next="Next ▶",
    whole="Full document",
    no_previous="This is the first paragraph of the document.",
    no_next="This is the last paragraph of the document.",
    old_button="This button no longer works. Please ask the question again.",
    changed="The document has changed since this answer and cannot be quoted. Please ask the question again.",
    no_file="This document cannot be sent: its file is gone, cannot be read, or has changed since it was indexed.",
    large_file="The file is larger than 50 MB and cannot be sent through Telegram.",
    page="Page",
    page_number="Page {page}",
    not_marked="Where this paragraph stands on the page is not certain, so it is not marked.",
    no_page_image="No picture of this page can be made. Please see the whole document (button 📄).",
    retained="No picture of this page can be made because its file cannot be read at present. The quote is of the "
    "version before, kept from the last time that the file could be read.",
    inline_ask="Type a question to find quotes",
    inline_none="No fitting quote was found",
    inline_down="The search is out of service",
    inline_stranger="Access must be granted first",
    start_html="This is the organisation's document search. Send a question in Vietnamese (with or without marks) or "
    "in English; the answer is paragraphs <b>quoted word for word</b> from the documents, with their source.\n\n"
    "/help – how to ask · /vidu – example questions · /nguon – list of documents",
    greeting_html="Hello. Please send the question to look up; answers are paragraphs of the organisation's documents, "
    "word for word.\n\n/help – how to ask · /vidu – example questions · /nguon – list of documents",
    thanked_html="Glad to help. Please send the next question at any time.",
    help_html="<b>Asking</b>\n"
    "• Send the question as one text message.\n"
    "• One message may hold several questions; an edited question edits its answer.\n"
    "• To ask further (“when?”, “who signed it?”), ask right after the answer, or reply to its message.\n"
    "• For documents: “send me the file about …”, “which documents mention …”.\n"
    "• In a group: mention the bot, or reply to one of its messages.\n\n"
    "<b>Buttons</b>\n"
    "• 📄 Document: the whole document that is quoted.\n"
    "• ⤢ Context: the paragraph with the one before and the one after; there, ◀ and ▶ turn to others, ¶ sends all of a "
    "long paragraph, and 🖼 a picture of a PDF's page, the paragraph marked.\n"
    "• Other results: opens them in the same message; press a number to choose, “Close” to close them.\n"
    "• 📋 Copy: the answer with its source.\n"
    "• 👍 and 👎: rate the answer; ✓ marks what was pressed, and pressing again changes it.\n\n"
    "<b>Commands</b>\n"
    "/nguon – list of documents, with new ones\n"
    "/tailieu words – find a document by its title\n"
    "/vidu – example questions\n"
    "/quyenriengtu – what is kept of users\n"
    "/quenlai – delete what is kept of your questions\n\n"
    "An answer holds nothing but the documents' own words; nothing is written by the program. It may be incomplete: "
    "compare it with the full document before use.",
    admin_help_html="\n\n<b>For administrators</b>\n"
    "/moi – invitation link for staff; <code>/moi quantri</code> – for an administrator\n"
    "<code>/moi 123456</code> – let a user in as staff, by their id\n"
    "/xinquyen – requests for access that are waiting\n"
    "/nguoidung – list of users; <code>/nguoidung Binh</code> – by name or id\n"
    "<code>/xoa 123456</code> – withdraw a user's access; <code>/quenlai 123456</code> – then delete what is kept of "
    "their questions\n"
    "/nhatky – audit trail\n"
    "/thongbao text – a message to all users\n"
    "/baocao – report of the last 7 days; <code>/baocao 30</code> – of 30 days\n"
    "Send somebody's contact to the bot, or forward a message of theirs, to give them access.\n\n"
    "/monhom, /dongnhom – sent in a group: open or close it for questions\n\n"
    "/trangthai – state of the system\n"
    "/naplai – index the documents anew\n"
    "Send a file ({kinds}; at most 20 MB) to the bot to add it to the documents.\n"
    "/tailen – the documents that were sent: remove, rename, replace\n"
    "🔎 below a file that was sent and below documents found by name: what was read, to compare with the original.",
    sources="Documents: {count} (page {page}/{pages})",
    no_sources="There are no documents yet.",
    new_sources="New since your last visit: {count}",
    undated="no date",
    title_usage="Please add words of the title, for example: /tailieu quy chế",
    titles="{count} documents found:",
    titles_inside="{count} documents that speak of it:",
    no_document="No document about “{words}” was found.",
    no_title="No document has “{words}” in its title.",
    examples="For example (press one to ask it):",
    example="Quy định về {name} như thế nào?",
    no_examples="There are no documents yet to take examples from.",
    stranger="This account has no access to the system. User id: {user}. "
    "Please send this id to the administrator to be given access.",
    closed_group="This group is not open for questions. An administrator opens it by sending /monhom in it, or adds "
    "the group's id {chat} to TRICHDAN_GROUPS.",
    welcome="Access to the system has been granted.",
    dead_invite="The invitation link is wrong, used or expired. Please ask the administrator for a new one. "
    "User id: {user}.",
    admins_only="This command is for administrators only.",
    private_only="This command works only in a private chat with the bot.",
    invite="Invitation link ({role}), good once, valid for {hours} hours:\n{link}",
    people="Users with access: {count}",
    staff="staff",
    admin="administrator",
    fixed="by setting",
    added="Access granted to {name} (id {user}): {role}.",
    already_added="{name} (id {user}) already has access: {role}.",
    contact_unknown="This contact belongs to no Telegram account. Please use /moi to make an invitation link.",
    remove_usage="Please add the user's id, for example: /xoa 123456. /nguoidung lists the ids.",
    removed="Access of user {user} has been withdrawn.",
    not_there="User {user} is not in the list.",
    cannot_remove="Access of user {user} cannot be withdrawn: an administrator by setting (TRICHDAN_ADMINS), or the "
    "one who gives this command.",
    audit_log="Audit trail (newest first):",
    audit_log_empty="The audit trail is empty.",
    audit_actions=(
        ("add staff", "gave staff access to"),
        ("add admin", "gave administrator access to"),
        ("remove", "withdrew access of"),
        ("erase", "deleted what was kept of the questions of"),
        ("invite staff", "made an invitation for staff"),
        ("invite admin", "made an invitation for an administrator"),
        ("reindex", "indexed the documents anew"),
        ("upload", "sent the file"),
        ("add document", "added to the documents the file"),
        ("drop upload", "dropped the file"),
        ("remove document", "removed the file"),
        ("rename document", "renamed the file"),
        ("restore document", "brought back the file"),
        ("open group", "opened the group"),
        ("close group", "closed the group"),
        ("broadcast", "sent a message to everybody"),
    ),
    index_fault="The index cannot be opened, so no question can be answered. "
    "Please run `trichdan doctor` on the server. Incident code in the log: {code}",
    outdated_index="Another version of the program, or another model, built the index, so it cannot be used and no "
    "question can be answered. Send /naplai to build it anew. Incident code in the log: {code}",
    thanks="Noted. Thank you for your rating.",
    ask_reason="Noted. Please choose the reason from the buttons below the answer.",
    noted="The rating has been noted.",
    reasons=(
        ("passage", "Not the right paragraph"),
        ("incomplete", "Information is missing"),
        ("outdated", "The document is out of date"),
    ),
    report_usage="Please give a number of days from 1 to {most}, for example: /baocao 30",
    report="Use from {first} to {last}",
    no_questions="No question was answered from {first} to {last}.",
    report_questions="Questions: {questions} · People who asked: {people}",
    report_state="{state}: {count} ({share})",
    report_ratings="Ratings: {ups} helpful, {downs} not helpful",
    report_unanswered="Questions with no answer found, the most frequent first:",
    report_all_answered="Of the questions that are kept, none was without an answer.",
    report_not_kept="The text of questions is not kept (TRICHDAN_KEEP_QUESTIONS), so those with no answer cannot be "
    "listed.",
    report_file=("Question", "Times asked"),
    states=(("found", "Found"), ("weak", "Not certain"), ("none", "Not found")),
    chart_questions="Questions by outcome",
    chart_ratings="Ratings, with the reasons for those not helpful",
    chart_up="Helpful",
    no_reason="No reason given",
    erasure_prompt="This permanently deletes the questions, answers, ratings and usage counts of this account from the "
    "system. The buttons under earlier answers will no longer work. Access and the audit trail stay, being the "
    "organisation's record; messages in Telegram are not deleted. Go on?",
    erasure_yes="Delete",
    erasure_no="Do not delete",
    erasure_done="The data of this account has been deleted: {questions} questions, {answers} answers, {ratings} "
    "ratings. Access and the audit trail stay, being the organisation's record.",
    erasure_cancelled="Nothing has been deleted.",
    access=ACCESS,
    notices=NOTICES,
    documents=DOCUMENTS,
    groups=GROUPS,
    privacy=PRIVACY,
    broadcast=BROADCAST,
    administration=ADMINISTRATION,
)
