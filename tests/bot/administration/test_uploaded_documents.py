"""Documents that came through the chat: listed, removed, renamed, replaced, and brought back for a day."""

from __future__ import annotations

import os
import sqlite3
import time

import pytest

from bot.messages.vi import VI
from bot.settings.visibility import read_visibility
from bot.storage.chat_documents import ChatDocuments
from bot.storage.opening import open_state
from bot.storage.sqlite.schema import MIGRATIONS
from tests.bot.administration.test_reindex import texts
from tests.bot.administration.test_request_notices import data_of, seen
from tests.bot.administration.test_uploads import TEXT, buttons, files, reported
from tests.bot.conftest import ADMIN, STAFF, running
from tests.bot.conversation.test_questions import sent

ASKED = "Thư viện mở cửa từ mấy giờ?"
NEWER = TEXT.replace("7 giờ 30", "8 giờ 15")


async def press(api, call, label):
    """Presses a button under a message; the edit that follows, once the press is answered."""
    counts = [len(api.sent(method)) + 1 for method in ("editMessageText", "answerCallbackQuery")]
    api.press(data_of(call, label), api.message_of(call), ADMIN)
    edited = (await sent(api, counts[0], "editMessageText"))[-1]
    await sent(api, counts[1], "answerCallbackQuery")
    return edited


async def added(api, name="noi-quy.txt"):
    """A document that was sent and added, and is indexed."""
    count = len(api.sent(chat=ADMIN))
    report = await reported(api, name=name, count=count + 1)
    await press(api, report, "Thêm vào kho tài liệu")
    await texts(api, count + 2)


async def chosen(api):
    """The message about the newest document."""
    count = len(api.sent(chat=ADMIN))
    api.say("/tailen", ADMIN)
    page = (await sent(api, count + 1, chat=ADMIN))[-1]
    return await press(api, page, "⚙ 1")


async def indexed(api, work):
    """What the re-indexing says that follows."""
    count = len(api.sent(chat=ADMIN))
    done = await work
    return done, (await texts(api, count + 1))[-1]


async def test_only_what_came_through_the_chat_is_listed(api, own_config, own_home):
    """With its folder and day; not the other documents of the corpus."""
    async with running(own_config):
        await added(api)
        (own_home.corpus / "tai-len" / "khac.txt").write_text(TEXT, encoding="utf-8")
        api.say("/tailen", ADMIN)
        page = (await sent(api, 3, chat=ADMIN))[-1]

    head, line = seen(page).split("\n")
    assert head == "Tài liệu đã gửi qua cuộc trò chuyện: 1"
    assert line.startswith("1. noi-quy.txt (tai-len, ")


async def test_the_button_that_removes_is_red(api, own_config):
    """The one beside it is not."""
    async with running(own_config):
        await added(api)
        page = await chosen(api)

    first, *_ = page.parameters["reply_markup"]["inline_keyboard"]
    assert [(button["text"], button.get("style")) for button in first] == [("Gỡ bỏ", "danger"), ("Đổi tên", None)]


async def test_a_document_is_removed_and_brought_back(api, own_config, own_home):
    """It answers no more, then again, byte for byte; both are on record."""
    async with running(own_config) as state:
        await added(api)
        removed, report = await indexed(api, press(api, await chosen(api), "Gỡ bỏ"))
        gone = files(own_home)
        restored, again = await indexed(api, press(api, removed, "Hoàn tác"))
        api.say(ASKED, STAFF)
        (answer,) = await texts(api, 1, STAFF)
        acts = [act.act for act in state.audit_log()]

    assert "gỡ bỏ: 1" in report
    assert "tai-len/noi-quy.txt" not in gone
    assert "Mới: 1" in again
    assert restored.parameters["text"] == VI.documents.restored.format(name="noi-quy.txt")
    assert files(own_home)["tai-len/noi-quy.txt"] == TEXT.encode()
    assert "từ 7 giờ 30" in answer
    assert [act for act in acts if "document" in act][:2] == [
        "restore document: noi-quy.txt",
        "remove document: noi-quy.txt",
    ]


async def test_it_can_be_undone_for_a_day(api, own_config, own_home):
    """Then the file is purged, and the button says so."""
    async with running(own_config) as state:
        await added(api)
        removed, _ = await indexed(api, press(api, await chosen(api), "Gỡ bỏ"))
        (kept,) = own_config.state.with_name(f"{own_config.state.name}-trash").iterdir()
        old = time.time() - 24 * 3600 - 60
        os.utime(kept, (old, old))
        with state.transaction() as db:
            db.execute("UPDATE undoable SET at = ?", (old,))
        count = len(api.sent("answerCallbackQuery"))
        api.press(data_of(removed, "Hoàn tác"), api.message_of(removed), ADMIN)
        told = (await sent(api, count + 1, "answerCallbackQuery"))[-1]

    assert told.parameters["text"] == VI.documents.gone
    assert "tai-len/noi-quy.txt" not in files(own_home)


async def test_a_document_is_renamed_by_a_reply(api, own_config, own_home):
    """The suffix stays; the name is only a name; it can be undone."""
    async with running(own_config):
        await added(api)
        view = await chosen(api)
        count = len(api.sent(chat=ADMIN))
        api.press(data_of(view, "Đổi tên"), api.message_of(view), ADMIN)
        asked = (await sent(api, count + 1, chat=ADMIN))[-1]
        api.say("../Nội quy thư viện 2026", ADMIN, reply_to_message=api.message_of(asked))
        renamed = (await sent(api, count + 2, chat=ADMIN))[-1]
        await texts(api, count + 3)
        names = set(files(own_home))
        await indexed(api, press(api, renamed, "Hoàn tác"))

    assert asked.parameters["reply_markup"]["force_reply"]
    assert renamed.parameters["text"] == VI.documents.renamed.format(
        former="noi-quy.txt", name="Nội quy thư viện 2026.txt"
    )
    assert "tai-len/Nội quy thư viện 2026.txt" in names
    assert "tai-len/noi-quy.txt" in files(own_home)


async def test_a_name_that_is_taken_is_refused(api, own_config, own_home):
    """Nothing is overwritten."""
    async with running(own_config):
        await added(api)
        (own_home.corpus / "tai-len" / "khac.txt").write_text("Khác", encoding="utf-8")
        view = await chosen(api)
        count = len(api.sent(chat=ADMIN))
        api.say("khac.txt", ADMIN, reply_to_message=api.message_of(view))
        told = (await texts(api, count + 1))[-1]

    assert told == VI.documents.name_taken
    assert files(own_home)["tai-len/khac.txt"] == "Khác".encode()
    assert "tai-len/noi-quy.txt" in files(own_home)


async def test_a_document_is_replaced_by_a_file_in_reply(api, own_config, own_home):
    """Under its own name whatever the new file is called, after the usual report; it can be undone."""
    async with running(own_config):
        await added(api)
        view = await chosen(api)
        count = len(api.sent(chat=ADMIN))
        data = NEWER.encode()
        api.hand_in(data, "ban-moi.txt", ADMIN)
        api.updates[-1]["message"]["reply_to_message"] = api.message_of(view)
        report = (await sent(api, count + 1, chat=ADMIN))[-1]
        replaced, _ = await indexed(api, press(api, report, "Thêm vào kho tài liệu"))
        newer = files(own_home)
        await indexed(api, press(api, replaced, "Hoàn tác"))

    assert "⚠ Đã có tệp tên noi-quy.txt; tệp đó sẽ bị thay thế." in report.parameters["text"]
    assert newer["tai-len/noi-quy.txt"] == data
    assert files(own_home)["tai-len/noi-quy.txt"] == TEXT.encode()
    assert "tai-len/ban-moi.txt" not in newer


async def test_what_did_not_come_through_the_chat_is_not_replaced(api, own_config, own_home):
    """A file that the organisation put into a folder itself."""
    (own_home.corpus / "quy-che").mkdir()
    (own_home.corpus / "quy-che" / "noi-quy.txt").write_text("Của cơ quan", encoding="utf-8")
    async with running(own_config):
        report = await reported(api)
        moved = await press(api, report, "📁 quy-che")
        forged = data_of(report, "Thêm").replace(":a:tai-len", ":r:quy-che")
        api.press(forged, api.message_of(report), ADMIN)
        told = (await sent(api, 2, "editMessageText"))[-1]

    assert VI.documents.not_of_chat.format(name="noi-quy.txt") in moved.parameters["text"]
    assert "Thêm vào kho tài liệu" not in buttons(moved)
    assert told.parameters["text"] == VI.administration.upload_name_taken.format(name="noi-quy.txt")
    assert files(own_home)["quy-che/noi-quy.txt"] == "Của cơ quan".encode()


async def test_a_hidden_collection_is_not_listed(api, own_config):
    """For an administrator who may not see its documents; nor can they be removed."""
    async with running(own_config) as state:
        await added(api)
        (document,) = ChatDocuments(state).listed()
    hidden = own_config.model_copy(update={"collections": read_visibility("admin=chung")})
    async with running(hidden):
        api.say("/tailen", ADMIN)
        page = (await sent(api, 3, chat=ADMIN))[-1]
        count = len(api.sent("answerCallbackQuery"))
        api.press(f"td:x:{document.number}", api.message_of(page), ADMIN)
        told = (await sent(api, count + 1, "answerCallbackQuery"))[-1]

    assert page.parameters["text"] == VI.documents.no_uploads
    assert told.parameters["text"] == VI.documents.gone


async def test_a_document_that_one_no_longer_sees_is_not_replaced(api, own_config, own_home):
    """A file in reply to its message says nothing of it, and a change is not undone."""
    async with running(own_config):
        await added(api)
        view = await chosen(api)
    hidden = own_config.model_copy(update={"collections": read_visibility("admin=chung")})
    count = len(api.sent(chat=ADMIN))
    async with running(hidden):
        api.hand_in(NEWER.encode(), "noi-quy.txt", ADMIN)
        api.updates[-1]["message"]["reply_to_message"] = api.message_of(view)
        told = (await sent(api, count + 1, chat=ADMIN))[-1]

    assert told.parameters["text"] == VI.documents.gone
    assert files(own_home)["tai-len/noi-quy.txt"] == TEXT.encode()


@pytest.mark.parametrize("verb", ["x", "v", "n"])
async def test_staff_change_nothing(api, own_config, own_home, verb):
    """An administrator's buttons, passed on; and no reply of theirs renames."""
    async with running(own_config) as state:
        await added(api)
        view = await chosen(api)
        (document,) = ChatDocuments(state).listed()
        count = len(api.sent("answerCallbackQuery"))
        api.press(f"td:{verb}:{document.number}", api.message_of(view, STAFF), STAFF)
        told = (await sent(api, count + 1, "answerCallbackQuery"))[-1]

    assert told.parameters["text"] == VI.admins_only
    assert "tai-len/noi-quy.txt" in files(own_home)


def test_documents_of_before_are_known_from_the_audit_log(tmp_path):
    """A state file of version 2 with an upload in its audit log."""
    db = sqlite3.connect(tmp_path / "state.sqlite")
    db.executescript("".join(MIGRATIONS[:2]))
    db.execute("INSERT INTO audit VALUES (5.0, 412, 'add document: quy-che.docx', 412)")
    db.execute("PRAGMA user_version = 2")
    db.commit()
    db.close()

    state = open_state(tmp_path / "state.sqlite")

    assert [(each.folder, each.name, each.by) for each in ChatDocuments(state).listed()] == [("*", "quy-che.docx", 412)]
    state.close()
