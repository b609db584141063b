"""The button for what was read of a document: an administrator gets the page, nobody else does."""

from __future__ import annotations

import lxml.html
import pytest

from bot.errors import HtmlPageError
from bot.messages.vi import VI
from bot.search.html_pages import HtmlPages
from bot.settings.visibility import read_visibility
from bot.storage.state import Person
from retrieval.retriever import Retriever
from tests.bot.administration.test_uploads import buttons, reported
from tests.bot.conftest import ADMIN, STAFF, running
from tests.bot.conversation.test_questions import sent
from tests.support.corpus import build_index
from tests.support.document_makers import pdf_of, zip_of
from tests.support.encoders import BagEncoder

pytestmark = pytest.mark.slow

WORDS = ["Quy chế thư viện", "Thư viện mở cửa từ 7 giờ 30 đến 17 giờ.", "Độc giả giữ trật tự trong phòng đọc."]
BUTTON = "🔎 Bản đọc"


def paragraphs(call):
    """The paragraphs of the one page that was sent, and its file name."""
    ((name, data),) = call.files.items()
    page = lxml.html.document_fromstring(data.decode())
    return name, [each.text_content() for each in page.xpath("//p[@class='words']")]


async def listed(api, user, words="bao cao"):
    """The buttons below the results of /tailieu, and the call."""
    api.say(f"/tailieu {words}", user)
    (found,) = await sent(api, 1, chat=user)
    return buttons(found), found


async def test_an_upload_can_be_looked_at_before_it_is_decided_about(api, own_config):
    """The page of the pending file, with the pictures of its pages; the decision stays open."""
    async with running(own_config):
        report = await reported(api, pdf_of(WORDS), "noi-quy.pdf")
        api.press(buttons(report)[BUTTON], api.message_of(report), ADMIN)
        (document,) = await sent(api, 1, "sendDocument")
        (told,) = await sent(api, 1, "answerCallbackQuery")
        api.press(buttons(report)["Bỏ qua"], api.message_of(report), ADMIN)
        (dropped,) = await sent(api, 1, "editMessageText")

    assert paragraphs(document) == ("noi-quy.pdf-ban-doc.html", WORDS)
    assert b"data:image/jpeg;base64," in next(iter(document.files.values()))
    assert "noi-quy.pdf" in document.parameters["caption"]
    assert "text" not in told.parameters
    assert dropped.parameters["text"] == "Đã bỏ qua noi-quy.pdf."


async def test_a_document_of_the_corpus_can_be_looked_at(api, bot):
    """Each one in the list, by the number that it has there."""
    found, message = await listed(api, ADMIN)

    api.press(found["🔎 1"], api.message_of(message), ADMIN)
    (document,) = await sent(api, 1, "sendDocument")

    name, words = paragraphs(document)
    assert list(found) == ["📄 1", "🔎 1"]
    assert (name, words[0]) == ("bao-cao.txt-ban-doc.html", "Quy chế nộp báo cáo")


async def test_a_document_in_an_archive_is_shown_alone(api, own_config, own_home):
    """Not the archive around it; with the metadata that the index has."""
    (own_home.corpus / "kho.zip").write_bytes(zip_of({"thu-vien.pdf": pdf_of(WORDS), "b.txt": b"Kho\n\nKho hang."}))
    build_index(own_home.corpus, own_home.index, BagEncoder())
    async with running(own_config):
        found, message = await listed(api, ADMIN, "thu vien")
        api.press(found["🔎 1"], api.message_of(message), ADMIN)
        (document,) = await sent(api, 1, "sendDocument")

    assert paragraphs(document) == ("thu-vien.pdf-ban-doc.html", WORDS)


async def test_staff_have_no_such_button_and_cannot_press_one(api, bot):
    """Whoever presses is asked for, not whoever was shown the button."""
    found, _ = await listed(api, STAFF)
    theirs, message = await listed(api, ADMIN)
    api.press(theirs["🔎 1"], api.message_of(message), STAFF)

    (told,) = await sent(api, 1, "answerCallbackQuery")

    assert list(found) == ["📄 1"]
    assert told.parameters["text"] == VI.admins_only
    assert api.sent("sendDocument") == []


async def test_an_administrator_who_no_longer_is_one_gets_nothing(api, own_config):
    """The button in an old message is worth what its presser is now."""
    async with running(own_config) as state:
        state.add(Person(STAFF, "admin", "Lan"), by=ADMIN)
        found, message = await listed(api, STAFF)
        state.remove(STAFF, by=ADMIN)
        state.add(Person(STAFF, "staff", "Lan"), by=ADMIN)
        api.press(found["🔎 1"], api.message_of(message), STAFF)
        (told,) = await sent(api, 1, "answerCallbackQuery")

    assert told.parameters["text"] == VI.admins_only
    assert api.sent("sendDocument") == []


async def test_a_collection_that_is_closed_to_administrators_stays_closed(api, own_config, own_home):
    """Also if it was open when the button was made."""
    (own_home.corpus / "mat").mkdir()
    (own_home.corpus / "mat" / "bao-cao-mat.txt").write_text("Báo cáo kín\n\nNội dung kín.", encoding="utf-8")
    build_index(own_home.corpus, own_home.index, BagEncoder())
    async with running(own_config):
        found, message = await listed(api, ADMIN, "kin")
    closed = own_config.model_copy(update={"collections": read_visibility("admin=chung; staff=chung")})
    async with running(closed):
        api.press(found["🔎 1"], api.message_of(message), ADMIN)
        (told,) = await sent(api, 1, "answerCallbackQuery")

    assert told.parameters["text"] == VI.no_file
    assert api.sent("sendDocument") == []


async def test_a_changed_file_is_not_shown_as_what_was_indexed(api, own_config, own_home):
    """As with the document itself."""
    async with running(own_config):
        found, message = await listed(api, ADMIN)
        (own_home.corpus / "bao-cao.txt").write_text("Khác\n\nKhác hẳn.", encoding="utf-8")
        api.press(found["🔎 1"], api.message_of(message), ADMIN)
        (told,) = await sent(api, 1, "answerCallbackQuery")

    assert told.parameters["text"] == VI.no_file


async def test_a_decided_upload_has_no_page_any_more(api, own_config):
    """Its button says so."""
    async with running(own_config):
        report = await reported(api)
        api.press(buttons(report)["Bỏ qua"], api.message_of(report), ADMIN)
        await sent(api, 1, "answerCallbackQuery")
        api.press(buttons(report)[BUTTON], api.message_of(report), ADMIN)
        told = (await sent(api, 2, "answerCallbackQuery"))[-1]

    assert told.parameters["text"] == VI.old_button


async def test_a_page_that_takes_too_long_is_given_up(shared_home, tmp_path):
    """In one sentence, and the next one is written."""
    (tmp_path / "a.pdf").write_bytes(pdf_of(WORDS))
    slow = HtmlPages(Retriever(shared_home.index, BagEncoder()), shared_home.index, seconds=0.01)
    pages = HtmlPages(Retriever(shared_home.index, BagEncoder()), shared_home.index)

    with pytest.raises(HtmlPageError, match=r"written within 0\.01 s"):
        await slow.of_file(tmp_path / "a.pdf")
    slow.close()
    page = await pages.of_file(tmp_path / "a.pdf")
    pages.close()

    assert page.name == "a.pdf-ban-doc.html"


async def test_a_broken_file_is_refused_with_the_reason(shared_home, tmp_path):
    """By the name of its error, which the bot puts into words."""
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 broken")
    pages = HtmlPages(Retriever(shared_home.index, BagEncoder()), shared_home.index)

    with pytest.raises(HtmlPageError) as error:
        await pages.of_file(tmp_path / "a.pdf")
    pages.close()

    assert error.value.kind == "BrokenError"
