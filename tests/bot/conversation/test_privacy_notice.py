"""What the bot says that it keeps of people."""

from __future__ import annotations

import pytest

from bot.conversation.privacy import privacy_html
from bot.messages.en import EN
from bot.messages.vi import VI
from tests.bot.conftest import STAFF, running
from tests.bot.conversation.test_questions import sent
from tests.support.bot.markup import parse


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"keep_questions": True, "keep_days": 30}, "được lưu cùng câu trả lời trong 30 ngày"),
        ({"keep_questions": False, "keep_days": 45}, "không được lưu; chỉ được giữ cho đến khi trả lời xong"),
    ],
)
async def test_the_notice_follows_the_settings(api, config, settings, sentence):
    """Whoever asks is told what is kept of them here, and how to delete it."""
    async with running(config.model_copy(update=settings)):
        api.say("/quyenriengtu", STAFF)
        (notice,) = await sent(api, 1, chat=STAFF)

    seen = parse(notice.parameters["text"]).text
    assert f"Nội dung câu hỏi: {sentence}" in seen
    assert f"{settings['keep_days']} ngày" in seen
    assert "/quenlai" in seen


@pytest.mark.parametrize("texts", [VI, EN], ids=["vi", "en"])
@pytest.mark.parametrize("keep", [True, False])
def test_the_notice_fits_a_message(texts, keep):
    """4,096 UTF-16 units at most, and every placeholder is filled."""
    seen = parse(privacy_html(texts, keep=keep, days=90)).text

    assert len(seen.encode("utf-16-le")) // 2 <= 4096
    assert "{" not in seen
