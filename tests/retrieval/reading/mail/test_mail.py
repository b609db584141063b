"""E-mails, web pages saved in one file, and books."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest

from retrieval.errors import BrokenError, EmptyError
from retrieval.reading.document import Unread
from retrieval.reading.epub import read_book
from retrieval.reading.mail.message import read_message
from retrieval.reading.mail.web_archive import read_web_archive
from retrieval.reading.reader import read_document
from tests.support.document_makers import zip_of

PAGE = "<html><body><h1>Lịch cắt điện</h1><p>Khu vực đường Hoa Sen cắt điện từ 8 giờ đến 11 giờ sáng.</p></body></html>"
OPF = """<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>
<dc:title>Sổ tay</dc:title><dc:creator>Phòng Hành chính</dc:creator></metadata><manifest>
<item id="n" href="nav.xhtml" properties="nav"/><item id="b" href="b%201.xhtml"/><item id="a" href="a.xhtml"/>
</manifest>
<spine><itemref idref="n"/><itemref idref="b"/><itemref idref="a"/></spine></package>"""
CONTAINER = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="o/p.opf"/></rootfiles></container>"""


def message() -> EmailMessage:
    """An e-mail with a subject, a sender and a date."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["Date"] = "Lịch họp", "Văn phòng <vp@a.vn>", "Tue, 05 Mar 2024 08:00:00 +0700"
    return mail


def web_archive(encoding: str = "utf-8") -> bytes:
    """A page with a picture, as browsers save it."""
    mail = EmailMessage()
    mail.add_related(PAGE.encode(encoding), "text", "html", params={"charset": encoding})
    mail.add_related(b"GIF", "image", "gif")
    return mail.as_bytes()


def test_an_email_is_its_text() -> None:
    """Subject, sender and date are its metadata; attachments are named."""
    mail = message()
    mail.set_content("Cuộc họp giao ban lúc bảy giờ sáng.\n\nĐịa điểm: phòng số ba.\n")
    mail.add_attachment(b"%PDF-", "application", "pdf", filename="chương trình.pdf")

    content = read_message(mail.as_bytes(), "a.eml")

    outline = content.outline
    assert content.text == "Lịch họp\n\nCuộc họp giao ban lúc bảy giờ sáng.\n\nĐịa điểm: phòng số ba."
    assert (outline.title, outline.author, outline.published) == ("Lịch họp", "Văn phòng", date(2024, 3, 5))
    assert content.unread == (Unread("attachment", name="chương trình.pdf"),)


def test_an_email_in_html_is_read_as_a_page() -> None:
    """Where it has no plain text."""
    mail = message()
    mail.set_content("<p>Cuộc họp lúc bảy giờ.</p><p>Phòng số ba.</p>", subtype="html")

    assert read_message(mail.as_bytes(), "a.eml").text == "Lịch họp\n\nCuộc họp lúc bảy giờ.\n\nPhòng số ba."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_saved_page_is_the_page(encoding: str) -> None:
    """Whatever the encoding of its part."""
    content = read_web_archive(web_archive(encoding), "a.mhtml")

    assert content.text.endswith("Khu vực đường Hoa Sen cắt điện từ 8 giờ đến 11 giờ sáng.")


@pytest.mark.parametrize("name", ["a.mht", "a.html", "a.txt"])
def test_a_saved_page_is_known_by_its_content(name: str, tmp_path: Path) -> None:
    """People rename them."""
    (tmp_path / name).write_bytes(web_archive())

    document = read_document(tmp_path / name, tmp_path)

    assert document.title == "Lịch cắt điện"
    assert "8 giờ đến 11 giờ" in document.text


def test_a_book_is_read_in_its_order() -> None:
    """The spine's, without the table of contents; paths may be escaped."""
    pages = {"o/a.xhtml": "<p>Chương sau.</p>", "o/b 1.xhtml": "<p>Chương trước.</p>", "o/nav.xhtml": "<p>Mục lục</p>"}
    parts = {
        "META-INF/container.xml": CONTAINER,
        "o/p.opf": OPF,
        **{k: f"<html><body>{v}</body></html>" for k, v in pages.items()},
    }

    content = read_book(zip_of({name: text.encode() for name, text in parts.items()}), "a.epub")

    assert content.text == "Chương trước.\n\nChương sau."
    assert (content.outline.title, content.outline.author) == ("Sổ tay", "Phòng Hành chính")


def test_what_is_no_message_is_refused() -> None:
    """And so is one without text, and a book without pages."""
    with pytest.raises(BrokenError):
        read_message(b"\n\nkhong co", "a.eml")
    with pytest.raises(EmptyError):
        read_message(message().as_bytes(), "a.eml")
    with pytest.raises(BrokenError):
        read_book(zip_of({"a": b"b"}), "a.epub")
