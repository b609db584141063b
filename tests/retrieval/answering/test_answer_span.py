"""The answer itself, set apart from its sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.answering.answer_span import answer_span
from retrieval.retriever import Retriever
from tests.support.encoders import BagEncoder


@pytest.mark.parametrize(
    ("question", "sentence", "answer"),
    [
        (
            "Việt Nam có quan hệ quốc phòng với bao nhiêu quốc gia?",
            "Đến nay Việt Nam đã có quan hệ quốc phòng với hơn 100 quốc gia, với 3 đối tác.",
            "hơn 100 quốc gia",
        ),
        (
            "Quan hệ quốc phòng với bao nhiêu nước?",
            "Đến nay có quan hệ với hơn 100 quốc gia, bao gồm 5 nước là ủy viên thường trực.",
            "hơn 100 quốc gia",
        ),
        ("Khối có bao nhiêu nước?", "Khối này gồm 10 nước.", "10 nước"),
        ("Phạt bao nhiêu?", "Phạt tiền 2.000.000 đồng.", "2.000.000 đồng"),
        ("Tỷ lệ là bao nhiêu?", "Năm 2019 tỷ lệ đạt 12,5%.", "12,5%"),
        ("Có mấy hình thức?", "Luật có ba hình thức kỷ luật.", "ba hình thức"),
        ("Đăng ký xe trước mấy ngày?", "Đăng ký trước ít nhất 03 ngày làm việc.", "ít nhất 03 ngày làm việc"),
        ("Nghỉ bao nhiêu ngày?", "Người lao động được nghỉ 12 ngày trong năm.", "12 ngày"),
        ("Hội nghị diễn ra ngày nào?", "Sáng 14-4, hội nghị diễn ra.", "14-4"),
        ("Hội nghị diễn ra khi nào?", "Ngày 8 tháng 1 năm 2013, hội nghị diễn ra.", "Ngày 8 tháng 1 năm 2013"),
        (
            "Đoàn đã thăm những nước nào?",
            "Năm 2022, đoàn thăm Lào, Nga và Nam Sudan để học tập.",
            "Lào, Nga và Nam Sudan",
        ),
        ("Hồ sơ gồm những gì?", "Hồ sơ gồm: đơn, ảnh thẻ và bản sao.", "đơn, ảnh thẻ và bản sao"),
        ("Ông sinh năm nào?", "Ông sinh năm 1950 ở Huế.", "năm 1950"),
        (
            "Hội nghị tổ chức ở đâu?",
            "Hội nghị được tổ chức tại thành phố Huế, tỉnh Thừa Thiên.",
            "thành phố Huế, tỉnh Thừa Thiên",
        ),
        ("Hội nghị họp ở đâu?", "Hội nghị họp tại Ba Đình, Hà Nội.", "Ba Đình, Hà Nội"),
        ("Hội nghị họp ở đâu?", "Ngày 8/1, tại Hà Nội, Bộ Quốc phòng tổ chức hội nghị.", "Hà Nội"),
    ],
)
def test_the_only_thing_of_its_kind_is_the_answer(question: str, sentence: str, answer: str) -> None:
    """Word for word, with what belongs to a quantity."""
    found = answer_span(question, sentence)

    assert found is not None
    assert sentence[slice(*found)] == answer


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Có bao nhiêu người?", "Đơn vị có 70 người, sau có 90 người."),
        ("Có bao nhiêu người?", "Đơn vị có 3 xe."),
        ("Có quan hệ với bao nhiêu nước?", "Có quan hệ với 100 quốc gia và 5 nước khác."),
        ("Có bao nhiêu người?", "Đơn vị có 70 cán bộ và 5 người nước ngoài."),
        ("Năm 2019 đơn vị nhận khi nào?", "Năm 2019, đơn vị nhận."),
        ("Ai ký?", "Ông Nguyễn Văn An ký ngày 3/4/2020."),
        ("Máy bay bay ở đâu?", "Máy bay bay trên trời."),
        ("Kinh phí hội nghị là bao nhiêu?", "Hội nghị sơ kết 6 tháng đầu năm họp ở Huế."),
        ("Thế lực nào xung đột?", "Năm 1588 có xung đột."),
        ("Có mấy người?", ""),
        ("Đoàn đã thăm những nước nào?", "Đoàn Lào, Nga và Mỹ đã thăm Anh, Pháp và Đức."),
    ],
)
def test_where_there_are_several_or_none_nothing_is_set_apart(question: str, sentence: str) -> None:
    """Nor what the question names itself, nor what it does not ask for."""
    assert answer_span(question, sentence) is None


@pytest.mark.model
def test_a_sure_answer_says_it_first(answering: Retriever) -> None:
    """The words are the first quote's own, at the place that the hit names."""
    answer = answering.ask("Việt Nam có quan hệ quốc phòng với bao nhiêu quốc gia?")

    assert answer.state == "found"
    assert answer.span == "hơn 100 quốc gia"
    first = answer.hits[0]
    assert first.span is not None
    assert first.quote.text[slice(*first.span)] == answer.span


def test_an_unsure_answer_sets_nothing_apart(indexed: Callable[..., Path], encoder: BagEncoder) -> None:
    """A wrong number in large letters would be believed."""
    index = indexed(a="Báo cáo\n\nĐơn vị có đúng 70 người. Họp vào ngày mai.\n\nGiá xăng tăng.")
    answer = Retriever(index, encoder).ask("Đơn vị có bao nhiêu người?")

    assert answer.hits[0].span is not None
    assert replace(answer, state="found").span == "70 người"
    assert replace(answer, state="weak").span == ""
