"""All words of a file without pages, whatever its reader makes of them."""

from __future__ import annotations

import docx
import pytest

from retrieval.reading.layout.source_text import source_lines
from tests.support.document_makers import saved, zip_of

PAGE = """<html><head><title>Tên</title><style>p{}</style></head><body><nav><a>Trang chủ</a> <a>Liên hệ</a></nav>
<p>Nghỉ <b>lễ</b> bốn<br>ngày.</p><ul><li>Một<ul><li>Hai</li></ul>ba</li></ul><script>x</script> Chân trang
</body></html>"""


def test_a_web_page_has_its_menus_too() -> None:
    """In lines as a browser breaks them; scripts, styles and the title in the window's bar are no words of it."""
    lines = source_lines(PAGE.encode(), "a.html", ".html")

    assert lines == ["Trang chủ Liên hệ", "Nghỉ lễ bốn", "ngày.", "Một", "Hai", "ba", "Chân trang"]


def test_a_word_file_has_its_running_heads_and_hidden_words_too() -> None:
    """Each paragraph once."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Công báo"
    paragraph = document.add_paragraph("Nghỉ lễ")
    paragraph.add_run(" bí mật").font.hidden = True

    lines = source_lines(saved(document), "a.docx", ".docx")

    assert sorted(lines) == ["Công báo", "Nghỉ lễ bí mật"]


def test_breaks_part_words_and_runs_do_not() -> None:
    """In OpenDocument text too."""
    body = "<x xmlns:t='t'><t:p>Nghỉ<t:line-break/>l<t:span>ễ</t:span></t:p></x>"

    lines = source_lines(zip_of({"content.xml": body.encode()}), "a.odt", ".odt")

    assert lines == ["Nghỉ lễ"]


@pytest.mark.parametrize("data", [b"", b"PK\3\4 broken", zip_of({"word/document.xml": b"<x>"})])
def test_a_broken_file_has_no_words(data: bytes) -> None:
    """What is wrong with it is said by its reader."""
    assert source_lines(data, "a.docx", ".docx") == []


def test_an_entity_is_not_followed() -> None:
    """A file cannot show what lies beside it."""
    bomb = "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><x xmlns:t='t'><t:p>Nghỉ &e;</t:p></x>"

    lines = source_lines(zip_of({"content.xml": bomb.encode()}), "a.odt", ".odt")

    assert lines == ["Nghỉ"]
