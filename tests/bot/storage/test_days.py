"""Whole days, read from top to bottom: one of the staff with every button, a stranger, a group, an administrator."""

from __future__ import annotations

import re

from bot.storage.state import BotState
from tests.bot.conftest import ADMIN, GROUP, STAFF, STRANGER
from tests.bot.conversation.test_questions import QUESTION, sent
from tests.support.bot.markup import parse
from tests.support.bot.server import BOT

NEWCOMER = 6001


class Chat:
    """A chat as its reader sees it: says something and reads the next message."""

    def __init__(self, api, user, chat=None):
        self._api, self._user, self._chat = api, user, user if chat is None else chat
        self._read = {}

    async def say(self, text, **message):
        """What the bot answers to a message."""
        self._api.say(text, self._user, self._chat, **message)
        return await self.next()

    async def press(self, label, call):
        """Presses the button of this label below a message; what the press itself is answered with."""
        rows = call.parameters["reply_markup"]["inline_keyboard"]
        (data,) = [button["callback_data"] for row in rows for button in row if button["text"] == label]
        message = {**self._api.message_of(call), "reply_markup": call.parameters["reply_markup"]}
        count = len(self._api.sent("answerCallbackQuery"))
        self._api.press(data, message, self._user)
        return (await sent(self._api, count + 1, "answerCallbackQuery"))[-1].parameters.get("text", "")

    async def next(self, method="sendMessage"):
        """The next call of a method for this chat that was not read yet."""
        self._read[method] = self._read.get(method, 0) + 1
        return (await sent(self._api, self._read[method], method, self._chat))[-1]


def seen(call):
    """A message as its reader sees it."""
    return parse(call.parameters["text"]).text


async def test_a_day_of_one_of_the_staff(api, bot):
    """Help, a question, each kind of button, a follow-up by reply, the lists, and a question without an answer."""
    chat = Chat(api, STAFF)

    assert "Cách hỏi" in seen(await chat.say("/help"))

    answer = await chat.say(QUESTION)
    assert "Bệnh viện dã chiến cấp 2 có 70 người." in seen(answer)

    assert await chat.press("⤢ Ngữ cảnh", answer) == ""
    context = await chat.next()
    assert "Nam Sudan vào đầu năm 2018" in seen(context)
    assert "đoạn 2/5" in seen(context)

    assert await chat.press("Đoạn sau ▶", context) == ""
    assert "đoạn 3/5" in seen(await chat.next("editMessageText"))

    assert await chat.press("◀ Đoạn trước", context) == "Đây là đoạn đầu của tài liệu."

    assert await chat.press("📄 Văn bản", answer) == ""
    (document,) = (await chat.next("sendDocument")).files.values()
    assert "Bệnh viện dã chiến cấp 2 có 70 người." in document.decode()

    assert await chat.press("Kết quả khác", answer) == ""
    assert "\n2 · " in seen(await chat.next("editMessageText"))

    replied = api.message_of(answer)
    follow_up = await chat.say("khi nào?", reply_to_message=replied)
    assert "Câu hỏi này được hiểu theo câu hỏi trước." in seen(follow_up)

    assert "2 tài liệu" in seen(await chat.say("/nguon"))
    assert "Quy chế nộp báo cáo" in seen(await chat.say("/tailieu báo cáo"))
    assert "Có thể hỏi" in seen(await chat.say("/vidu"))
    assert "không trả lời câu hỏi này" in seen(await chat.say("giá vàng thế giới hôm qua tăng mấy phần trăm"))


async def test_a_day_of_a_stranger(api, bot):
    """One sentence with their own id, then silence, whatever they try; a button that somebody gave them is dead."""
    answer = await Chat(api, STAFF).say(QUESTION)
    stranger = Chat(api, STRANGER)

    refusal = await stranger.say(QUESTION)
    for text in ("/start", "/nguon", "/moi quantri", "/start made-up-code", QUESTION):
        api.say(text, STRANGER)
    said = await stranger.press("📄 Văn bản", answer)

    assert str(STRANGER) in seen(refusal)
    assert said == ""
    assert len(api.sent(chat=STRANGER)) == 1
    assert api.sent("sendDocument") == []
    assert bot.role(STRANGER) is None


async def test_a_day_in_a_group(api, bot):
    """Talk is left alone; a mention and a reply are answered in the thread; a stranger's mention is not."""
    in_group = Chat(api, STAFF, GROUP)
    mention = f"@{BOT['username']}"
    api.say("Chiều nay họp lúc mấy giờ?", STAFF, GROUP)
    entity = {"type": "mention", "offset": 0, "length": len(mention)}
    api.say(f"{mention} {QUESTION}", STRANGER, GROUP, entities=[entity])

    answer = await in_group.say(f"{mention} {QUESTION}", entities=[entity])
    replied = {**api.message_of(answer), "text": seen(answer)}
    second = await in_group.say("Báo cáo quý được nộp trước ngày nào?", reply_to_message=replied)

    assert "70 người" in seen(answer)
    assert "trước ngày 15" in seen(second)
    assert len(api.sent(chat=GROUP)) == 2
    assert api.sent(chat=STRANGER) == []


async def test_a_day_of_an_administrator(api, bot: BotState):
    """Invites somebody, who comes in and asks; sees them in the list; takes the right away; all of it on record."""
    admin, newcomer = Chat(api, ADMIN), Chat(api, NEWCOMER)

    invitation = seen(await admin.say("/moi"))
    (code,) = re.findall(r"\?start=([\w-]+)", invitation)
    assert "Đã cấp quyền" in seen(await newcomer.say(f"/start {code}"))
    assert "70 người" in seen(await newcomer.say(QUESTION))
    assert "đã dùng liên kết mời" in seen(await admin.next())
    assert str(NEWCOMER) in seen(await admin.say("/nguoidung"))

    assert "Đã thu hồi" in seen(await admin.say(f"/xoa {NEWCOMER}"))
    assert "đã được quản trị viên thu hồi" in seen(await newcomer.next())
    assert "chưa được cấp quyền" in seen(await newcomer.say(QUESTION))
    trail = seen(await admin.say("/nhatky")).splitlines()

    assert f"({ADMIN}) thu hồi quyền của Người {NEWCOMER} ({NEWCOMER})" in trail[1]
    assert f"({ADMIN}) cấp quyền nhân viên cho Người {NEWCOMER} ({NEWCOMER})" in trail[2]
    assert f"({ADMIN}) tạo liên kết mời nhân viên" in trail[3]
