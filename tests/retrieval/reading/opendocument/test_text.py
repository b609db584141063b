"""OpenDocument texts: what the program shows, in place, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.errors import BrokenError, LockedError
from retrieval.reading.document import Content
from retrieval.reading.opendocument.package import NAMES
from retrieval.reading.opendocument.text import read_open_text
from tests.support.document_makers import zip_of
from tests.support.legacy_fonts import in_tcvn3

REAL = Path(__file__).parents[1] / "real"
STYLES = """
<style:style style:name="gone" style:family="text"><style:text-properties text:display="none"/></style:style>
<style:style style:name="struck" style:family="text">
<style:text-properties style:text-line-through-style="solid"/></style:style>
<style:style style:name="up" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>
<style:style style:name="old" style:family="text"><style:text-properties style:font-name=".VnTime"/></style:style>
<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
<text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")"/></text:list-style>"""


def odt_of(body: str, **parts: bytes) -> bytes:
    """An .odt with this body."""
    names = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in NAMES.items())
    content = (
        f"<office:document-content {names}><office:automatic-styles>{STYLES}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return zip_of({"content.xml": content.encode(), **parts})


def read(body: str) -> Content:
    """What is read of a body."""
    return read_open_text(odt_of(body), "a.odt")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<text:p>Một<text:s text:c='3'/>hai<text:tab/>ba</text:p>", "Một hai ba"),
        ("<text:p>Giữ <text:span text:style-name='gone'>mật</text:span>lại</text:p>", "Giữ lại"),
        ("<text:p>Phí <text:span text:style-name='struck'>5</text:span>6 đồng</text:p>", "Phí 6 đồng"),
        ("<text:p>10<text:span text:style-name='up'>5</text:span> người</text:p>", "10⁵ người"),
        ("<text:p>A<office:annotation><text:p>ý kiến</text:p></office:annotation>B</text:p>", "AB"),
        (
            "<text:table-of-content><text:p>Chương 1 ... 3</text:p></text:table-of-content><text:p>Văn bản</text:p>",
            "Văn bản",
        ),
        (
            "<text:p>Trước<draw:frame><draw:text-box><text:p>Trong hộp</text:p></draw:text-box></draw:frame></text:p>",
            "Trước\n\nTrong hộp",
        ),
    ],
    ids=["spaces", "hidden", "struck", "raised", "comment", "contents", "box"],
)
def test_what_is_shown_is_read(body: str, text: str) -> None:
    """Each thing that the program shows, and nothing that it does not."""
    assert read(body).text == text


def test_numbers_of_lists_are_computed() -> None:
    """Also those of inner lists, which begin anew in each item."""
    item = "<text:list-item><text:p>{}</text:p>{}</text:list-item>"
    inner = f"<text:list>{item.format('trong', '')}{item.format('sau', '')}</text:list>"
    body = f"<text:list text:style-name='L'>{item.format('Một', inner)}{item.format('Hai', inner)}</text:list>"

    lines = read(body).text.split("\n\n")

    assert lines == ["1. Một", "a) trong", "b) sau", "2. Hai", "a) trong", "b) sau"]


def test_footnotes_are_notes() -> None:
    """They are referred to by a raised number."""
    note = (
        "<text:note text:note-class='footnote'><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>Theo báo cáo.</text:p></text:note-body></text:note>"
    )

    content = read(f"<text:p>Có 70 người{note} tham gia.</text:p>")

    assert [(block.kind, block.marker, block.notes) for block in content.outline.blocks] == [
        ("paragraph", "", ("1",)), ("footnote", "1", ())
    ]  # fmt: skip


def test_runs_in_a_legacy_font_are_converted() -> None:
    """By the names of their fonts; the runs beside them stay as they are."""
    words = in_tcvn3("Cộng hòa xã hội chủ nghĩa, độc lập, tự do, hạnh phúc của nhân dân")

    content = read(f"<text:p><text:span text:style-name='old'>{words}</text:span> và Việt Nam</text:p>")

    assert content.text == "Cộng hòa xã hội chủ nghĩa, độc lập, tự do, hạnh phúc của nhân dân và Việt Nam"
    assert content.origin == "tcvn3"


def test_locked_and_foreign_files_are_refused() -> None:
    """A password, a spreadsheet by the name of a text, a damaged part."""
    locked = (
        f"<manifest:manifest xmlns:manifest='{NAMES['manifest']}'><manifest:file-entry><manifest:encryption-data/>"
        "</manifest:file-entry></manifest:manifest>"
    )
    with pytest.raises(LockedError):
        read_open_text(odt_of("<text:p>A</text:p>", **{"META-INF/manifest.xml": locked.encode()}), "a.odt")
    with pytest.raises(BrokenError, match="has no text"):
        read_open_text(REAL.joinpath("libreoffice-to-ods.ods").read_bytes(), "a.odt")


def test_a_list_style_of_the_template_numbers_too() -> None:
    """LibreOffice keeps the styles of Word's lists beside the content."""
    names = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in NAMES.items())
    style = "<text:list-level-style-number text:level='1' style:num-format='1' style:num-suffix=')'/>"
    styles = f"<office:document-styles {names}><office:styles><text:list-style style:name='T'>{style}</text:list-style>"
    body = "<text:list text:style-name='T'><text:list-item><text:p>Ca ngày</text:p></text:list-item></text:list>"
    parts = {"styles.xml": f"{styles}</office:styles></office:document-styles>".encode()}

    assert read_open_text(odt_of(body, **parts), "a.odt").text == "1) Ca ngày"
