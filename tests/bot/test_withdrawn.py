"""A document is withdrawn by deleting its file: from then on nothing names it."""

from __future__ import annotations

from tests.bot.conftest import STAFF, running
from tests.bot.conversation.test_questions import sent


async def test_no_list_or_example_names_a_withdrawn_document(api, own_config, own_home):
    """Without a new build."""
    (own_home.corpus / "bao-cao.txt").unlink()
    async with running(own_config):
        for text in ("/nguon", "/tailieu quy", "/vidu"):
            api.say(text, STAFF)

        listed, found, examples = await sent(api, 3, chat=STAFF)

    assert "Bệnh viện dã chiến" in listed.parameters["text"]
    assert "1 tài liệu" in listed.parameters["text"]
    for call in (listed, found, examples):
        assert "Quy chế nộp báo cáo" not in str(call.parameters)


async def test_a_moved_document_is_named_no_longer(api, own_config, own_home):
    """Nor one whose folder is gone."""
    (own_home.corpus / "bao-cao.txt").rename(own_home.corpus / "khac.txt")
    async with running(own_config):
        api.say("/tailieu quy", STAFF)

        (found,) = await sent(api, 1, chat=STAFF)

    assert "Quy chế nộp báo cáo" not in found.parameters["text"]
