"""Encodings of text files: certain ones are read, everything else is refused."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import EncodingError
from retrieval.reading.document import Unread
from retrieval.reading.reader import read_plain_text
from retrieval.reading.text.encoding import decode, decode_windows_1252
from tests.retrieval.reading.test_seeds import NAMES, SEEDS

TEXT = "Điều 5. Hợp tác quốc phòng\nViệt Nam đã có quan hệ với hơn 100 nước, kể cả Pháp.\n"


def in_windows_1258(text: str) -> bytes:
    """Tones behind their vowels, as Windows writes them; what the code page lacks becomes a question mark."""
    return b"".join(map(_byte_of, text))


def _byte_of(char: str) -> bytes:
    try:
        return char.encode("cp1258")
    except UnicodeEncodeError:
        base, tone = _split_tone(char)
        return (base + tone).encode("cp1258", "replace")


def _split_tone(char: str) -> tuple[str, str]:
    marks = unicodedata.normalize("NFD", char)
    tone = next((mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"), "")
    return unicodedata.normalize("NFC", marks.replace(tone, "")), tone


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_unicode_proves_itself(encoding: str, form: str) -> None:
    """UTF-8 with and without its mark and UTF-16 with it, composed or not, are one text."""
    data = unicodedata.normalize(form, TEXT).replace("\n", "\r\n").encode(encoding)

    assert decode(data, "a.txt") == TEXT


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_wide_encodings(encoding: str) -> None:
    """UTF-32 with its mark, and both of them without: the zero bytes of Latin letters tell."""
    assert decode(TEXT.encode(encoding), "a.txt") == TEXT


@pytest.mark.parametrize("data", [b"\0" * 40, b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0" * 9, b"a\0b" * 30])
def test_binary_files_are_no_wide_text(data: bytes) -> None:
    """Zero bytes alone do not make text."""
    with pytest.raises(EncodingError, match=r"a\.txt"):
        decode(data, "a.txt")


def test_a_bad_byte_is_a_remark() -> None:
    """One byte that was damaged on the way; its letter stays visible as one that is not known."""
    data = (TEXT * 3).encode().replace("Nam đ".encode(), b"Nam \xff\x91", 1)

    content = read_plain_text(data, "a.txt")

    assert content.unread == (Unread("bytes", count=1),)
    assert content.text == (TEXT * 3).replace("Nam đ", "Nam \ufffd", 1)


def test_many_bad_bytes_are_refused() -> None:
    """The text is not in UTF-8 then."""
    with pytest.raises(EncodingError, match=r"a\.txt"):
        read_plain_text(TEXT.encode().replace(b"\xc4", b"\xff") + b"\xff" * 9, "a.txt")


@pytest.mark.parametrize("text", [TEXT, "Nghị quyết về đất đai, nhà ở và sự phát triển của thành phố Huế."])
def test_mojibake_is_repaired(text: str) -> None:
    """UTF-8 that was read as Windows-1252 and saved, as browsers do where the code page has no letter."""
    garbled = decode_windows_1252(text.encode())

    assert read_plain_text(garbled.encode(), "a.txt").text == text


def test_mojibake_that_lost_letters_is_refused() -> None:
    """Which of its letters a lost byte was is not certain."""
    garbled = TEXT.encode().decode("cp1252", "replace")

    with pytest.raises(EncodingError, match=r"a\.txt"):
        read_plain_text(garbled.encode(), "a.txt")


@pytest.mark.parametrize("text", ["São Paulo, João Ã© Ä°", "Élève, où ça ? Ça va très bien à côté."])
def test_what_only_looks_garbled_stays(text: str) -> None:
    """A few signs of another language are no mojibake."""
    assert read_plain_text(text.encode(), "a.txt").text == text


def test_the_icelandic_letter_becomes_d() -> None:
    """In Vietnamese words and abbreviations; other words keep it."""
    text = "Ðiều 5. Nghị định số 38/2022/NÐ-CP ðược ban hành. Guðmundur."

    expected = "Điều 5. Nghị định số 38/2022/NĐ-CP được ban hành. Guðmundur."
    assert read_plain_text(text.encode(), "a.txt").text == expected


def test_big_endian() -> None:
    """UTF-16 from either kind of machine."""
    data = b"\xfe\xff" + TEXT.encode("utf-16-be")

    assert decode(data, "a.txt") == TEXT


@pytest.mark.parametrize("name", [*NAMES.values(), None])
def test_windows_1258_is_recognised(name: str | None) -> None:
    """Its combining tones are composed; the seeds come back letter for letter."""
    text = TEXT if name is None else decode((SEEDS / name).read_bytes(), name)
    data = in_windows_1258(text)
    lost = {char for char in text if _byte_of(char) == b"?"} - {"?"}

    expected = "".join("?" if char in lost else char for char in text)

    assert decode(data, "a.txt") == expected


@pytest.mark.parametrize(
    "data",
    [
        "Le café de l'été, où l'élève préfère étudier à côté de l'école.".encode("latin-1"),
        "Сотрудничество в области обороны, семь стран и один договор".encode("cp1251"),
        "Céng hßa X· héi chñ nghÜa ViÖt Nam, §éc lËp - Tù do - H¹nh phóc".encode("latin-1"),
        "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam, Ñoäc laäp - Töï do".encode("latin-1", "replace"),
        "Ph\xf2ng ban".encode("latin-1"),
    ],
    ids=["French", "Russian", "TCVN3", "VNI", "one word"],
)
def test_what_is_not_certain_is_refused(data: bytes) -> None:
    """Other alphabets, the letters of old fonts, and too few words to tell."""
    with pytest.raises(EncodingError, match=r"a\.txt.*UTF-8"):
        decode(data, "a.txt")


def test_tcvn3_is_converted_and_marked() -> None:
    """Letters of the old fonts become Vietnamese, capitals too, and the document says so."""
    data = "Céng hßa X· héi chñ nghÜa ViÖt Nam\n§éc lËp - Tù do - H¹nh phóc\nCéNG HßA".encode("latin-1")

    content = read_plain_text(data, "a.txt")

    expected = "Cộng hòa Xã hội chủ nghĩa Việt Nam\nĐộc lập - Tự do - Hạnh phúc\nCỘNG HÒA"
    assert (content.text, content.origin) == (expected, "tcvn3")


def test_tcvn3_keeps_the_dashes_and_marks_of_windows() -> None:
    """Years stay apart, and quotation marks visible; a byte without a meaning does not stop the reading."""
    words = "Céng hßa X· héi chñ nghÜa ViÖt Nam".encode("latin-1")

    content = read_plain_text(words + b" 2011\x962013, \x93\xae\xe6i m\xedi\x94 \x81\x85", "a.txt")

    assert content.text == "Cộng hòa Xã hội chủ nghĩa Việt Nam 2011–2013, “đổi mới” \x81…"


@pytest.mark.parametrize("text", ["Le café de l'été, où l'élève préfère étudier à côté de l'école.", "Où est-ce ?"])
def test_other_languages_are_not_converted(text: str) -> None:
    """What is French in Latin-1 stays refused."""
    with pytest.raises(EncodingError):
        read_plain_text(text.encode("latin-1"), "a.txt")


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Nothing but a DocumentError comes out, and what is read is composed and has Unix newlines."""
    try:
        text = decode(b"x" + data, "a.txt")
    except EncodingError:
        return

    assert text == unicodedata.normalize("NFC", text)
    assert "\r" not in text
