"""What is said to a clerk beside questions."""

from __future__ import annotations

import pytest

from bot.conversation.small_talk import small_talk

SAID = {
    "greeting": "chào bot / Xin chào! / Em chào anh chị ạ / hello / Hi bot / alo / Chào buổi sáng / xin chao",
    "thanks": "cảm ơn / Em cảm ơn nhiều ạ / thanks / Thank you so much! / ok / Dạ vâng ạ / 👍 / 🙏🙏 / Tuyệt vời!",
    "identity": "bạn là ai / Bạn là ai vậy? / bot tên gì / Hệ thống này là gì? / đây là gì? / Who are you?",
    "help": "help / giúp / Giúp em với ạ / Bạn làm được gì? / hướng dẫn sử dụng / cách hỏi / What can you do?",
    "documents": "danh sách tài liệu / Cho tôi xem danh mục tài liệu / có những tài liệu nào? / hiện có tài liệu gì",
}


@pytest.mark.parametrize("topic", SAID)
def test_what_asks_nothing_is_recognised(topic: str) -> None:
    """With and without diacritics, capitals and words of address."""
    messages = SAID[topic].split(" / ")

    assert {message: small_talk(message) for message in messages} == dict.fromkeys(messages, topic)


@pytest.mark.parametrize(
    "question",
    [
        "Chào bot, cho em hỏi thời hạn nộp báo cáo?",
        "chào em, số đoàn vào năm 2022",
        "Hướng dẫn thanh toán công tác phí",
        "Ai là trưởng phòng Hành chính?",
        "Hội nghị 29/7/2022 ai chủ trì",
        "tài liệu nào nói về ASEAN?",
        "Chi là gì?",
        "BQP",
        "Ok được duyệt chi chưa",
        "cách tính lương",
        "Giúp đỡ hộ nghèo",
        "thư cảm ơn",
        "?",
        "…",
    ],
)
def test_a_question_is_none(question: str) -> None:
    """Anything left beside the phrase and words of address is asked of the documents."""
    assert small_talk(question) is None
