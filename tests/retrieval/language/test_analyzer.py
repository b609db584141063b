"""Terms: what the lexical index sees of syllables, numbers and dates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.language.analyzer import analyze, entity_tokens


def test_a_probe_sentence_gives_the_terms_it_should() -> None:
    """Vietnamese letters are letters: y, ý, ở and đ survive, which off-the-shelf tokenizers drop."""
    terms = analyze("Ở đâu có ý ấy?")

    assert terms.folded[:5] == ("o", "dau", "co", "y", "ay")
    assert terms.exact[:5] == ("ơ2", "đâu", "co4", "y4", "ây4")


def test_neighbours_are_paired() -> None:
    """Two neighbouring syllables make one term more."""
    terms = analyze("Điện Biên Phủ")

    assert terms.folded == ("dien", "bien", "phu", "dien_bien", "bien_phu")


@pytest.mark.parametrize(
    ("written", "asked", "token"),
    [
        ("Nghị định số 104/2012/NĐ-CP", "nghi dinh 104/2012 quy dinh ve gi", "104/2012"),
        ("Nghị quyết số 806-NQ/QUTW", "nghị quyết 806/NQ-QUTW", "806/nq/qutw"),
        ("Ngày 29/7/2022, tại Hà Nội", "ngày 29 tháng 7 năm 2022", "@2022-7-29"),
        ("Ngày 29/7/2022, tại Hà Nội", "ngay 29 thang 7 hop o dau", "@7-29"),
        ("Sáng 14-4, Bộ tổ chức", "hội nghị ngày 14/4", "@4-14"),
        ("tháng 8 năm 2017", "8/2017 có gì", "@2017-8"),
    ],
)
def test_numbers_and_dates_meet_however_they_are_written(written: str, asked: str, token: str) -> None:
    """The text and the question share the one token that names the thing."""
    shared = set(entity_tokens(written)) & set(entity_tokens(asked))

    assert token in shared


@pytest.mark.parametrize("text", ["giai đoạn 2016 - 2021", "COVID-19", "1.234.567 đồng", "45/2019", "phòng 12"])
def test_what_is_no_date_gets_no_date_token(text: str) -> None:
    """Ranges of years, amounts and names with digits are not dates."""
    dates = [token for token in entity_tokens(text) if token.startswith("@")]

    assert dates == []


@given(st.text(max_size=60))
def test_terms_hold_no_white_space(text: str) -> None:
    """Terms are joined by spaces for the index, so none may hold one."""
    terms = analyze(text)

    assert all(term and not any(c.isspace() for c in term) for term in (*terms.exact, *terms.folded))


def test_the_tokens_of_an_endless_number_are_as_long_as_it_is() -> None:
    """The shortened forms of an official number with 5,000 parts do not fill the memory."""
    text = "1/" + "/".join(["a1"] * 5000)

    length = sum(map(len, entity_tokens(text)))

    assert length < 10 * len(text)


def test_a_joint_circular_keeps_every_part_of_its_number() -> None:
    """Eight offices sign together, and each shortened form is a token."""
    tokens = list(entity_tokens("01/2023/TTLT-BGDĐT-BTC-BNV-BKHĐT-BYT-BCA-BQP-BTP"))

    assert tokens[-1] == "01/2023/ttlt/bgddt/btc/bnv/bkhdt/byt/bca/bqp/btp"
