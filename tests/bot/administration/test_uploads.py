"""Uploads: inspected, decided about, and only then added to the corpus."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from bot.messages.en import EN
from bot.messages.vi import VI
from bot.settings.visibility import read_visibility
from retrieval.errors import DocumentError
from retrieval.index.local.generations.settings_file import write_settings
from retrieval.index.settings import Settings
from retrieval.reading.reader import READERS
from tests.bot.administration.test_reindex import texts
from tests.bot.conftest import ADMIN, GROUP, STAFF, running
from tests.bot.conversation.test_questions import sent
from tests.bot.transport.test_redelivery import IMPATIENT, settled
from tests.support.bot.call import Fault
from tests.support.bot.markup import parse
from tests.support.document_makers import docx_of, html_of, pdf_of, zip_of
from tests.support.secret_documents import report
from tests.support.waiting import soon

REAL = Path(__file__).parents[2] / "retrieval" / "reading" / "real"
TEXT = "Nội quy thư viện\n\nThư viện mở cửa từ 7 giờ 30 đến 17 giờ.\n\nĐộc giả giữ trật tự.\n"
LINES = TEXT.split("\n\n")
LONGER = "Thẻ thư viện được cấp cho người đang công tác tại cơ quan, có giá trị một năm kể từ ngày cấp. " * 3


async def reported(api, data=TEXT, name="noi-quy.txt", count=1):
    """The report on a document that the administrator sent."""
    api.hand_in(data.encode() if isinstance(data, str) else data, name, ADMIN)
    return (await sent(api, count, chat=ADMIN))[-1]


def buttons(call):
    """What each button says, with what it carries."""
    rows = (call.parameters.get("reply_markup") or {}).get("inline_keyboard", [])
    return {each["text"]: each["callback_data"] for row in rows for each in row}


def files(home):
    """Every file of the corpus with its bytes."""
    return {path.relative_to(home.corpus).as_posix(): path.read_bytes() for path in home.corpus.rglob("*.*")}


def waiting(config):
    """The files that wait for a decision."""
    folder = config.state.with_name(f"{config.state.name}-uploads")
    return [path.name for path in folder.glob("*/*")]


async def test_a_document_is_reported_on(api, own_config, own_home):
    """What it would be, and that nothing was added."""
    before = files(own_home)
    async with running(own_config):
        report = await reported(api)

    assert parse(report.parameters["text"]).text.split("\n") == [
        "Tài liệu đã nhận: noi-quy.txt",
        "Tiêu đề: Nội quy thư viện",
        "Cơ quan ban hành: –",
        "Ngày: không rõ ngày",
        "Số đoạn văn: 2",
        "Mở đầu: “Thư viện mở cửa từ 7 giờ 30 đến 17 giờ.”",
        "Thư mục: tai-len",
        "Người xem được: quản trị viên, nhân viên, 1 nhóm",
        "⚠ Không rõ ngày ban hành.",
        "",
        "Tệp chưa được thêm vào kho tài liệu. Quyết định có hiệu lực trong 24 giờ.",
    ]
    assert list(buttons(report)) == ["Thêm vào kho tài liệu", "Bỏ qua", "🔎 Bản đọc", "📁 chung"]
    assert files(own_home) == before


async def test_a_confirmed_document_answers_questions(api, own_config, own_home):
    """Byte for byte in the uploads folder, indexed and in the audit log; its buttons are gone."""
    async with running(own_config) as state:
        report = await reported(api)
        api.press(buttons(report)["Thêm vào kho tài liệu"], api.message_of(report), ADMIN)
        (edited,) = await sent(api, 1, "editMessageText")
        _, indexed = await texts(api, 2)
        api.say("Thư viện mở cửa từ mấy giờ?", STAFF)
        (answer,) = await texts(api, 1, STAFF)
        trail = [act.act for act in state.audit_log()][:3]
        api.say("/nhatky", ADMIN)
        told = (await texts(api, 3))[-1]

    assert files(own_home)["tai-len/noi-quy.txt"] == TEXT.encode()
    assert edited.parameters["text"] == "Đã thêm noi-quy.txt vào kho tài liệu. Đang nạp lại kho tài liệu."
    assert "reply_markup" not in edited.parameters
    assert "Mới: 1 · thay đổi: 0 · đổi tên: 0 · gỡ bỏ: 0" in indexed
    assert "từ 7 giờ 30 đến 17 giờ" in answer
    assert trail == ["reindex", "add document: noi-quy.txt", "upload: noi-quy.txt"]
    assert "(412) thêm vào kho tài liệu tệp noi-quy.txt" in told
    assert waiting(own_config) == []


async def test_a_dropped_document_is_gone(api, own_config, own_home):
    """The file is deleted and its buttons stop working."""
    before = files(own_home)
    async with running(own_config) as state:
        report = await reported(api)
        for _ in range(2):
            api.press(buttons(report)["Bỏ qua"], api.message_of(report), ADMIN)
        _, second = await sent(api, 2, "answerCallbackQuery")
        newest = state.audit_log()[0].act

    assert second.parameters["text"] == VI.administration.upload_expired
    assert newest == "drop upload: noi-quy.txt"
    assert (files(own_home), waiting(own_config)) == (before, [])


async def test_it_waits_through_a_restart(api, own_config, own_home):
    """A button sent before the restart still finds the file."""
    async with running(own_config):
        report = await reported(api)
    async with running(own_config):
        api.press(buttons(report)["Thêm vào kho tài liệu"], api.message_of(report), ADMIN)
        await texts(api, 2)

    assert "tai-len/noi-quy.txt" in files(own_home)


async def test_it_waits_a_day(api, own_config, own_home):
    """Then it is removed, and the button says so."""
    async with running(own_config):
        report = await reported(api)
        folder = own_config.state.with_name(f"{own_config.state.name}-uploads")
        (own,) = folder.iterdir()
        old = time.time() - 24 * 3600 - 60
        os.utime(own, (old, old))
        api.press(buttons(report)["Thêm vào kho tài liệu"], api.message_of(report), ADMIN)
        (told,) = await sent(api, 1, "answerCallbackQuery")

    assert told.parameters["text"] == VI.administration.upload_expired
    assert waiting(own_config) == []
    assert "tai-len/noi-quy.txt" not in files(own_home)


async def test_what_was_not_decided_goes_without_anybody_asking(api, own_config, monkeypatch):
    """Within a minute of its day, here a hundredth of a second; nobody sends, presses or starts anything."""
    monkeypatch.setattr("bot.lifecycle._SWEEP", 0.01)
    folder = own_config.state.with_name(f"{own_config.state.name}-uploads")
    async with running(own_config):
        await reported(api)
        (kept,) = folder.iterdir()
        day_before = time.time() - 86_401
        os.utime(kept, (day_before, day_before))

        await soon(lambda: not list(folder.iterdir()))


async def test_an_existing_file_is_replaced_only_when_that_was_said(api, own_config, own_home):
    """A warning first; a file that came after the report is not overwritten."""
    (own_home.corpus / "tai-len").mkdir()
    old, new = own_home.corpus / "tai-len" / "noi-quy.txt", own_home.corpus / "tai-len" / "moi.txt"
    old.write_text("Bản cũ", encoding="utf-8")
    async with running(own_config):
        warned = await reported(api)
        unwarned = await reported(api, name="moi.txt", count=2)
        new.write_text("Của người khác", encoding="utf-8")
        api.press(buttons(unwarned)["Thêm vào kho tài liệu"], api.message_of(unwarned), ADMIN)
        (refused,) = await sent(api, 1, "editMessageText")
        api.press(buttons(warned)["Thêm vào kho tài liệu"], api.message_of(warned), ADMIN)
        await sent(api, 2, "editMessageText")

    assert "⚠ Đã có tệp tên noi-quy.txt; tệp đó sẽ bị thay thế." in warned.parameters["text"]
    assert refused.parameters["text"] == VI.administration.upload_name_taken.format(name="moi.txt")
    assert new.read_text(encoding="utf-8") == "Của người khác"
    assert old.read_text(encoding="utf-8") == TEXT


async def test_a_hidden_file_is_neither_told_of_nor_replaced(api, own_config, own_home):
    """The report and its buttons are the same, but for the id, as where there is none."""
    (own_home.corpus / "tai-len").mkdir()
    (own_home.corpus / "tai-len" / "luong.txt").write_text("Bản mật", encoding="utf-8")
    rules = read_visibility("staff=chung; admin=chung")
    async with running(own_config.model_copy(update={"collections": rules})):
        taken = await reported(api, name="luong.txt")
        free = await reported(api, name="khac.txt", count=2)
        one, two = (each.parameters["text"] for each in (taken, free))
        ids = [data.split(":")[1] for each in (taken, free) for data in list(buttons(each).values())[:1]]
        api.press(f"u:{ids[0]}:r:tai-len", api.message_of(taken), ADMIN)
        (done,) = await sent(api, 1, "editMessageText")

    assert one.replace("luong", "khac").replace(ids[0], ids[1]) == two
    assert [data.replace(ids[0], ids[1]) for data in buttons(taken).values()] == list(buttons(free).values())
    assert done.parameters["text"] == VI.administration.upload_added.format(name=f"luong-{ids[0]}.txt")
    assert files(own_home)["tai-len/luong.txt"] == "Bản mật".encode()
    assert files(own_home)[f"tai-len/luong-{ids[0]}.txt"] == TEXT.encode()


async def test_a_decision_is_told_when_the_report_cannot_be_edited(api, own_config, own_home):
    """If the connection is cut afterwards, the decision is not repeated, and the press reports it."""
    async with running(own_config, retry_delays=IMPATIENT) as state:
        report = await reported(api)
        api.fail("editMessageText", Fault(cut=True))
        api.press(buttons(report)["Thêm vào kho tài liệu"], api.message_of(report), ADMIN)
        (told,) = await sent(api, 1, "answerCallbackQuery")
        await settled(state)
        acts = [act.act for act in state.audit_log()]

    assert told.parameters["text"] == VI.administration.upload_added.format(name="noi-quy.txt")
    assert acts.count("add document: noi-quy.txt") == 1
    assert files(own_home)["tai-len/noi-quy.txt"] == TEXT.encode()
    assert api.sent("editMessageText") == []


async def test_the_same_content_is_named_only_to_those_who_may_see_it(api, own_config, own_home):
    """An administrator who may not see the collection learns nothing of its contents."""
    closed = own_config.model_copy(update={"collections": read_visibility("admin=tai-len")})
    async with running(closed):
        report = await reported(api, (own_home.corpus / "bao-cao.txt").read_bytes())

    assert "Tài liệu đã nhận" in report.parameters["text"]
    assert "bao-cao" not in report.parameters["text"]


async def test_the_same_content_is_noticed(api, own_config, own_home):
    """Under which name it is indexed already."""
    async with running(own_config):
        report = await reported(api, (own_home.corpus / "bao-cao.txt").read_bytes(), "khac.txt")

    assert "⚠ Nội dung này đã có trong kho tài liệu dưới tên bao-cao.txt." in report.parameters["text"]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (docx_of(LINES), "noi-quy.docx"),
        (pdf_of(LINES), "NOI-QUY.PDF"),
        (html_of([*LINES[1:], *[LONGER] * 3], LINES[0]), "a.htm"),
    ],
)
async def test_foreign_formats_are_reported_on(api, own_config, data, name):
    """Read in the sandbox, within its limits, to the same words as plain text."""
    async with running(own_config):
        report = await reported(api, data, name)

    lines = parse(report.parameters["text"]).text.split("\n")
    assert lines[0] == f"Tài liệu đã nhận: {name}"
    assert "Mở đầu: “Thư viện mở cửa từ 7 giờ 30 đến 17 giờ.”" in lines
    assert list(buttons(report)) == ["Thêm vào kho tài liệu", "Bỏ qua", "🔎 Bản đọc", "📁 chung"]


async def test_a_confirmed_word_document_answers_questions(api, own_config, own_home):
    """Byte for byte in the folder for uploads, indexed and quoted."""
    data = docx_of(LINES)
    async with running(own_config):
        report = await reported(api, data, "noi-quy.docx")
        api.press(buttons(report)["Thêm vào kho tài liệu"], api.message_of(report), ADMIN)
        _, indexed = await texts(api, 2)
        api.say("Thư viện mở cửa từ mấy giờ?", STAFF)
        (answer,) = await texts(api, 1, STAFF)

    assert files(own_home)["tai-len/noi-quy.docx"] == data
    assert "Mới: 1 · thay đổi: 0 · đổi tên: 0 · gỡ bỏ: 0" in indexed
    assert "từ 7 giờ 30 đến 17 giờ" in answer


@pytest.mark.parametrize("suffix", ["doc", "rtf", "odt", "xls", "xlsx", "ods", "ppt", "pptx", "odp", "epub"])
async def test_an_office_file_is_received_as_its_program_wrote_it(api, own_config, own_home, suffix):
    """Read, added and indexed, over HTTP, byte for byte."""
    (path,) = REAL.glob(f"libreoffice-to-{suffix}.{suffix}")
    async with running(own_config):
        report = await reported(api, path.read_bytes(), path.name)
        api.press(buttons(report)["Thêm vào kho tài liệu"], api.message_of(report), ADMIN)
        _, indexed = await texts(api, 2)

    assert files(own_home)[f"tai-len/{path.name}"] == path.read_bytes()
    assert "Mới: 1 · thay đổi: 0 · đổi tên: 0 · gỡ bỏ: 0" in indexed


@pytest.mark.parametrize("words", [VI, EN], ids=["vi", "en"])
def test_every_error_has_its_words(words):
    """An unreadable file is reported with its exact reason, for every error that an upload can cause."""
    kinds = {kind.__name__ for kind in DocumentError.__subclasses__()}
    reasons = dict(words.administration.reasons)

    # A mark of secrecy is no fault of reading: it has a report of its own.
    assert kinds - set(reasons) == {"SuffixError", "UnreadableError", "SidecarError", "SecretError"}
    assert set(reasons) - kinds == {""}
    assert len(set(reasons.values())) == len(reasons)


@pytest.mark.parametrize("name", ["../../thoat.txt", "/etc/thoat.txt", "..\\thoat.txt", "thoat.txt"])
async def test_a_name_leads_nowhere_else(api, own_config, own_home, name):
    """Whatever it says, the file is in the folder for uploads."""
    async with running(own_config):
        report = await reported(api, name=name)
        api.press(buttons(report)["Thêm vào kho tài liệu"], api.message_of(report), ADMIN)
        await sent(api, 1, "editMessageText")

    assert "tai-len/thoat.txt" in files(own_home)


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (
            b"MZ",
            "a.exe",
            f"Các loại tệp được nhận: {', '.join(sorted(READERS))}.",
        ),
        (b"a", None, "Không nhận loại tệp này."),
        (
            b"\xff\xff\xff",
            "a.txt",
            "tệp a.txt: tệp không phải là văn bản, hoặc không xác định được bảng mã.",
        ),
        (b"PK", "a.docx", "Không đọc được tệp a.docx: tệp bị hỏng, hoặc nội dung không đúng với đuôi tệp."),
        (
            zip_of({"a.txt": TEXT.encode()}),
            "a.ZIP",
            "Không nhận tệp nén (.zip) qua Telegram.",
        ),
        (b"   ", "a.txt", "Không đọc được tệp a.txt: tệp không có nội dung."),
        (b"a" * (20 * 1024 * 1024 + 1), "a.txt", "Tệp lớn hơn 20 MB"),
    ],
    ids=["kind", "no name", "no encoding", "broken", "archive", "blank", "large"],
)
async def test_what_cannot_be_added_is_said(api, own_config, data, name, sentence):
    """Without buttons, and nothing of it is kept."""
    async with running(own_config):
        report = await reported(api, data, name)

    assert sentence.rstrip(".") in report.parameters["text"]
    assert buttons(report) == {}
    assert waiting(own_config) == []


async def test_a_size_that_is_not_told_is_the_servers_to_refuse(api, own_config):
    """Some documents come without one; getFile says that it is too big."""
    async with running(own_config):
        api.hand_in(b"a" * (20 * 1024 * 1024 + 1), "a.txt", ADMIN, file_size=1)

        (report,) = await sent(api, 1, chat=ADMIN)

    assert report.parameters["text"] == VI.administration.too_large
    assert waiting(own_config) == []


async def test_staff_add_nothing(api, own_config, own_home):
    """Staff cannot upload, nor press an administrator's buttons."""
    before = files(own_home)
    async with running(own_config):
        report = await reported(api)
        api.hand_in(TEXT.encode(), "noi-quy.txt", STAFF)
        api.press(buttons(report)["Thêm vào kho tài liệu"], api.message_of(report, STAFF), STAFF)
        (told,) = await sent(api, 1, "answerCallbackQuery")
        (refusal,) = await sent(api, 1, chat=STAFF)

    assert refusal.parameters["text"] == VI.not_text
    assert told.parameters["text"] == VI.administration.upload_expired
    assert files(own_home) == before
    assert len(api.sent("getFile")) == 1


async def test_a_group_adds_nothing(api, own_config):
    """A document in a group is not even downloaded."""
    async with running(own_config):
        api.hand_in(TEXT.encode(), "noi-quy.txt", ADMIN)
        api.say("", ADMIN, GROUP, document={"file_id": "F0", "file_unique_id": "F0", "file_name": "a.txt"})
        api.say("/help", ADMIN)
        await sent(api, 2, chat=ADMIN)

    assert api.sent(chat=GROUP) == []
    assert len(api.sent("getFile")) == 1


async def test_a_broken_download_is_tried_again(api, own_config):
    """The connection is cut at getFile: the report comes, and nothing is left over."""
    async with running(own_config):
        api.fail("getFile", Fault(cut=True), Fault(502))
        report = await reported(api)

    assert "Nội quy thư viện" in report.parameters["text"]
    assert waiting(own_config) == ["noi-quy.txt"]


async def test_the_readers_of_a_document_are_said_before_it_is_added(api, own_config, own_home):
    """A folder that staff do not see is named with a warning; another can be chosen, and they find it there."""
    for folder in ("quy-che", "mat"):
        (own_home.corpus / folder).mkdir()
    rules = read_visibility("staff=chung,quy-che; admin=chung,quy-che,tai-len")
    async with running(own_config.model_copy(update={"collections": rules})):
        hidden = await reported(api)
        api.press(buttons(hidden)["📁 quy-che"], api.message_of(hidden), ADMIN)
        (open_,) = await sent(api, 1, "editMessageText")
        api.press(buttons(open_)["Thêm vào kho tài liệu"], api.message_of(open_), ADMIN)
        await texts(api, 2)
        api.say("Thư viện mở cửa từ mấy giờ?", STAFF)
        (answer,) = await texts(api, 1, STAFF)

    assert "Thư mục: tai-len\nNgười xem được: quản trị viên\n" in hidden.parameters["text"]
    assert f"⚠ {VI.documents.not_for_staff}" in hidden.parameters["text"]
    assert [text for text in buttons(hidden) if "📁" in text] == ["📁 chung", "📁 quy-che"]
    assert "Thư mục: quy-che\nNgười xem được: quản trị viên, nhân viên\n" in open_.parameters["text"]
    assert VI.documents.not_for_staff not in open_.parameters["text"]
    assert "từ 7 giờ 30 đến 17 giờ" in answer
    assert "quy-che/noi-quy.txt" in files(own_home)


async def test_a_folder_that_nobody_sees_is_said(api, own_config):
    """Before anything is added."""
    rules = read_visibility("staff=chung; admin=chung")
    async with running(own_config.model_copy(update={"collections": rules})):
        report = await reported(api)

    assert "Người xem được: không ai" in report.parameters["text"]


@pytest.mark.parametrize("folder", ["..", "../..", ".git", "khong-co", "mat"])
async def test_only_an_offered_folder_receives(api, own_config, own_home, folder):
    """Whatever the button is made to carry, a hidden collection included."""
    (own_home.corpus / "mat").mkdir()
    rules = read_visibility("staff=chung; admin=chung,tai-len")
    before = files(own_home)
    async with running(own_config.model_copy(update={"collections": rules})):
        report = await reported(api)
        data = buttons(report)["Thêm vào kho tài liệu"].rpartition(":")[0]
        api.press(f"{data}:{folder}", api.message_of(report), ADMIN)
        await sent(api, 1, "answerCallbackQuery")

    assert files(own_home) == before


async def test_a_button_of_before_folders_could_be_chosen_still_works(api, own_config, own_home):
    """It adds to the folder for uploads."""
    async with running(own_config):
        report = await reported(api)
        old = buttons(report)["Thêm vào kho tài liệu"].rpartition(":")[0]
        api.press(old, api.message_of(report), ADMIN)
        await sent(api, 1, "editMessageText")

    assert "tai-len/noi-quy.txt" in files(own_home)


async def test_a_document_with_a_mark_of_secrecy_is_refused(api, own_config, own_home):
    """The mark is named, there is nothing to press, and nothing of the file is left."""
    before = files(own_home)
    async with running(own_config):
        refusal = await reported(api, report("TUYỆT MẬT"), "bao-cao.txt")

    assert refusal.parameters["text"] == VI.documents.marked.format(mark="TUYỆT MẬT")
    assert (buttons(refusal), waiting(own_config), files(own_home)) == ({}, [], before)


async def test_a_marked_document_is_offered_only_what_was_opened_for_it(api, own_config, own_home):
    """Not the folder for uploads; the chosen one takes it, and it is in the index then."""
    (own_home.corpus / "mat").mkdir()
    write_settings(own_home.index, Settings(secret=("mat",)))
    async with running(own_config):
        first = await reported(api, report("MẬT"), "bao-cao.txt")
        offered = list(buttons(first))
        api.press(buttons(first)["📁 mat"], api.message_of(first), ADMIN)
        (chosen,) = await sent(api, 1, "editMessageText")
        api.press(buttons(chosen)["Thêm vào kho tài liệu"], api.message_of(chosen), ADMIN)
        done = (await texts(api, 2))[-1]

    assert offered == ["Bỏ qua", "🔎 Bản đọc", "📁 mat"]
    assert f"⚠ {VI.documents.marked_folder.format(mark='MẬT')}" in first.parameters["text"]
    assert "Mới: 1" in done
    assert "mat/bao-cao.txt" in files(own_home)
