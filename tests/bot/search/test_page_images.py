"""The button for a page: its picture, of the file that was indexed, for those who may see it, one at a time."""

from __future__ import annotations

import asyncio
import io
import signal
import threading
from functools import partial

import numpy as np
import pytest
from PIL import Image

import bot.conversation.buttons
from bot.errors import PageImageError
from bot.search.page_images import PageImages
from bot.settings.visibility import read_visibility
from retrieval.index.address import IndexAddress
from retrieval.retriever import Retriever
from tests.bot.conftest import ADMIN, REPORT, STAFF, Home, running
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.support.corpus import build_index
from tests.support.document_makers import pdf_of
from tests.support.encoders import BagEncoder
from tests.support.waiting import PATIENCE, soon

pytestmark = pytest.mark.slow

TITLE = "Bệnh viện dã chiến"
FIRST = "Bệnh viện dã chiến cấp 2 có 70 người."
OTHERS = [
    "Bệnh viện tiếp nhận hơn 2.000 lượt bệnh nhân mỗi năm.",
    "Đội ngũ bác sĩ của bệnh viện được đào tạo tiếng Anh.",
]
PROSE = "Phòng họp mở cửa lúc bảy giờ sáng và đóng cửa lúc năm giờ chiều của mỗi ngày làm việc trong cả tuần."
TALE = " ".join(f"Câu chuyện thứ {number} kể rằng {PROSE[:-1].lower()}," for number in range(40)) + " hết chuyện."


def paged_in(folder):
    """A PDF with a paragraph over two pages, a text, and their index."""
    home = Home(folder / "corpus", folder / "index")
    (home.corpus / "so-tay").mkdir(parents=True)
    (home.corpus / "so-tay" / "kho.pdf").write_bytes(pdf_of([TITLE, FIRST, TALE, *OTHERS]))
    (home.corpus / "bao-cao.txt").write_text(REPORT, encoding="utf-8")
    build_index(home.corpus, home.index, BagEncoder())
    return home


@pytest.fixture(scope="module")
def paged(tmp_path_factory):
    """Not to be written to."""
    return paged_in(tmp_path_factory.mktemp("paged"))


@pytest.fixture
def settings(config, paged):
    return config.model_copy(update={"index": IndexAddress(paged.index)})


def page_of(answer):
    """What the button for the page of its first quote carried below an answer before it was shown compactly."""
    return f"p:{answer_row(answer)[0]['callback_data'].split(':')[1]}:0:0"


def answer_row(answer):
    """The buttons for what an answer shows."""
    return answer.parameters["reply_markup"]["inline_keyboard"][0]


def pages_below(call):
    """What the buttons for pages below a message carry."""
    rows = call.parameters["reply_markup"]["inline_keyboard"]
    return [each["callback_data"] for row in rows for each in row if each["text"].startswith("🖼")]


async def asked(api, question=QUESTION, user=STAFF):
    """An answer, its first quote from the PDF."""
    api.say(question, user)
    return (await sent(api, 1, chat=user))[-1]


def is_marked(photo):
    (png,) = photo.files.values()
    pixels = np.asarray(Image.open(io.BytesIO(png)), dtype=np.int16)
    return bool((pixels[:, :, 0] - pixels[:, :, 2] > 60).any())


async def test_the_page_of_a_quote(api, settings):
    """A marked picture with title and citation, in reply to its context."""
    async with running(settings):
        answer = await asked(api)
        api.press(answer_row(answer)[1]["callback_data"], api.message_of(answer), STAFF)
        _, context = await sent(api, 2)
        (data,) = pages_below(context)
        api.press(data, api.message_of(context), STAFF)
        (photo,) = await sent(api, 1, "sendPhoto")
        _, told = await sent(api, 2, "answerCallbackQuery")

    rows = context.parameters["reply_markup"]["inline_keyboard"]
    assert is_marked(photo)
    assert photo.parameters["caption"] == f"{TITLE}\nkhông rõ ngày · trang 1 · đoạn 1/4"
    assert photo.parameters["reply_parameters"]["message_id"] == context.parameters["_message_id"]
    assert "text" not in told.parameters
    assert max(len(each["callback_data"].encode()) for row in rows for each in row) <= 64


async def test_a_text_has_no_page(api, bot):
    """Nothing offers one."""
    answer = await asked(api)
    api.press(answer_row(answer)[1]["callback_data"], api.message_of(answer), STAFF)

    _, context = await sent(api, 2)

    assert pages_below(context) == []


async def test_the_pages_of_the_next_paragraph(api, settings):
    """The button below a paragraph that was turned to shows that one: two pages, each with its number."""
    async with running(settings):
        answer = await asked(api)
        after = page_of(answer).replace("p:", "s:", 1).removesuffix(":0") + ":1"
        api.press(after, api.message_of(answer), STAFF)
        _, paragraph = await sent(api, 2)
        (data,) = pages_below(paragraph)
        api.press(data, api.message_of(paragraph), STAFF)
        photos = await sent(api, 2, "sendPhoto")

    assert [is_marked(photo) for photo in photos] == [True, True]
    assert ["trang 1–2 · đoạn 2/4" in photo.parameters["caption"] for photo in photos] == [True, True]
    assert [photo.parameters["caption"].splitlines()[-1] for photo in photos] == ["Trang 1", "Trang 2"]


async def test_an_old_message_after_a_restart(api, settings):
    """Telegram no longer gives its contents; the state file does."""
    async with running(settings):
        answer = await asked(api)
    async with running(settings):
        old = {"chat": {"id": STAFF, "type": "private"}, "message_id": answer.parameters["_message_id"], "date": 0}
        api.press(page_of(answer), old, STAFF)

        (photo,) = await sent(api, 1, "sendPhoto")

    assert is_marked(photo)


@pytest.mark.parametrize("change", ["changed", "removed", "indexed anew"])
async def test_a_document_that_is_another_now(api, config, tmp_path, change):
    """Is not shown, and why is said."""
    home = paged_in(tmp_path)
    file = home.corpus / "so-tay" / "kho.pdf"
    async with running(config.model_copy(update={"index": IndexAddress(home.index)})):
        answer = await asked(api)
        file.unlink()
        if change != "removed":
            file.write_bytes(pdf_of([TITLE, PROSE, FIRST]))
        if change == "indexed anew":
            build_index(home.corpus, home.index, BagEncoder())
        api.press(page_of(answer), api.message_of(answer), STAFF)

        (told,) = await sent(api, 1, "answerCallbackQuery")

    assert "đã thay đổi" in told.parameters["text"]
    assert api.sent("sendPhoto") == []


async def test_a_file_that_cannot_be_read_any_more(api, config, tmp_path):
    """Its kept paragraphs are quoted, their page cannot be drawn: nobody is told that the document has changed."""
    home = paged_in(tmp_path)
    (home.corpus / "so-tay" / "kho.pdf").write_bytes(b"%PDF-1.7 half a file")
    build_index(home.corpus, home.index, BagEncoder())
    async with running(config.model_copy(update={"index": IndexAddress(home.index)})):
        answer = await asked(api)
        api.press(page_of(answer), api.message_of(answer), STAFF)
        (told,) = await sent(api, 1, "answerCallbackQuery")

    assert "bản trước; tệp hiện không đọc được" in answer.parameters["text"]
    assert told.parameters["text"].startswith("Không tạo được hình ảnh của trang này vì tệp gốc hiện không đọc được.")
    assert api.sent("sendPhoto") == []


async def test_a_document_that_is_hidden_now(api, settings):
    """A button of before treats it as one that is gone."""
    async with running(settings):
        answer = await asked(api)
    hidden = settings.model_copy(update={"collections": read_visibility("staff=chung")})
    async with running(hidden):
        api.press(page_of(answer), api.message_of(answer), STAFF)

        (told,) = await sent(api, 1, "answerCallbackQuery")

    assert "đã thay đổi" in told.parameters["text"]
    assert api.sent("sendPhoto") == []


async def test_one_who_was_removed_meanwhile(api, settings, monkeypatch):
    """Drawing may take a while: who may no longer see the page when it is done is not sent it."""
    draw = PageImages.draw
    async with running(settings) as state:

        async def drawn_and_removed(self, quote, *, within):
            pictures = await draw(self, quote, within=within)
            state.remove(STAFF, ADMIN)
            return pictures

        monkeypatch.setattr(PageImages, "draw", drawn_and_removed)
        answer = await asked(api)
        api.press(page_of(answer), api.message_of(answer), STAFF)
        (told,) = await sent(api, 1, "answerCallbackQuery")

    assert "đã thay đổi" in told.parameters["text"]
    assert api.sent("sendPhoto") == []


async def test_one_who_was_removed_between_two_pages(api, settings, monkeypatch):
    """Sending takes a while too: the second page is not sent to one who may not see it any more."""
    async with running(settings) as state:
        answer = await asked(api)
        after = page_of(answer).replace("p:", "s:", 1).removesuffix(":0") + ":1"
        api.press(after, api.message_of(answer), STAFF)
        _, paragraph = await sent(api, 2)
        send = bot.conversation.buttons.send_photo

        async def sent_and_removed(*args, **options):
            await send(*args, **options)
            state.remove(STAFF, ADMIN)

        monkeypatch.setattr("bot.conversation.buttons.send_photo", sent_and_removed)
        api.press(pages_below(paragraph)[0], api.message_of(paragraph), STAFF)
        await sent(api, 1, "sendPhoto")
        await soon(lambda: not state.pending())

    assert len(api.sent("sendPhoto")) == 1


async def test_a_page_that_cannot_be_drawn(api, settings, monkeypatch):
    """It is given up after its time, which is said; questions are answered on."""
    monkeypatch.setattr("bot.app.PageImages", partial(PageImages, seconds=0.0))
    async with running(settings):
        answer = await asked(api)
        api.press(page_of(answer), api.message_of(answer), STAFF)
        (told,) = await sent(api, 1, "answerCallbackQuery")
        api.say(QUESTION, STAFF)
        await sent(api, 2)

    assert told.parameters["text"].startswith("Không tạo được hình ảnh của trang này.")
    assert api.sent("sendPhoto") == []


class Watched(Retriever):
    """A retriever whose pictures take until `may_end`, and which counts how many are asked for at once."""

    def __init__(self, index):
        super().__init__(index, BagEncoder())
        self._counting = threading.Lock()
        self._now = 0
        self.most = 0
        self.may_end = threading.Event()

    def page_images(self, quote, *, sandbox, within=None):
        with self._counting:
            self._now += 1
            self.most = max(self.most, self._now)
        self.may_end.wait(PATIENCE)
        with self._counting:
            self._now -= 1
        return ()


async def test_one_page_is_drawn_at_a_time(paged):
    """Whoever presses how often, and the event loop runs on meanwhile."""
    retriever = Watched(paged.index)
    drawing = PageImages(retriever)
    quote = retriever.ask(QUESTION).hits[0].quote
    presses = asyncio.gather(*(drawing.draw(quote, within=None) for _ in range(4)))

    await soon(lambda: retriever.most)
    for _ in range(50):  # for others that begin as well
        await asyncio.sleep(0.002)
    retriever.may_end.set()  # which an event loop that waits for a page could not do
    await presses
    drawing.close()

    assert retriever.most == 1


async def test_the_end_of_the_program_does_not_wait_for_a_page(paged):
    """What is being drawn is ended with it."""
    retriever = Retriever(paged.index, BagEncoder())
    drawing = PageImages(retriever)
    quote = retriever.ask(QUESTION).hits[0].quote
    press = asyncio.ensure_future(drawing.draw(quote, within=None))
    await soon(lambda: drawing._sandbox._process)

    drawing._sandbox._process.send_signal(signal.SIGSTOP)  # it would never end by itself
    drawing.close()
    with pytest.raises(PageImageError, match="ended the process"):
        await press
