"""RTF: letters by code page and font, and what Word shows of paragraphs, tables, notes and changes."""

from __future__ import annotations

import pytest

from retrieval.errors import BrokenError
from retrieval.reading.document import Content
from retrieval.reading.office.rtf import read_rtf
from tests.support.document_makers import rtf_of, rtf_text
from tests.support.legacy_fonts import in_tcvn3, in_vni

pytestmark = pytest.mark.slow

LINE = "Người nước ngoài cư trú ở Việt Nam phải tuân theo pháp luật."


def read(body: str, fonts: str = r"{\f0 Times New Roman;}") -> Content:
    return read_rtf(rf"{{\rtf1\ansi\ansicpg1252\deff0{{\fonttbl{fonts}}}{body}}}".encode("latin-1"), "a.rtf")


def paragraphs(content: Content) -> list[str]:
    return [content.text[block.start : block.end] for block in content.outline.blocks]


def test_letters_beyond_the_code_page() -> None:
    """Code points, with and without characters for older programs, and bytes."""
    assert read(r"\uc1 \u272?i \uc0\u7897 \uc2 n\'e0o\u8364 \'80\'80.").text == "Đi ộnào€."


def test_bytes_are_in_the_code_page_of_their_font() -> None:
    """Vietnamese Windows: a vowel and its combining tone, whatever the file's own code page."""
    word = "".join(f"\\'{byte:02x}" for byte in "nghi\u0323".encode("cp1258"))

    assert read(rf"{{\f1 {word}}}", r"{\f0 A;}{\f1\fcharset163 B;}").text == "nghị"


@pytest.mark.parametrize(("old", "font", "origin"), [(in_tcvn3, ".VnTime", "tcvn3"), (in_vni, "VNI-Times", "vni")])
def test_legacy_fonts_run_by_run(old: object, font: str, origin: str) -> None:
    """Unicode in the same paragraph stays; the code page of Vietnam does not change bytes of a legacy font."""
    words = rtf_text(old(LINE))
    content = read(rf"{rtf_text('Số ở đây: ')}{{\f1 {words}}}\par", rf"{{\f0 Arial;}}{{\f1\fcharset163 {font};}}")

    assert (content.text.lower(), content.origin) == (f"Số ở đây: {LINE}".lower(), origin)


def test_a_font_of_capitals() -> None:
    """What a font of capitals shows is capitals, the optional hyphen of TCVN3 among them, which is a letter."""
    content = read(rf"{{\f0 {rtf_text(in_tcvn3('thông t'))}\-}}\par", r"{\f0 .VnTimeH;}")

    assert content.text == "THÔNG TƯ"


def test_hidden_and_deleted_words_are_not_read() -> None:
    """Nor pictures, headers, field codes, document properties and unknown destinations."""
    content = read(
        r"{\info{\title Khuon}}{\header Dau trang}Con {\v an}{\deleted xoa}{\strike gach}lai"
        r"{\pict\wmetafile8 ABCDEF}{\*\la la}{\field{\*\fldinst HYPERLINK x}{\fldrslt  day}}\par"
    )

    assert content.text == "Con lai day"


def test_a_picture_in_binary_does_not_end_the_text() -> None:
    """Bytes of a picture are no text, braces among them."""
    assert read("A{\\pict\\bin5 }}{\\x}B\\par").text == "AB"


def test_table_rows() -> None:
    """A header row, and a cell merged over rows in each of them."""
    header = r"\trowd\trhdr\cellx100\cellx200\cellx300 \intbl A\cell B\cell C\cell\row"
    first = r"\trowd\clvmgf\cellx100\cellx200\cellx300 \intbl x\cell 1\cell 2\cell\row"
    second = r"\trowd\clvmrg\cellx100\cellx200\cellx300 \intbl \cell 3\cell 4\cell\row\pard Sau\par"

    content = read(rf"{header}{first}{second}")

    assert paragraphs(content) == ["A | B | C", "x | 1 | 2", "x | 3 | 4", "Sau"]
    assert [block.context for block in content.outline.blocks] == ["", "A | B | C", "A | B | C", ""]


def test_a_cell_merged_over_columns() -> None:
    """Is read once, whether its row has fewer cells or says that they are merged."""
    wide = r"\trowd\cellx100\cellx300 \intbl a\cell bc\cell\row"
    merged = r"\trowd\cellx100\clmgf\cellx200\clmrg\cellx300 \intbl d\cell ef\cell\cell\row"

    assert paragraphs(read(rf"{wide}{merged}\pard Sau\par")) == ["a | bc", "d | ef", "Sau"]


def test_headings_and_list_numbers() -> None:
    """By style or outline level; a list number is what its program wrote, a bullet is none."""
    styles = r"{\stylesheet{\s1 heading 1;}}"
    headings = rf"\pard\s1 {rtf_text('Giờ mở cửa')}\par\pard\outlinelevel1 {rtf_text('Ngày thường')}\par"
    items = r"\pard{\listtext 1.\tab}Mot\par{\listtext\f1 \'b7\tab}Hai\par"

    content = read(styles + headings + items, r"{\f0 A;}{\f1\fcharset2 Symbol;}")

    assert paragraphs(content) == ["Giờ mở cửa", "Ngày thường", "1. Mot", "Hai"]
    assert [(block.kind, block.level) for block in content.outline.blocks[:2]] == [("heading", 2), ("heading", 3)]


def test_footnotes_and_endnotes() -> None:
    """With the paragraphs that refer to them."""
    content = read(r"Mot{\super\chftn{\footnote\pard Chan trang}} hai{\footnote\ftnalt\pard Cuoi bai}.\par")

    blocks = content.outline.blocks
    assert [(block.kind, block.marker, block.notes) for block in blocks] == [
        ("paragraph", "", ("1", "i")),
        ("footnote", "1", ()),
        ("footnote", "i", ()),
    ]
    assert paragraphs(content) == ["Mot hai.", "Chan trang", "Cuoi bai"]


def test_a_text_box_is_read_in_place() -> None:
    """As Word writes it, with a picture of it for older programs beside it."""
    box = r"{\shp{\*\shpinst{\sp{\sn a}{\sv 1}}{\shptxt\pard Trong hop\par}}{\shprslt\pard Trong hop\par}}"

    assert sorted(paragraphs(read(rf"Truoc{box}\par Sau\par"))) == ["Sau", "Trong hop", "Truoc"]


def test_words_for_programs_without_unicode() -> None:
    """Are passed over where the same words stand in Unicode beside them."""
    assert read(r"{\upr{M?t}{\*\ud{M\u7897?t}}} hai\par").text == "Một hai"


def test_raised_digits() -> None:
    """Become superscripts."""
    assert read(r"10{\super 5} m{\super 2}\par").text == "10⁵ m²"


@pytest.mark.parametrize("body", ["{" * 3000, "}" * 50 + "a", r"\bin99999999 a", r"\u99999999999 \'zz \cell\row a"])
def test_damaged_files_are_read_or_refused(body: str) -> None:
    """Groups that never close, ends without beginnings, lengths beyond the end."""
    assert read(f"Con lai\\par {body}").text.startswith("Con lai")


def test_what_is_no_rtf_is_refused() -> None:
    """A suffix promises a format."""
    with pytest.raises(BrokenError, match=r"a\.rtf"):
        read_rtf(b"Day la van ban thuong.", "a.rtf")


def test_a_maker_for_other_tests() -> None:
    """The files that other tests read are RTF."""
    assert read_rtf(rtf_of([LINE]), "a.rtf").text == LINE
