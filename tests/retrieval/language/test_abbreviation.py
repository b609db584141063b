"""Abbreviations: mined with care, expanded and contracted on whole words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.language import abbreviation
from retrieval.language.abbreviation import Abbreviation, AbbreviationList, load_curated, mine, spells
from retrieval.language.errors import LanguageDataError


@pytest.fixture(scope="module")
def curated():
    return AbbreviationList(load_curated())


def _expanded(abbreviations, text):
    return {text[e.start : e.end]: e.longs for e in abbreviations.expansions(text)}


def _mined(*texts):
    return {entry.short: entry.longs for entry in mine(texts)}


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("lực lượng gìn giữ hòa bình (GGHB) của ta", "GGHB", "gìn giữ hòa bình"),
        ("Bộ Quốc phòng (sau đây viết tắt là BQP)", "BQP", "Bộ Quốc phòng"),
        ("Liên hợp quốc (gọi tắt là LHQ)", "LHQ", "Liên hợp quốc"),
        ("BQP (Bộ Quốc phòng) chủ trì", "BQP", "Bộ Quốc phòng"),
        ("Quân ủy Trung ương (QUTW)", "QUTW", "Quân ủy Trung ương"),
        ("phát triển kinh tế - xã hội (KT-XH)", "KT-XH", "kinh tế - xã hội"),
        ("đối ngoại quốc phòng (DNQP)", "DNQP", "đối ngoại quốc phòng"),
        ("bệnh viện dã chiến (BVDC2)", "BVDC2", "bệnh viện dã chiến"),
        ('ATK ("An toàn khu")', "ATK", "An toàn khu"),
    ],
)
def test_definitions_are_mined(text, short, long):
    """
    A short form in brackets beside the words it abbreviates defines itself.
    """
    assert _mined(text) == {short: (long,)}


@pytest.mark.parametrize(
    "text",
    [
        "Bộ trưởng Quốc phòng Việt Nam (BQP)",  # the letters skip a syllable
        "Liên minh châu Âu (EU)",  # initials of another language
        "đối ngoại, quốc phòng (ĐNQP)",  # a comma ends the name
        "dân vận, nghĩa quân (ĐNQ)",  # Đ is not d
        "các nước Đông Nam Á (đna)",  # a lower-case remark
        "điều này (A)",
        "gìn giữ hòa bình: (GGHB)",  # a colon ends the name
        "thành phố\n\nHồ Chí Minh (TPHCM)",  # two paragraphs
    ],
)
def test_what_only_looks_like_a_definition_is_not_mined(text):
    """
    Brackets whose letters are not the initials of the words before them define nothing.
    """
    assert _mined(text) == {}


def test_readings_are_ordered_by_how_often_they_are_defined():
    """
    The reading that documents give most often comes first, and letter case makes no second reading.
    """
    texts = ["trung tâm y (TTY)", "thông tin y (TTY)", "thông tin y (TTY)", "Thông tin y (TTY)"]

    assert _mined(*texts) == {"TTY": ("thông tin y", "trung tâm y")}


def test_spellings_of_one_reading_are_one():
    """
    A misplaced mark, a hyphen or a missing one makes no second reading; the most frequent spelling is kept.
    """
    texts = [
        "tại nạn giao thông (TNGT)",
        "tai nạn giao thông (TNGT)",
        "tai nạn giao thông (TNGT)",
        "tai-nạn giao thông (TNGT)",
    ]

    assert _mined(*texts) == {"TNGT": ("tai nạn giao thông",)}


def test_two_letters_need_two_texts():
    """
    Two initials agree by chance, as those of a name in an interview; a text that defines them twice is still one.
    """
    once, twice = ("Mỹ Tâm (MT). Mỹ Tâm (MT).",), ("thí sinh (TS)", "Thí sinh (TS)", "Tiến sĩ (TS)")

    assert _mined(*once, *twice) == {"TS": ("Thí sinh",)}


@pytest.mark.parametrize(
    ("text", "typed", "found"),
    [
        ("Adaptive Drive Display (ADD)", "add", {}),
        ("Adaptive Drive Display (ADD)", "ADD", {"ADD": ("Adaptive Drive Display",)}),
        ("kiểm sát viên (KSV)", "ksv", {"ksv": ("kiểm sát viên",)}),
        ("thi hành án (THA)", "tha", {}),
    ],
)
def test_mined_forms_in_lower_case(text, typed, found):
    """
    Foreign names and forms that are words count in capitals only.
    """
    assert _expanded(AbbreviationList((), mine([text])), f"{typed} 2") == found


@pytest.mark.parametrize(
    ("texts", "typed", "shorts"),
    [
        (["đại biểu Quốc hội (ĐBQH)"], "dai bieu quoc hoi", ["ĐBQH"]),
        (["đại biểu (ĐB)", "Đại biểu (ĐB)"], "đại biểu", []),
        (["thi hành án (THA)"], "thi hành án", []),
    ],
)
def test_mined_long_forms_are_contracted_when_that_is_safe(texts, typed, shorts):
    """
    Of three letters and more that are no word: another text's ĐB is perhaps something else, and "tha" is.
    """
    abbreviations = AbbreviationList((), mine(texts))

    assert [contraction.short for contraction in abbreviations.contractions(f"{typed} nào")] == shorts


def test_what_an_operator_wrote_outranks_what_was_mined():
    """
    "lower" of the list stays as it is, and a two-letter form of the list is contracted, also if it is mined too.
    """
    curated = [Abbreviation("VN", ("Việt Nam",), "curated", lower=True), Abbreviation("ODA", ("vốn vay",), "curated")]
    mined = mine(["Việt Nam (VN)", "Việt Nam (VN)", "Official Development Aid (ODA)"])

    abbreviations = AbbreviationList(curated, mined)

    assert _expanded(abbreviations, "vn oda") == {
        "vn": ("Việt Nam",),
        "oda": ("Official Development Aid", "vốn vay"),
    }
    assert [contraction.short for contraction in abbreviations.contractions("Việt Nam")] == ["VN"]


def test_readings_that_differ_in_a_comma_are_told_once():
    """
    "phòng, chống tham nhũng" of the list and "phòng chống tham nhũng" of a text are one reading, both are contracted.
    """
    abbreviations = AbbreviationList(load_curated(), mine(["phòng chống tham nhũng (PCTN)"]))

    assert _expanded(abbreviations, "PCTN") == {"PCTN": ("phòng chống tham nhũng",)}
    for typed in ("phòng, chống tham nhũng", "phòng chống tham nhũng"):
        assert {contraction.short for contraction in abbreviations.contractions(typed)} == {"PCTN"}


@given(st.lists(st.sampled_from("quân ủy trung ương bộ đối ngoại hòa bình".split()), min_size=2, max_size=6))
def test_initials_spell_their_words(words):
    """
    The initials of any words spell them, and one letter less does not.
    """
    initials = {"ủy": "U", "ương": "Ư"}
    short = "".join(initials.get(word, word[0].upper()) for word in words)

    assert spells(short, words)
    assert not spells(short[:-1], words)


@pytest.mark.parametrize(
    ("text", "typed", "long"),
    [
        ("BQP là gì", "BQP", "Bộ Quốc phòng"),
        ("bqp là gì", "bqp", "Bộ Quốc phòng"),
        ("hdba họp", "hdba", "Hội đồng Bảo an"),
        ("HDND xã", "HDND", "Hội đồng nhân dân"),
        ("dân số vn", "vn", "Việt Nam"),
        ("QĐND VN", "QĐND VN", "Quân đội nhân dân Việt Nam"),
        ("ở TP.HCM", "TP.HCM", "Thành phố Hồ Chí Minh"),
        ("ở tp hcm", "tp hcm", "Thành phố Hồ Chí Minh"),
        ("ADMM+ lần 8", "ADMM+", "Hội nghị Bộ trưởng Quốc phòng các nước ASEAN mở rộng"),
        ("ADMM-16", "ADMM", "Hội nghị Bộ trưởng Quốc phòng các nước ASEAN"),
        ("HỌP Ở BQP HÔM NAY", "BQP", "Bộ Quốc phòng"),
    ],
)
def test_abbreviations_are_expanded(curated, text, typed, long):
    """
    A short form is understood in capitals, in lower case where no word looks like it, and the longest wins.
    """
    assert _expanded(curated, text) == {typed: (long,)}


@pytest.mark.parametrize(
    "text",
    [
        "ĐẦU TƯ CÔNG NĂM NAY",  # TƯ is a word when everything is in capitals
        "ĐẦU TƯ",
        "who signed it",  # WHO only in capitals
        "êu eu",
        "truy cập mod.gov.vn",
        "kh",  # shorthand of không
        "hđba1x",
        "VNPT",
        "ca ngày",
    ],
)
def test_words_are_not_expanded(curated, text):
    """
    Ordinary words, shorthand, addresses and parts of longer tokens are no abbreviations.
    """
    assert _expanded(curated, text) == {}


def test_typed_accents_choose_the_entry():
    """
    "đn" is ĐN and not DN, bare "dnx" may be either.
    """
    entries = [Abbreviation("DNX", ("doanh nghiệp xanh",), "curated"), Abbreviation("ĐNX", ("đội x",), "curated")]

    abbreviations = AbbreviationList(entries)

    assert _expanded(abbreviations, "đnx") == {"đnx": ("đội x",)}
    assert _expanded(abbreviations, "dnx") == {"dnx": ("doanh nghiệp xanh", "đội x")}


def test_mined_readings_come_first(curated):
    """
    What the documents define outranks the list, and every reading is kept.
    """
    abbreviations = AbbreviationList(load_curated(), mine(["thi tuyển (TT)"] * 2))

    (expansion,) = abbreviations.expansions("TT 15")

    assert expansion.longs == ("thi tuyển", "thông tư", "Thủ tướng", "trung tâm")


@pytest.mark.parametrize("typed", ["gìn giữ hòa bình", "gìn giữ hoà bình", "gin giu hoa binh", "Gìn Giữ Hòa Bình"])
def test_long_forms_are_contracted(curated, typed):
    """
    A long form, accented or bare, finds the short form that a document may use alone.
    """
    text = f"lực lượng {typed} ở đâu"

    (contraction,) = curated.contractions(text)

    assert (contraction.short, text[contraction.start : contraction.end]) == ("GGHB", typed)


@pytest.mark.parametrize("text", ["an ninh, quốc phòng", "an ninh quoc phong"])
def test_a_comma_within_a_name_may_be_typed_or_not(curated, text):
    """
    A long form that is a list is found with its comma and without.
    """
    assert "ANQP" in [contraction.short for contraction in curated.contractions(text)]


@pytest.mark.parametrize("text", ["gìn giữ hóa bình", "gìn giữ, hòa bình", "trung tâm", "hòa bình"])
def test_other_words_are_not_contracted(curated, text):
    """
    Other accents, a comma, an ambiguous two-letter form or a part of the long form contract nothing.
    """
    assert curated.contractions(text) == []


@given(st.text(alphabet="BQPĐNbqpđn .+-/()hòa1", max_size=40))
def test_spans_lie_in_order_within_the_text(text):
    """
    Whatever is typed, spans are non-empty, ordered and do not overlap.
    """
    abbreviations = AbbreviationList(
        [Abbreviation("BQP", ("Bộ Quốc phòng",), "curated"), Abbreviation("ĐN+", ("đối ngoại",), "curated")]
    )

    edges = [edge for e in abbreviations.expansions(text) for edge in (e.start, e.end)]

    assert edges == sorted(edges)
    assert all(0 <= edge <= len(text) for edge in edges)


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        ({"short": "BQP"}, "every entry has long"),
        ({"long": ["Bộ Quốc phòng"]}, "every entry has short"),
        ({"short": "B", "long": ["bộ"]}, "single letter"),
        ({"short": "BQP", "long": ["Bộ Quốc phòng"], "lower": "yes"}, "true or false"),
    ],
)
def test_a_mistaken_entry_is_refused(entry, rule):
    """
    A mistake in the operator's list is reported by its rule.
    """
    with pytest.raises(LanguageDataError, match=rule):
        abbreviation._entry(entry)
