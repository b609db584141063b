"""Follow-ups: what needs the question before it, what it is resolved to, and what stands alone and is left alone."""

from __future__ import annotations

import json
import tomllib
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.evaluation.mode import half_typed
from retrieval.language import data_file
from retrieval.language.spelling import fold
from retrieval.language.variant import load_variants
from retrieval.question.followup import follow_up, topic
from retrieval.question.substitution import is_name, is_number, is_time, substitute
from retrieval.question.understanding import MAX_QUESTION_LENGTH, understand
from retrieval.retriever import Retriever
from tests.retrieval.language.test_diacritic_restoration import Counted

TESTS = Path(__file__).parents[2]
SHARED = TESTS.parents[1] / "shared" / "eval"
PREVIOUS = "Nghị định 22/2016/NĐ-CP quy định về đối ngoại quốc phòng như thế nào?"
ABOUT = "Nghị định 22/2016/NĐ-CP quy định về đối ngoại quốc phòng"
DELEGATIONS = "Bộ Quốc phòng đón bao nhiêu đoàn trong năm 2022?"
SPELLINGS = Counted(
    """
    bệnh viện dã chiến có bao nhiêu người ở nam sudan
    hội nghị tổ chức ở đâu do ai chủ trì
    hải quân và lục quân
    ông ấy sinh năm nào
    """
)


def resolved(question: str, previous: str = PREVIOUS) -> str | None:
    """The whole question, None when it stands alone."""
    following = follow_up(question, previous)
    return following and following.text


def questions(path: Path, key: str) -> list[str]:
    return [json.loads(line)[key] for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    "question",
    """
    ở đâu? | Ở đâu ạ? | ai ký? | do ai ký? | ai là người ký? | khi nào? | từ năm nào? | bao nhiêu người? | mấy giờ
    vì sao? | tại sao vậy | để làm gì? | như thế nào? | gồm những ai | là những nước nào? | Thế do ai ký ạ?
    Vậy có hiệu lực chưa? | còn hiệu lực không? | cơ quan nào ban hành? | ai có thẩm quyền ký? | dạ cho hỏi ai ký ạ
    mục đích? | Mục đích là gì? | là gì? | kết quả thế nào? | mức phạt là bao nhiêu? | hồ sơ gồm những gì?
    họ là ai? | nó là gì? | ông ấy sinh năm nào? | bà ta giữ chức vụ gì? | việc đó diễn ra ở đâu? | nước này ở đâu?
    cái đó là gì | điều này có nghĩa gì? | hội nghị này bàn về vấn đề gì? | ai ký nghị định đó? | ai bảo vệ họ?
    khi đó ai là bộ trưởng? | Ở ĐÂU?
    o dau | ai ky? | bao nhieu nguoi | viec do dien ra o dau | nuoc nay o dau | ong ay sinh nam nao | muc dich la gi
    where? | who signed it? | when did it start? | how many people? | why? | and who chaired it? | who commands it?
    which countries? | what does it mean? | what was the purpose? | where was it held?
    """.replace("\n", " | ").split(" | "),
)
def test_what_names_nothing_is_asked_of_the_same(question: str) -> None:
    """Closed words and what points back say nothing alone: the topic of the question before stands in front."""
    whole = resolved(question.strip() or "ở đâu?")

    assert whole is not None
    assert whole.startswith(f"{ABOUT}, ")


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("Thế do ai ký ạ?", f"{ABOUT}, do ai ký?"),
        ("còn ai ký?", f"{ABOUT}, ai ký?"),
        ("Còn nếu nộp muộn thì sao?", f"{ABOUT}, nếu nộp muộn thì sao?"),
        ("cụ thể hơn?", f"{PREVIOUS[:-1]}, cụ thể hơn?"),
        ("Chi tiết", f"{PREVIOUS[:-1]}, chi tiết"),
        ("còn ai nữa không?", f"{PREVIOUS[:-1]}, còn ai nữa không?"),
        ("for example?", f"{PREVIOUS[:-1]}, for example?"),
    ],
)
def test_politeness_is_dropped_and_more_of_the_same_keeps_what_was_asked(question: str, whole: str) -> None:
    """Something else asked replaces the asking words; for more of the same they stay."""
    assert resolved(question) == whole


@pytest.mark.parametrize(
    ("previous", "question", "whole"),
    [
        (DELEGATIONS, "còn năm 2023?", "Bộ Quốc phòng đón bao nhiêu đoàn trong năm 2023?"),
        (DELEGATIONS, "con nam 2023", "Bộ Quốc phòng đón bao nhiêu đoàn trong năm 2023?"),
        (DELEGATIONS, "năm 2023 thì sao?", "Bộ Quốc phòng đón bao nhiêu đoàn trong năm 2023?"),
        (DELEGATIONS, "trong năm 2023", "Bộ Quốc phòng đón bao nhiêu đoàn trong năm 2023?"),
        (DELEGATIONS, "and in 2023?", "Bộ Quốc phòng đón bao nhiêu đoàn trong năm 2023?"),
        (DELEGATIONS, "what about 2023?", "Bộ Quốc phòng đón bao nhiêu đoàn trong năm 2023?"),
        (DELEGATIONS, "còn Bộ Ngoại giao?", "Bộ Ngoại giao đón bao nhiêu đoàn trong năm 2022?"),
        ("BQP họp khi nào?", "còn BNG thì sao?", "BNG họp khi nào?"),
        ("Ký gì với Lào?", "còn Campuchia thì sao?", "Ký gì với Campuchia?"),
        ("Ký gì với Lào?", "với Nga?", "Ký gì với Nga?"),
        ("Lục quân có bao nhiêu người?", "thế còn hải quân?", "Lục quân có bao nhiêu người, hải quân?"),
        ("Lục quân có bao nhiêu người?", "hải quân thì sao", "Lục quân có bao nhiêu người, hải quân"),
        ("Lục quân có bao nhiêu người?", "con hai quan?", "Lục quân có bao nhiêu người, hai quan?"),
        ("Lục quân có bao nhiêu người?", "còn không quân?", "Lục quân có bao nhiêu người, không quân?"),
        ("Lục quân có bao nhiêu người?", "and the navy?", "Lục quân có bao nhiêu người, the navy?"),
        ("Lục quân có bao nhiêu người?", "còn năm 2015?", "Lục quân có bao nhiêu người, năm 2015?"),
    ],
)
def test_what_is_set_against_it_takes_the_place_of_its_like(previous: str, question: str, whole: str) -> None:
    """A year for a year, a name for a name; what has no like stands behind the question."""
    assert resolved(question, previous) == whole


@pytest.mark.parametrize(
    ("previous", "new", "whole"),
    [
        ("họp sơ kết 6 tháng đầu 2022 ở đâu?", "năm 2023", "họp sơ kết 6 tháng đầu 2023 ở đâu?"),
        ("sơ kết 6 tháng đầu năm 2022", "6 tháng cuối năm", "sơ kết 6 tháng cuối năm 2022"),
        ("sơ kết 6 tháng đầu năm 2022", "6 tháng cuối năm 2023", "sơ kết 6 tháng cuối năm 2023"),
        ("tổng kết giai đoạn 2011-2013", "giai đoạn 2016 - 2021", "tổng kết giai đoạn 2016 - 2021"),
        ("tổng kết giai đoạn 2011-2013", "năm 2015", "tổng kết năm 2015"),
        ("họp ngày 14-4 ở đâu", "ngày 29/7/2022", "họp ngày 29/7/2022 ở đâu"),
        ("họp tháng 5/2022", "tháng 6", "họp tháng 6/2022"),
        ("so với năm 2021, năm 2022 ra sao?", "năm 2023", None),
        ("năm 2022 ra sao?", "2023, 2024", None),
        ("Nghị định 104/2012/NĐ-CP", "năm 2013", None),
        ("Viet Nam 2022 co gi", "2016-2021", "Viet Nam 2016-2021 co gi"),
        ("Điều 4 quy định gì?", "điều 5", "Điều 5 quy định gì?"),
        ("Nghị định số 104/2012/NĐ-CP", "Nghị định 22/2016/NĐ-CP", "Nghị định số 22/2016/NĐ-CP"),
        ("Đội Công binh số 1 ở đâu?", "doi cong binh so 2", "Đội Công binh số 2 ở đâu?"),
        ("Điều 4 và điều 6 quy định gì?", "điều 5", None),
        ("Bệnh viện cấp 2", "điều 5", None),
        ("Quan hệ Việt Nam với Lào ra sao?", "Nga", "Quan hệ Việt Nam với Nga ra sao?"),
        ("Việt Nam có bao nhiêu tỉnh?", "Lào", "Lào có bao nhiêu tỉnh?"),
        ("Việt Nam có mặt ở những nước nào?", "Nam Sudan", None),
        ("Lào và Nga ký gì?", "Campuchia", None),
        ("Phó Thủ tướng Phạm Bình Minh nói gì?", "Phùng Quang Thanh", "Phùng Quang Thanh nói gì?"),
        ("Ông Đinh Đức Ấn là ai?", "ông Phạm Bình Minh", "ông Phạm Bình Minh là ai?"),
        ("Họp ở Hà Nội khi nào?", "Phùng Quang Thanh", None),
        ("Bộ Quốc phòng họp khi nào?", "Quân ủy Trung ương", None),
    ],
)
def test_only_a_sure_like_is_exchanged(previous: str, new: str, whole: str | None) -> None:
    """One of the same kind; none when there are two, when the kinds differ, or when a number only looks like a year."""
    pieces = substitute(previous, new)

    assert (pieces and "".join(pieces)) == whole


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("năm 2023", "time"),
        ("2023?", "time"),
        ("quý 1 của năm 2023", "time"),
        ("năm 2023 ở Lào", ""),
        ("điều 5", "number"),
        ("Nghị định 22/2016/NĐ-CP", "number"),
        ("điều thứ năm", ""),
        ("Nam Sudan", "name"),
        ("Hoàng Xuân Chiến", "name"),
        ("Hà Nội", ""),
        ("con người", ""),
    ],
)
def test_kinds_are_told_by_the_whole_text(text: str, kinds: str) -> None:
    """What has more in it than one thing, or a name of no known kind, is none of them."""
    told = [name for name, is_kind in (("number", is_number), ("name", is_name)) if is_kind(text)]

    assert " ".join(["time"] if is_time(text) else told) == kinds


STAND_ALONE = """
Ai ký Nghị định 162/2016/NĐ-CP? | Bộ Quốc phòng ở đâu? | GGHB là gì? | Hội nghị ở đâu? | Ai chủ trì hội nghị?
Việt Nam có quan hệ quốc phòng với bao nhiêu nước? | Ai là Bộ trưởng? | Nghỉ phép bao nhiêu ngày?
Còn bao nhiêu sĩ quan ở Nam Sudan? | Còn hợp tác với Nga không? | Còn nước nào chưa ký? | Con người là gì?
Còn thời hạn nộp hồ sơ không? | Thời hạn nộp hồ sơ là khi nào? | con nguoi la gi | con duong nao dai nhat | con dau
con thuong binh | Thế giới có bao nhiêu nước? | The chien thu hai ket thuc khi nao | Thế nào là tội phạm?
Vậy Bộ Quốc phòng ở đâu? | Và Việt Nam đã ký những gì? | va viet nam da ky nhung gi
Nếu nộp muộn thì sao? | Khi nộp muộn thì sao? | neu khong ky thi sao | Thủ tục là gì? | Thẩm quyền là gì?
Ban hành là gì? | Tổ chức là gì? | Người là gì? | Nước là gì? | nuoc la gi | no la gi | no cong la gi
Họ Nguyễn có bao nhiêu người? | Họ tên ghi ở đâu? | ho khau lam o dau | ho so nop o dau cho phong nao vay
Khi Việt Nam gia nhập ASEAN, tổ chức này có bao nhiêu thành viên? | Khi đó Việt Nam có bao nhiêu sĩ quan?
Bệnh viện này có tên trong danh sách UNMISS không? | Luật này áp dụng cho ai theo Điều 3?
Nam Sudan | Nam Sudan? | năm 2023 | 29/7/2022 | Điều 5 | Nghị định 22/2016 | nhiệm vụ | nam nay co gi moi
Năm 2022 đón bao nhiêu đoàn? | Năm 2022 ký bao nhiêu văn bản? | Bao nhiêu tuổi thì nghỉ hưu? | Ông là ai? | toi la ai
Không | có | cảm ơn | Điều đó | bo nao la gi | o viet nam co bao nhieu tinh?
What is a law? | How are you? | What time is it? | How long does it take to get a passport? | What happened this year?
What is the capital of France? | Who signed the decree? | Is it true that Vietnam joined ASEAN? | the navy
"""


@pytest.mark.parametrize("question", STAND_ALONE.strip().replace("\n", " | ").split(" | "))
def test_what_stands_alone_is_left_alone(question: str) -> None:
    """It names something of its own, or is a search, a definition, a remark; "còn" may be the verb "remain"."""
    assert resolved(question) is None


@pytest.mark.parametrize("typed", [str, half_typed, fold], ids=["full", "half", "bare"])
@pytest.mark.parametrize("name", ["seeds-dev.jsonl", "english-dev.jsonl"])
def test_no_question_of_our_own_sets_is_a_follow_up(name: str, typed: Callable[[str], str]) -> None:
    """Every one of them was written to be asked alone."""
    asked = [typed(text) for text in questions(TESTS / name, "question")]

    assert [question for question in asked if resolved(question)] == []


@pytest.mark.parametrize("typed", [str, half_typed, fold], ids=["full", "half", "bare"])
def test_hardly_a_question_of_the_public_sets_is_a_follow_up(typed: Callable[[str], str]) -> None:
    """
    Fewer than 0.3 % of the ViQuAD, MLQA and ALQAC questions, whatever was asked before. Those few do need a context,
    which their annotators had on the page: "Ông ấy đi tới nơi nào?", "ai giúp họ?".
    """
    paths = sorted(SHARED.glob("*/queries.jsonl"))
    if not paths:
        pytest.skip(f"no question sets in {SHARED}")
    asked = [typed(text) for path in paths for text in questions(path, "text")]

    taken = [question for question in asked if resolved(question)]

    assert len(taken) / len(asked) < 0.003, taken


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("Việt Nam có quan hệ quốc phòng với bao nhiêu nước?", "Việt Nam có quan hệ quốc phòng"),
        ("Hội nghị tổ chức tới bao nhiêu điểm cầu?", "Hội nghị tổ chức tới điểm cầu"),
        ("Có bao nhiêu người ở Nam Sudan?", "Nam Sudan"),
        ("Ai là bộ trưởng quốc phòng?", "bộ trưởng quốc phòng"),
        ("Cho tôi hỏi hội nghị ở đâu ạ?", "hội nghị"),
        ("Nghị định nào quy định về hải quân?", "Nghị định quy định về hải quân"),
        ("Hội nghị được tổ chức, ai chủ trì?", "Hội nghị được tổ chức"),
        ("Hội nghị được tổ chức, ai chủ trì, ở đâu?", "Hội nghị được tổ chức"),
        ("Khi thành lập, ASEAN có ai?", "Khi thành lập, ASEAN"),
        ("When was the conference held?", "the conference held"),
        ("Tell me who signed the decree", "Tell me who signed the decree"),
        ("ở đâu?", ""),
    ],
)
def test_the_topic_is_what_does_not_ask(question: str, about: str) -> None:
    """Nor is what was asked further of the same part of it, so that a chain of follow-ups does not pile up."""
    assert topic(question) == about


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_may_be_asked_after_any_other(question: str, previous: str) -> None:
    """Nothing is raised, and a follow-up holds pieces of both."""
    following = follow_up(question, previous)

    assert following is None or len(following.pieces) >= 2


@given(
    st.lists(st.sampled_from("còn thế năm 2023 ở đâu ai ký Lào thì sao này đó nó 22/2016 Bộ ? , bao nhiêu".split())),
    st.lists(st.sampled_from("Bộ Quốc phòng Lào năm 2022 ở đâu ai ký 22/2016 nào ? , -".split()), max_size=12),
)
def test_what_was_typed_is_in_the_whole(question: list[str], previous: list[str]) -> None:
    """Every new piece is a stretch of the question, but for the case of its first letter."""
    typed = " ".join(question)

    following = follow_up(typed, " ".join(previous))

    for piece in following.pieces[1::2] if following else ():
        assert piece.rstrip("?").lower() in typed.lower()


def test_a_query_says_that_it_follows() -> None:
    """What was typed stays; what was understood is shown, recorded as a step, and given on as the next context."""
    query = understand("ở đâu?", SPELLINGS, previous="Hội nghị do ai chủ trì?")

    whole = "Hội nghị do chủ trì, ở đâu?"
    assert (query.typed, query.text, query.searched_text, query.context, query.is_follow_up) == (
        "ở đâu?",
        whole,
        whole,
        whole,
        True,
    )
    assert [(s.kind, s.typed, s.understood) for s in query.steps] == [("follow-up", "ở đâu?", (whole,))]
    assert query.understood()["steps"] == [{"kind": "follow-up", "typed": "ở đâu?", "understood": [whole]}]


@pytest.mark.parametrize("previous", [None, "", "?!", "a" * (MAX_QUESTION_LENGTH + 1), "b\udce0ng", "ở đâu?"])
def test_without_a_context_a_follow_up_is_only_what_was_typed(previous: str | None) -> None:
    """What was refused as a question, or has no topic, is no context."""
    query = understand("khi nào?", SPELLINGS, previous=previous)

    assert (query.text, query.is_follow_up) == ("khi nào?", False)


def test_a_question_that_stands_alone_is_the_same_query_after_any_other() -> None:
    """All of it: text, readings, terms, steps."""
    question = "Bệnh viện dã chiến có bao nhiêu người?"

    assert understand(question, SPELLINGS, previous=PREVIOUS) == understand(question, SPELLINGS)


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("o dau", "Lục quân, ở đâu"),
        ("con hai quan?", "Lục quân có bao nhiêu người, hải quân?"),
        ("bn ng?", "Lục quân, bao nhiêu người?"),
        ("ntn?", "Lục quân, như thế nào?"),
        ("owr ddaau?", "Lục quân, ở đâu?"),
    ],
)
def test_bare_and_abbreviated_follow_ups_are_respelled(typed: str, whole: str) -> None:
    """By themselves: beside the accents of the question before, bare words would be taken for names."""
    assert understand(typed, SPELLINGS, previous="Lục quân có bao nhiêu người?").text == whole


@pytest.mark.parametrize("typed", ["Còn hải quan thi sao?", "thế con hải quân thi sao?", "the còn hải quan thì sao?"])
def test_half_typed_follow_ups_are_respelled_first(typed: str) -> None:
    """Else what was typed without its marks would be taken for what is asked about: "hải quân thi?"."""
    spellings = Counted("thế còn năm nay thì sao\nhải quân và lục quân có bao nhiêu người\n" * 10)

    query = understand(typed, spellings, previous="Lục quân có bao nhiêu người?")

    assert query.text == "Lục quân có bao nhiêu người, hải quân?"


def test_a_bare_question_before_it_is_respelled_too() -> None:
    """Whoever passes on what was typed instead of `context` gets the same."""
    previous = "benh vien da chien o nam sudan co bao nhieu nguoi"

    raw = understand("do ai chu tri", SPELLINGS, previous=previous)

    assert raw.text == "bệnh viện dã chiến ở nam sudan, do ai chủ trì"
    assert raw == understand("do ai chu tri", SPELLINGS, previous=understand(previous, SPELLINGS).context)


def test_a_chain_carries_its_context() -> None:
    """Each question is understood by all before it, and what was asked further does not pile up."""
    asked = None
    for typed in (
        "Bộ Quốc phòng họp ở đâu năm 2022?",
        "do ai chủ trì?",
        "còn năm 2023?",
        "còn Bộ Ngoại giao?",
        "khi nào?",
    ):
        asked = understand(typed, SPELLINGS, previous=asked).context

    assert asked == "Bộ Ngoại giao họp năm 2023, khi nào?"


def test_what_would_become_too_long_is_left_as_it_is() -> None:
    """The limit of a question is that of the whole."""
    previous = ("người " * 400)[: MAX_QUESTION_LENGTH - 4].strip()

    query = understand("ở đâu?", SPELLINGS, previous=previous)

    assert (query.text, query.is_follow_up) == ("ở đâu?", False)


@pytest.mark.parametrize(
    ("previous", "question", "answer"),
    [
        ("Đội Công binh số 1 làm nhiệm vụ gì?", "ở đâu?", "UNISFA"),
        ("Bệnh viện dã chiến cấp 2 được triển khai ở đâu?", "khi nao", "Dự kiến đầu năm 2018"),
        ("Việt Nam gìn giữ hòa bình ở những nước nào?", "còn Nam Sudan thì sao?", "biên chế 70 người"),
        ("Phó Thủ tướng Phạm Bình Minh nói gì về đối ngoại?", "còn Phùng Quang Thanh?", "Bộ trưởng Phùng Quang Thanh"),
    ],
)
def test_the_answer_is_found_by_the_question_before(
    answering: Retriever, previous: str, question: str, answer: str
) -> None:
    """On the seeds: shown first after that question, not without it."""
    before = answering.ask(previous, k=1)

    alone, following = answering.ask(question, k=1), answering.ask(question, k=1, previous=before.query.context)

    first = [answer in given.hits[0].quote.text and given.state != "none" for given in (alone, following)]
    assert first == [False, True]
    assert (following.question, following.query.is_follow_up) == (question, True)
    assert answering.rank(question, previous=before.query.context).query == following.query


def test_the_lists_are_composed_and_complete() -> None:
    """NFC, no entry twice in a list, no slot without its list, and every country known under its other names."""
    text = data_file.read_text("followups.toml")
    content = tomllib.loads(text)
    names = {name for group in load_variants().groups for name in group}

    assert unicodedata.is_normalized("NFC", text)
    for language in (content["vietnamese"], content["english"]):
        assert [entry for entries in language.values() for entry in set(entries) if entries.count(entry) > 1] == []
        slots = {word for entries in language.values() for entry in entries for word in entry.split() if "{" in word}
        assert {slot.strip("{}") for slot in slots} <= set(language)
    assert set(content["like"]["countries"]) <= names
