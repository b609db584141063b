"""Web pages: the article with its own metadata, numbered as a browser shows it, in whatever encoding."""

from __future__ import annotations

from datetime import date

import pytest

from retrieval.reading.document import Content
from retrieval.reading.html.reader import read_web_page

PROSE = "Phòng họp mở cửa lúc bảy giờ sáng và đóng cửa lúc năm giờ chiều của mỗi ngày làm việc trong tuần."


def page(article: str, head: str = "<meta charset=utf-8>") -> str:
    return (
        f"<!doctype html><html><head>{head}<title>Nội quy phòng họp</title></head><body><nav><a href=/>Trang chủ</a>"
        f"</nav><article><h1>Nội quy phòng họp</h1><p>{PROSE}</p>{article}</article>"
        "<footer>Liên hệ</footer></body></html>"
    )


def content(article: str, head: str = "<meta charset=utf-8>") -> Content:
    return read_web_page(page(article, head).encode(), "a.html")


def lines(found: Content) -> list[str]:
    return found.text.split("\n\n")[2:]


def test_stated_metadata_is_taken() -> None:
    """Site, author and date that the page itself states."""
    head = (
        '<meta property="og:site_name" content="Cổng thông tin nội bộ"><meta name="author" content="Trần Thị Bình">'
        '<meta property="article:published_time" content="2023-03-09T08:00:00+07:00">'
    )

    outline = content("", head).outline

    found = (outline.title, outline.publisher, outline.author, outline.published)
    assert found == ("Nội quy phòng họp", "Cổng thông tin nội bộ", "Trần Thị Bình", date(2023, 3, 9))


def test_a_date_in_the_text_is_no_date_of_publication() -> None:
    """The words speak of a day; the page does not say when it was published."""
    assert content("<p>Ngày 12/04/2019 phòng họp được sửa chữa và nhận thêm bàn ghế mới.</p>").outline.published is None


def test_lists_are_numbered_as_shown() -> None:
    """Ordered lists from 1; bullets have no number; a list that counts in its own way gets none invented."""
    article = "<ol><li>Mở cửa</li><li>Bật đèn</li></ol><ul><li>Khóa cửa</li></ul>"

    assert lines(content(article)) == ["1. Mở cửa", "2. Bật đèn", "Khóa cửa"]
    assert lines(content('<ol start="3"><li>Mở cửa</li><li>Bật đèn</li></ol>')) == ["Mở cửa", "Bật đèn"]


def test_an_item_that_is_lost_moves_no_number() -> None:
    """Behind an item that is only a picture, numbers would be too low: such a list gets none, others keep theirs."""
    article = "<ol><li>Mở cửa</li><li><img src=a.png></li><li>Bật đèn</li></ol><p>Sau đó:</p><ol><li>Khóa cửa</li></ol>"

    assert lines(content(article)) == ["Mở cửa", "Bật đèn", "Sau đó:", "1. Khóa cửa"]


def test_superscripts_stay_apart_from_the_number_before_them() -> None:
    """10 to the power of 5 is not 105, and a note's mark is no digit of the year, a link or not."""
    article = "<p>Từ 10<sup>5</sup> đến 10<sup>-3</sup>, năm 2022<sup class=n><a href='#f12'>12</a></sup>.</p>"

    assert lines(content(article)) == ["Từ 10⁵ đến 10⁻³, năm 2022¹²."]


def test_tables_are_read_row_by_row() -> None:
    """The names of the columns are context of the rows below."""
    rows = "<tr><th>Đơn vị</th><th>Số người</th></tr><tr><td>Văn phòng</td><td>12</td></tr>"

    found = content(f"<table>{rows}</table>")

    assert lines(found) == ["Đơn vị | Số người", "Văn phòng | 12"]
    assert found.outline.blocks[-1].context == "Đơn vị | Số người"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_pages(encoding: str) -> None:
    """Whatever the page says of itself, its bytes decide."""
    data = page("", "<meta charset=iso-8859-1>").encode(encoding)

    assert PROSE in read_web_page(data, "a.html").text


def test_a_named_encoding_is_used() -> None:
    """A page that is not UTF-8 is what it says it is."""
    data = page("<p>Café de l'été à Paris</p>", '<meta http-equiv=x content="text/html; charset=windows-1258">')
    plain = data.replace(PROSE, "Phong hop mo cua luc bay gio sang va dong cua luc nam gio chieu moi ngay lam viec.")
    plain = plain.replace("Nội quy phòng họp", "Noi quy").replace("Trang chủ", "Trang").replace("Liên hệ", "Lien")

    assert "Café de l'été à Paris" in read_web_page(plain.encode("cp1258"), "a.html").text


@pytest.mark.parametrize("name", ["iso-8859-1", "latin1", "us-ascii", "windows-1252"])
def test_latin_1_is_what_browsers_read(name: str) -> None:
    """Its dashes and quotation marks are those of Windows."""
    words = b"The years 2011\x962013 were years of \x93peace\x94 in the caf\xe9 of this region, as many people say."
    head = f'<meta http-equiv=x content="text/html; charset={name}">'.encode()
    data = b"<html><head>" + head + b"</head><body><article><p>" + words + b"</p></article></body></html>"

    assert "2011–2013 were years of “peace” in the café" in read_web_page(data, "a.html").text


def test_entities_of_xml_are_not_expanded() -> None:
    """A bomb of entities stays as small as it came, and no file is read through one."""
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    data = bomb + page("<p>Điểm &b; và &f; không được mở ra trong trang này.</p>").removeprefix("<!doctype html>")

    found = read_web_page(data.encode(), "a.html").text

    assert "aaaaaaaaaa" not in found.replace(bomb, "")
    assert PROSE in found


def test_little_text_is_text() -> None:
    """Too short for an article, still words."""
    assert "Nghỉ trưa từ 12 giờ" in read_web_page("<p>Nghỉ trưa từ 12 giờ</p>".encode(), "a.html").text


def test_a_cell_over_several_rows_is_in_each() -> None:
    """What it says counts for every row that it stands beside, and moves no other cell, in any column."""
    article = (
        "<table><tr><th>Phòng<th>Giờ<th>Người</tr><tr><td rowspan=2>A101<td>07:30<td rowspan=3>Bình</tr>"
        "<tr><td>13:30</tr><tr><td>B202<td>08:00</tr></table>"
    )

    found = lines(content(article))

    expected = ["Phòng | Giờ | Người", "A101 | 07:30 | Bình", "A101 | 13:30 | Bình", "B202 | 08:00 | Bình"]
    assert found == expected


def test_a_huge_span_stays_small() -> None:
    """Thousands of rows of cells that go over a million rows each are not multiplied."""
    rows = "<tr>" + "<td rowspan=1000000 colspan=999>x</td>" * 3 + "</tr>"

    assert len(content(f"<table>{rows * 3000}</table>").text) < 200_000


def test_a_row_that_is_styled_as_a_header_is_read() -> None:
    """pandoc gives it a class, by which trafilatura takes it for the page's own header."""
    article = '<table><thead><tr class="header"><th>Phòng</th><th>Sức chứa</th></tr></thead><tr><td>A101<td>20</table>'

    assert lines(content(article)) == ["Phòng | Sức chứa", "A101 | 20"]


@pytest.mark.parametrize(
    ("reference", "notes"),
    [
        (
            '<a href="#fn1" class="footnote-ref" id="fnref1" role="doc-noteref"><sup>1</sup></a>',
            (
                '<section class="footnotes" role="doc-endnotes"><hr><ol><li id="fn1"><p>Trừ ngày lễ.'
                '<a href="#fnref1" class="footnote-back" role="doc-backlink">↩︎</a></p></li></ol></section>'
            ),
        ),
        (
            '<a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a>',
            '<div id="sdfootnote1"><p><a class="sdfootnotesym" href="#sdfootnote1anc">1</a> Trừ ngày lễ.</p></div>',
        ),
    ],
)
def test_a_footnote_belongs_to_its_paragraph(reference: str, notes: str) -> None:
    """As pandoc and as LibreOffice write it: not lost, and no clause of the last article."""
    found = content(f"<p>Phòng họp mở cửa hằng ngày{reference} cho mọi đơn vị trong cơ quan.</p>{notes}")

    words = [
        (block.kind, block.marker, block.notes, found.text[block.start : block.end]) for block in found.outline.blocks
    ]
    assert words[2:] == [
        ("paragraph", "", ("1",), "Phòng họp mở cửa hằng ngày¹ cho mọi đơn vị trong cơ quan."),
        ("footnote", "1", (), "Trừ ngày lễ."),
    ]
