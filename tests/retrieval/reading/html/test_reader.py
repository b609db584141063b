"""Web pages: the article with its own metadata, numbered as a browser shows it, in whatever encoding."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from retrieval.passage import split_document
from retrieval.reading.document import Content
from retrieval.reading.files.sidecar import Sidecar
from retrieval.reading.html.reader import read_web_page
from retrieval.reading.provision import article_in
from tests.support.documents import document_of

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


ARTICLES = {
    "Điều 1. Phạm vi": ["Quy chế này quy định việc mượn sách tại thư viện, áp dụng cho bạn đọc và thủ thư."],
    "Điều 2. Thẻ": ["1. Thẻ được cấp trong ngày, có giá trị hai năm.", "2. Mất thẻ thì báo ngay cho thư viện."],
    "Điều 3. Mượn về": ["1. Mỗi bạn đọc được mượn:", "a) Năm cuốn sách tiếng Việt;", "b) Hai cuốn sách ngoại văn."],
    "Điều 4. Hiệu lực": ["Quy chế này có hiệu lực từ ngày 01 tháng 9 năm 2024."],
}
CITED = [
    ("Điều 1", "Quy chế này quy định việc mượn sách tại thư viện, áp dụng cho bạn đọc và thủ thư."),
    ("Điều 2, khoản 1", "1. Thẻ được cấp trong ngày, có giá trị hai năm."),
    ("Điều 2, khoản 2", "2. Mất thẻ thì báo ngay cho thư viện."),
    ("Điều 3, khoản 1", "1. Mỗi bạn đọc được mượn: a) Năm cuốn sách tiếng Việt; b) Hai cuốn sách ngoại văn."),
    ("Điều 4", "Quy chế này có hiệu lực từ ngày 01 tháng 9 năm 2024."),
]
TONES = "\u0300\u0301\u0303\u0309\u0323"
LIBREOFFICE = '<meta name="generator" content="LibreOffice 7.4"><meta name="author" content="pc">'
WORD = '<meta name=ProgId content=Word.Document><meta name=Generator content="Microsoft Word 15">'
NAVIGATION = "<nav><a href=/>Trang chủ</a></nav><ul><li><a href=/a>Tin tức</a></li><li><a href=/b>Góp ý</a></li></ul>"


def law(heading: str, paragraph: str) -> str:
    """The regulation with each heading and paragraph in such markup."""
    return "<p align=center><b>QUY CHẾ MƯỢN SÁCH</b></p>" + "\n".join(
        heading.format(number, name) + "".join(paragraph.format(words) for words in below)
        for number, (name, below) in enumerate(ARTICLES.items(), 1)
    )


def cited(html: str, head: str = "<meta charset=utf-8>") -> list[tuple[str, str]]:
    """Each paragraph by the place that is cited for it, white space folded."""
    data = f"<html><head>{head}<title>Quy chế</title></head><body>{html}</body></html>".encode()
    document = document_of(read_web_page(data, "a.html"), "a.html", sidecar=Sidecar(), sha256="")
    return [(article_in(passage.section), " ".join(passage.text.split())) for passage in split_document(document)]


@pytest.mark.parametrize(
    ("heading", "paragraph"),
    [
        ("<p><b>{1}</b></p>", "<p>{0}</p>"),
        ("<p><a name=dieu_{0}><b>{1}</b></a></p>", "<p><a name=khoan></a>{0}</p>"),
        ("<p><a name=dieu_{0}><b>{1}</b></a></p>", "<p><a name=khoan>{0}</a></p>"),
        ("<p><a name=dieu_{0}></a>\n<font size=3><b>{1}</b></font></p>", "<p>\n<font size=3>{0}</font></p>"),
        ("<h3><a name=_Toc{0}>{1}</a></h3>", "<p class=MsoNormal><span lang=VI>{0}</span></p>"),
        ("<div><div><span><b>{1}</b></span></div></div>", "<div><span>{0}</span></div>"),
        ("<b>{1}</b><br>", "{0}<br>"),
        ("<br><br><b>{1}</b><br>\n", "{0}<br/>\n"),
    ],
)
@pytest.mark.parametrize(
    ("around", "head"),
    [
        ("{}", ""),
        ("{}", LIBREOFFICE),
        ("{}", WORD),
        (f"{NAVIGATION}<div class=content1>{{}}</div><div class=tin><a href=/c>Quy chế khác</a></div>", ""),
        ("<table width=100%><tr><td>{}</td></tr></table>", ""),
    ],
)
def test_no_paragraph_is_lent_to_another_article(heading: str, paragraph: str, around: str, head: str) -> None:
    """Anchors, nested elements or line breaks; alone, from a word processor, or within a site."""
    assert cited(around.format(law(heading, paragraph)), f"<meta charset=utf-8>{head}") == CITED


def test_breaks_part_paragraphs_but_not_sentences() -> None:
    """Nor the lines of a name in capitals; an empty line always does."""
    html = "<div>QUY CHẾ<br>MƯỢN SÁCH<br>Thẻ được cấp<br>trong ngày.<br>Thẻ không thu phí.<br><br>và có hạn.</div>"

    found = read_web_page(f"<html><body>{html}</body></html>".encode(), "a.html").text.split("\n\n")

    assert found == ["QUY CHẾ MƯỢN SÁCH", "Thẻ được cấp trong ngày.", "Thẻ không thu phí.", "và có hạn."]


def document(body: str, head: str = "") -> Content:
    """A page that is a document, without navigation."""
    return read_web_page(f"<html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>".encode(), "a.html")


def test_word_processors_fill_in_no_metadata() -> None:
    """A login name, the day of a template and another document's title are not the document's own."""
    head = f'<title>Mau cong van</title>{LIBREOFFICE}<meta name="created" content="2011-01-31T22:55:00">'

    outline = document(f"<p>QUY CHẾ MƯỢN SÁCH</p><p>{PROSE}</p>", head).outline

    assert (outline.title, outline.author, outline.published) == ("QUY CHẾ MƯỢN SÁCH", "", None)


def test_what_a_browser_does_not_show_is_not_quoted() -> None:
    """Hidden, struck-out, commented; and Word's list of contents, which only repeats headings."""
    body = (
        "<p class=MsoToc1><a href='#_Toc1'>Điều 1. Thẻ ... 3</a></p><p><a href='#_Toc2'>Điều 2. Mượn</a></p>"
        f"<p>{PROSE}<span style='display:none'> Ẩn.</span><del> Xóa.</del><!-- Ghi chú --> Hết.</p>"
    )

    assert document(body, WORD).text == f"{PROSE} Hết."


def test_lists_of_a_document_are_numbered_as_shown() -> None:
    """From any start, by letters, with an item's own number; the paragraphs of an item have one number."""
    body = (
        f"<p>{PROSE}</p><ol start=3><li><p>Mở cửa</p><p>Lúc bảy giờ</p></li>"
        "<li>Bật đèn<ol type=a><li>Đèn trần</ol></li><li value=9>Khóa cửa</li></ol><ul><li>Về</li></ul>"
    )

    lines = document(body).text.split("\n\n")[1:]

    assert lines == ["3. Mở cửa", "Lúc bảy giờ", "4. Bật đèn", "a. Đèn trần", "9. Khóa cửa", "Về"]


def test_tables_of_a_document() -> None:
    """A cell keeps its lines and an inner table's cells apart; superscripts stay superscripts."""
    body = (
        f"<p>{PROSE}</p><table><tr><th>Phòng</th><th>Giờ</th></tr><tr><td>A<br>101<td><table><tr><td>7<td>8</tr>"
        "<tr><td>10<sup>2</sup><td>9</tr></table></table>"
    )

    assert document(body).text.split("\n\n")[1:] == ["Phòng | Giờ", "A 101 | 7 | 8; 10² | 9"]


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "windows-1252", "x-unknown", "windows-1258"])
def test_a_wrong_declaration_does_not_change_letters(declared: str) -> None:
    """Windows-1258 writes tones behind their letters; that it is Vietnamese proves it."""
    words = "Phòng đọc mở từ bảy giờ đến mười giờ, trả muộn bị phạt hai nghìn đồng một cuốn một ngày."

    found = read_web_page(f"<meta charset={declared}><p>".encode() + in_windows_1258(words), "a.html")

    assert found.text == words


def test_a_title_may_be_a_sentence() -> None:
    """It names the document and is no paragraph; other headings that are sentences are quoted."""
    found = document(f"<h1>Đừng bao giờ từ bỏ ước mơ!</h1><h2>Cấm hút thuốc.</h2><p>{PROSE}</p>")

    kinds = [block.kind for block in found.outline.blocks]
    assert (found.outline.title, kinds) == ("Đừng bao giờ từ bỏ ước mơ!", ["heading", "paragraph", "paragraph"])


def test_equations_of_a_page_are_named() -> None:
    """A fraction read as letters would be a product."""
    found = document(f"<p>{PROSE} <math><mfrac><mi>a</mi><mi>b</mi></mfrac></math></p>")

    assert found.text == PROSE
    assert [(unread.kind, unread.count) for unread in found.unread] == [("equation", 1)]


def in_windows_1258(words: str) -> bytes:
    """With the five tones behind their letters, as Windows writes them."""
    spelt = ""
    for char in words:
        parts = unicodedata.normalize("NFD", char)
        letter = "".join(part for part in parts if part not in TONES)
        spelt += unicodedata.normalize("NFC", letter) + "".join(part for part in parts if part in TONES)
    return spelt.encode("cp1258")


def test_a_page_without_body_tags_is_read() -> None:
    """HTML lets both tags of head and body be left out."""
    head = "<!doctype html><meta charset=utf-8><title>Hợp đồng</title>"
    page = f"{head}<article><h1>Hợp đồng</h1><p>Bên thuê trả tiền.</p></article>"

    assert read_web_page(page.encode(), "a.html").text == "Hợp đồng\n\nBên thuê trả tiền."
