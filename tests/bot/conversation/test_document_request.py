"""Messages that ask for documents, not for what stands in them."""

from __future__ import annotations

import pytest

from bot.conversation.document_request import requested_documents
from tests.bot.conftest import STAFF
from tests.bot.conversation.test_questions import sent


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("Gửi giúp em file hội nghị 2022 ạ", "hội nghị 2022"),
        ("gui toi file quy che chi tieu", "quy che chi tieu"),
        ("tài liệu nào nói về ASEAN?", "ASEAN"),
        ("Có văn bản nào về bảo hiểm không?", "bảo hiểm"),
        ("Chào anh, cho em xin tài liệu về nghỉ phép", "nghỉ phép"),
        ("Tìm văn bản 15/QĐ-VP", "15/QĐ-VP"),
        ("Danh sách tài liệu về đào tạo", "đào tạo"),
        ("Which documents mention ASEAN?", "ASEAN"),
    ],
)
def test_a_request_names_what_the_documents_are_about(message: str, words: str) -> None:
    """With courtesies and without diacritics."""
    assert requested_documents(message) == words


@pytest.mark.parametrize(
    "question",
    [
        "Văn bản nào quy định mức lương tối thiểu?",
        "Tài liệu mật được lưu ở đâu?",
        "Gửi hồ sơ ở đâu?",
        "Nộp văn bản nào khi xin nghỉ?",
        "Văn bản hợp nhất là gì?",
        "Tìm hiểu luật đất đai",
    ],
)
def test_a_question_is_none(question: str) -> None:
    """The documents themselves answer it."""
    assert requested_documents(question) == ""


async def test_documents_with_the_words_in_their_titles_are_offered(api, bot):
    """With the button that sends the file."""
    api.say("Gửi tôi file quy chế nộp báo cáo", STAFF)

    (call,) = await sent(api)

    assert call.parameters["text"].startswith("<b>Tìm thấy 1 tài liệu:</b>\n1. Quy chế nộp báo cáo")
    assert call.parameters["reply_markup"]["inline_keyboard"][0][0]["text"].startswith("📄")


async def test_documents_that_speak_of_it_are_offered_where_no_title_does(api, bot):
    """Best first."""
    api.say("tài liệu nào nói về Nam Sudan?", STAFF)

    (call,) = await sent(api)

    assert call.parameters["text"].startswith(
        "<b>Tìm thấy 1 tài liệu có nội dung liên quan:</b>\n1. Bệnh viện dã chiến"
    )


async def test_that_there_is_no_such_document_is_said(api, bot):
    """And nothing else is offered."""
    api.say("gửi tôi file giá xăng", STAFF)

    (call,) = await sent(api)

    assert call.parameters["text"] == "Không tìm thấy tài liệu nào về “giá xăng”."
    assert "reply_markup" not in call.parameters
