"""The page of HTML shows all that was read, once, and all that was not; it runs nothing and needs nothing."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import docx
import lxml.html
import pytest
from lxml.html import HtmlElement
from PIL import Image
from typer.testing import CliRunner

from retrieval.inspection.write_page import WrittenPage, write_html_page
from retrieval.reading.reader import read_document
from retrieval.reading.sandbox.process import Sandbox
from retrieval.terminal.cli import app
from tests.retrieval.reading.pdf.test_ocr import scan_of
from tests.support.document_makers import Paper, docx_of, html_of, pdf_of, saved, xls_of

pytestmark = pytest.mark.slow

LONG = "Đơn vị có trách nhiệm báo cáo cấp trên trước ngày cuối tháng theo mẫu đã ban hành, số {}."
PARAGRAPHS = ["QUY CHẾ LÀM VIỆC", *(LONG.format(number) for number in range(1, 80))]
CONTENTS = "MỤC LỤC\n1. Thời giờ ........ 3\n2. Nghỉ phép ........ 4\n\nQUY CHẾ LÀM VIỆC\n\nLàm việc từ 7 giờ.\n"
HOSTILE = '"><script>alert(1)</script><img src="https://example.com/a.png" onerror="alert(2)">'
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def page_of(folder: Path, data: bytes, name: str = "a.pdf") -> HtmlElement:
    """The page that the command writes."""
    (folder / name).write_bytes(data)
    result = CliRunner().invoke(app, ["read", str(folder / name), "--html", str(folder / "out.html")])
    assert result.exit_code == 0, result.stderr
    return lxml.html.document_fromstring((folder / "out.html").read_text(encoding="utf-8"))


def select(root: HtmlElement, selector: str) -> list[HtmlElement]:
    """The elements of a simple CSS selector: "#id tag.class"."""
    path = ""
    for part in selector.split():
        tag, number, kind = re.fullmatch(r"(\w*)(?:#([\w-]+))?(?:\.(\w+))?", part).groups()
        path += f"/descendant::{tag or '*'}" + (f"[@id='{number}']" if number else "")
        path += f"[contains(concat(' ', @class, ' '), ' {kind} ')]" if kind else ""
    return root.xpath(f".{path}")


def words_of(elements: list[HtmlElement]) -> list[str]:
    return [each.text_content() for each in elements]


def share(box: HtmlElement) -> dict[str, float]:
    """The place of an outline, in per cent."""
    return {name: float(value) for name, value in re.findall(r"(\w+):([\d.]+)%", box.get("style"))}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", pdf_of(PARAGRAPHS, "Công báo số 5", "{}")),
        ("a.docx", docx_of(PARAGRAPHS)),
        ("a.html", html_of(PARAGRAPHS, "Quy chế")),
        ("a.txt", "\n\n".join(PARAGRAPHS).encode()),
        ("a.xls", xls_of([["STT", "Ngành"], [1, "Dược"], [2, "Y"]])),
    ],
)
def test_every_paragraph_stands_there_once_in_reading_order(tmp_path: Path, name: str, data: bytes) -> None:
    """The same as in `--json`, in every kind of format."""
    page = page_of(tmp_path, data, name)

    found = json.loads(CliRunner().invoke(app, ["read", str(tmp_path / name), "--json"]).stdout)
    entries = {int(entry.get("id")[1:]): select(entry, ".words")[0].text_content() for entry in select(page, ".entry")}
    assert len(select(page, ".entry")) == len(entries)
    assert sorted(entries) == list(range(1, len(entries) + 1))
    assert [entries[number] for number in sorted(entries)] == [each["text"] for each in found["paragraphs"]]


def test_outlines_lie_where_the_words_do(tmp_path: Path) -> None:
    """The places that the file's maker was told, each once, in the order of reading, within the page."""
    paper = Paper()
    paper.set_font("Deja", size=12)
    for top, words in ((60, "Nghỉ lễ bốn ngày trong năm nay."), (120, "Làm việc từ bảy giờ rưỡi sáng.")):
        paper.text(40, top, words)

    page = page_of(tmp_path, paper.finished())

    boxes = [share(box) for box in select(page, "a.box")]
    assert [box.text_content() for box in select(page, "a.box")] == ["1", "2"]
    assert [box["left"] * paper.w / 100 for box in boxes] == pytest.approx([40, 40], abs=1)
    assert [box["top"] * paper.h / 100 for box in boxes] == pytest.approx([57, 117], abs=2)
    assert all(0 <= box["left"] <= box["left"] + box["width"] <= 100 for box in boxes)
    assert all(0 <= box["top"] <= box["top"] + box["height"] <= 100 for box in boxes)


def test_columns_have_outlines_that_do_not_meet(tmp_path: Path) -> None:
    """Each column is a paragraph of its own, or several, never a rectangle over both."""
    paper = Paper()
    paper.set_font("Deja", size=10)
    words = "phòng họp mở cửa từ bảy giờ rưỡi sáng cho đến năm giờ chiều hằng ngày và đóng cửa vào ngày nghỉ " * 4
    for left in (15, 110):
        paper.set_left_margin(left)
        paper.set_xy(left, 40)
        paper.multi_cell(82, 6, words + ("một." if left == 15 else "hai."), align="J")

    page = page_of(tmp_path, paper.finished())

    boxes = [share(box) for box in select(page, "a.box")]
    assert len(boxes) >= 2
    assert all(box["left"] + box["width"] < 52 or box["left"] > 50 for box in boxes)
    assert select(page, ".sheet .lost") == []


def test_running_heads_and_page_numbers_are_red_where_they_stand(tmp_path: Path) -> None:
    """The first head is read; repetitions and numbers are outlined in red and listed beside."""
    page = page_of(tmp_path, pdf_of(PARAGRAPHS, "Công báo số 5", "{}"))

    third = select(page, "#trang-3")[0]
    assert [box.get("title") for box in select(third, ".sheet .lost")] == ["Công báo số 5", "3"]
    assert [share(box)["top"] < 10 for box in select(third, ".sheet .lost")] == [True, False]
    assert words_of(select(third, ".out p")) == ["Công báo số 5 (lặp lại, đã đọc ở chỗ khác)", "3"]
    assert [box.get("title") for box in select(page, "#trang-1 .sheet .lost")] == ["1"]


def test_contents_are_red(tmp_path: Path) -> None:
    """A table of contents answers nothing and is not quoted: people see that it was seen."""
    paper = Paper()
    for words in (*CONTENTS.split("\n"), *PARAGRAPHS[1:10]):
        if words:
            paper.write_paragraph(words)

    page = page_of(tmp_path, paper.finished())

    lost = words_of(select(page, "#trang-1 .out p"))
    assert lost == ["MỤC LỤC", "1. Thời giờ ........ 3", "2. Nghỉ phép ........ 4"]


def test_what_a_text_leaves_out_is_red_in_its_place(tmp_path: Path) -> None:
    """Before the title, as in the file."""
    page = page_of(tmp_path, CONTENTS.encode(), "a.txt")

    flow = select(page, ".flow")[0]
    assert [(each.get("class"), each.text_content().strip()) for each in flow][:4] == [
        ("lost", "MỤC LỤC"),
        ("lost", "1. Thời giờ ........ 3"),
        ("lost", "2. Nghỉ phép ........ 4"),
        ("entry heading", "1đề mụcQUY CHẾ LÀM VIỆC"),
    ]


def test_a_scanned_page_among_others_is_red_as_a_whole(tmp_path: Path) -> None:
    """It is on the list of what was not read, and nobody overlooks its picture."""
    paper = Paper()
    for words in PARAGRAPHS[:9]:
        paper.write_paragraph(words)
    paper.add_page()
    paper.image(Image.new("L", (600, 800), 200), 0, 0, paper.w, paper.h)

    page = page_of(tmp_path, paper.finished())

    assert words_of(select(page, "#trang-2 .whole")) == ["Trang quét chưa đọc được"]
    assert words_of(select(page, "header .unread")) == ["Phần không đọc: trang quét chưa đọc được (trang 2)"]


def test_a_picture_on_a_page_is_marked(tmp_path: Path) -> None:
    """The words in a figure are read by nobody."""
    paper = Paper()
    for words in PARAGRAPHS[:9]:
        paper.write_paragraph(words)
    paper.image(Image.new("L", (60, 30), 128), 50, 200, 60, 30)

    page = page_of(tmp_path, paper.finished())

    (box,) = select(page, ".sheet .picture")
    assert share(box)["top"] == pytest.approx(100 * 200 / paper.h, abs=0.5)


@pytest.mark.parametrize("suffix", ["pdf", "txt", "docx"])
def test_a_hostile_document_adds_nothing_to_the_page(tmp_path: Path, suffix: str) -> None:
    """No element, no attribute and no address of its own; the policy forbids scripts and loading beside."""
    words = [HOSTILE, *PARAGRAPHS[1:5], f"{HOSTILE} lần nữa"]
    data = {"pdf": pdf_of(words), "docx": docx_of(words), "txt": "\n\n".join(words).encode()}[suffix]

    page = page_of(tmp_path, data, f"a'><b onclick=x>.{suffix}")

    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    addresses = page.xpath("//@src | //@href")
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    assert page.xpath("//script | //iframe | //link | //object | //form | //base") == []
    assert [name for each in page.iter() for name in each.attrib if name.startswith("on")] == []
    assert all(re.match(r"#[dh]\d+$|data:image/jpeg;base64,[\w+/=]+$", address) for address in addresses)
    assert HOSTILE in page.text_content()


def test_a_long_file_has_a_bounded_number_of_pictures(tmp_path: Path) -> None:
    """The page says so; the words of every page are there, and what was left out."""
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf_of(PARAGRAPHS, "Công báo số 5"))
    with Sandbox() as sandbox:
        document = read_document(file, tmp_path, sandbox=sandbox)
        written = write_html_page(document, file.read_bytes(), sandbox, tmp_path / "out.html", images=1)

    page = lxml.html.document_fromstring((tmp_path / "out.html").read_text(encoding="utf-8"))

    pages = len(select(page, ".page"))
    assert written == WrittenPage(pages, 1, len(select(page, ".entry")))
    assert (pages > 2, len(select(page, "img"))) == (True, 1)
    assert words_of(select(page, ".limit"))[0].startswith(f"Chỉ 1 trong số {pages} trang có hình")
    assert len(select(page, "#trang-3 .out p")) == 1


@pytest.mark.skipif(BROWSER is None, reason="Chromium is not installed")
@pytest.mark.parametrize("width", [1200, 390])
def test_a_browser_shows_outlines_on_the_pictures(tmp_path: Path, width: int) -> None:
    """Blue around what was read, red over what was not, black letters of the picture; wide and on a phone."""
    page_of(tmp_path, pdf_of(PARAGRAPHS[:12], "", "Trang {}"))
    shot = tmp_path / "shot.png"
    options = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    options += " --disable-component-update --disable-sync --hide-scrollbars"
    command = [BROWSER, *options.split(), f"--user-data-dir={tmp_path / 'profile'}", f"--window-size={width},1600"]

    subprocess.run(
        [*command, f"--screenshot={shot}", (tmp_path / "out.html").as_uri()],
        check=True,
        capture_output=True,
        timeout=120,
    )

    pixels = Image.open(io.BytesIO(shot.read_bytes())).convert("RGB")
    assert pixels.width == width
    counts = {colour: count for count, colour in pixels.getcolors(1 << 24)}
    assert counts.get((0x1C, 0x62, 0xC9), 0) > 500
    assert counts.get((0xC8, 0x10, 0x2E), 0) > 20
    assert sum(count for colour, count in counts.items() if max(colour) < 0x50) > 100


def test_a_file_of_scans_is_refused_in_one_sentence(tmp_path: Path) -> None:
    """As without `--html`; no page is left behind."""
    (tmp_path / "a.pdf").write_bytes(scan_of(Image.new("L", (60, 80), 255)))

    result = CliRunner().invoke(app, ["read", str(tmp_path / "a.pdf"), "--html", str(tmp_path / "out.html")])

    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]


@pytest.mark.parametrize("target", ["a.html", "out.pdf", "folder.html", "none/out.html"])
def test_nothing_but_a_page_is_written_over(tmp_path: Path, target: str) -> None:
    """Not the document itself, no file that may be another document, no folder; exit code 2 and one sentence."""
    (tmp_path / "a.html").write_bytes(html_of(PARAGRAPHS[:9], "Quy chế"))
    (tmp_path / "folder.html").mkdir()
    before = (tmp_path / "a.html").read_bytes()

    result = CliRunner().invoke(app, ["read", str(tmp_path / "a.html"), "--html", str(tmp_path / target)])

    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert (tmp_path / "a.html").read_bytes() == before
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.html", "folder.html"]


def test_an_older_page_is_replaced(tmp_path: Path) -> None:
    """As other commands replace what they wrote before; `--json` is printed beside."""
    (tmp_path / "a.txt").write_text("Quy chế\n\nNghỉ lễ bốn ngày.", encoding="utf-8")
    (tmp_path / "out.html").write_text("older", encoding="utf-8")

    result = CliRunner().invoke(app, ["read", str(tmp_path / "a.txt"), "--json", "--html", str(tmp_path / "out.html")])

    assert json.loads(result.stdout)["source"] == "a.txt"
    assert "Nghỉ lễ bốn ngày." in (tmp_path / "out.html").read_text(encoding="utf-8")


def test_what_a_web_page_and_a_word_file_leave_out_is_red(tmp_path: Path) -> None:
    """Menus and running heads are in no text that the reader makes, and still shown."""
    site = html_of(PARAGRAPHS[:9], "Quy chế")
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Công báo số 5"

    page, file = page_of(tmp_path, site, "a.html"), page_of(tmp_path, saved(document, PARAGRAPHS[:9]), "a.docx")

    assert words_of(select(page, ".flow .lost")) == ["Trang chủThời sự", "Số lượt xem: 12"]
    assert words_of(select(file, ".flow .lost")) == ["Công báo số 5"]
