"""The shapes of Vietnamese syllables on folded text."""

import pytest

from retrieval.language.spelling import fold
from retrieval.language.syllable import is_syllable

# A passage with the rarer rimes: every word of it is Vietnamese.
_PASSAGE = """
Nghiêng nghiêng quyển sách khuya khoắt ngoằn ngoèo huỳnh huỵch yểng yêu yết yếm gìn giữ giếng giục giặc
quốc quỳnh quýt quệch khuấy khuỷu khúc xoong hươu rượu cừu lưu luyến thuở đường nước người toàn quân gửi
uy ủy ý ở ấy ưỡn oanh oai thủy thuyền buýt kỹ sỹ quý mỹ nghề ghế ghi kính chiến xuất chuẩn suýt hoạch tuần
"""


@pytest.mark.parametrize("word", sorted(set(_PASSAGE.split())))
def test_vietnamese_words_have_the_shape(word):
    """
    Any Vietnamese syllable is one after its marks are gone.
    """
    assert is_syllable(fold(word))


@pytest.mark.parametrize("word", "bqp ubnd hdba lhq vn guard deputy peace by ka ce gha quu ko dc jin for 12".split())
def test_codes_and_english_do_not(word):
    """
    Abbreviations, English and misspelt onsets are no syllables.
    """
    assert not is_syllable(word)


def test_each_word_of_a_seed_is_a_syllable_or_a_name():
    """
    The shapes cover running official text without its names and numbers.
    """
    text = "công tác đối ngoại quốc phòng tiếp tục được triển khai tích cực, chủ động, theo đúng chủ trương"

    strange = [word for word in fold(text).replace(",", "").split() if not is_syllable(word)]

    assert strange == []


def test_empty_is_no_syllable():
    """
    Nothing is not a syllable.
    """
    assert not is_syllable("")
