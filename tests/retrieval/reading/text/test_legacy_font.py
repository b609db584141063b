"""Legacy fonts: certain TCVN3 and VNI become Unicode in every format, and nothing else changes."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from retrieval.reading.docx.reader import read_word
from retrieval.reading.html.reader import read_web_page
from retrieval.reading.pdf.legacy_font import convert_pdf_line, plain_font_name
from retrieval.reading.pdf.reader import read_pdf
from retrieval.reading.reader import read_markdown, read_plain_text
from retrieval.reading.text.encoding import decode
from retrieval.reading.text.legacy_decoder import convert_legacy_font
from retrieval.reading.text.legacy_font import TCVN3, VNI, legacy_font_named
from tests.retrieval.reading.test_seeds import NAMES, SEEDS
from tests.support.document_makers import Paper, html_of, saved
from tests.support.legacy_fonts import in_tcvn3, in_viscii, in_vni, in_vps

WORDS = (
    "Người nước ngoài cư trú ở Việt Nam phải tuân theo Hiến pháp như công dân, được bảo hộ tính mạng và tài sản.",
    "Kỹ sư Nguyễn Văn Ngẫu ký quyết định xây dựng huyện đảo; Ủy ban nhân dân ở đó chịu trách nhiệm sửa chữa.",
)
FONTS = pytest.mark.parametrize(("old", "origin"), [(in_tcvn3, "tcvn3"), (in_vni, "vni")], ids=["TCVN3", "VNI"])
Old = Callable[[str], str]


@FONTS
@pytest.mark.parametrize("name", NAMES.values())
def test_a_whole_document_comes_back(old: Old, origin: str, name: str) -> None:
    """Every seed, letter for letter but for the case of marked capitals that TCVN3 cannot tell."""
    expected = decode((SEEDS / name).read_bytes(), name)

    found, told = convert_legacy_font(old(expected))

    assert (found.lower(), told) == (expected.lower(), origin)
    assert origin == "tcvn3" or found == expected


@FONTS
def test_two_fonts_in_one_document(old: Old, origin: str) -> None:
    """Paragraph by paragraph where nothing names the fonts, Unicode and abbreviations among them."""
    other = in_vni if old is in_tcvn3 else in_tcvn3
    lines = [old(WORDS[0]), old(WORDS[0]), other(WORDS[1]), "Đoạn này đã ở trong bảng mã mới.", old("QĐ, NĐ, GPLĐ")]

    found, told = convert_legacy_font("\n".join(lines))

    expected = [WORDS[0], WORDS[0], WORDS[1], lines[3], "QĐ, NĐ, GPLĐ"]
    assert (found.lower().split("\n"), told) == ([words.lower() for words in expected], origin)


@pytest.mark.parametrize(("encode", "origin"), [(in_viscii, "viscii"), (in_vps, "vps")])
def test_code_pages_of_before_unicode(encode: Callable[[str], bytes], origin: str) -> None:
    """Text files in VISCII and VPS are converted and marked."""
    content = read_plain_text(encode("\n".join(WORDS).replace("Ủ", "ủ")), "a.txt")

    assert (content.text, content.origin) == ("\n".join(WORDS).replace("Ủ", "ủ"), origin)


@pytest.mark.parametrize("form", ["NFD", "NFC"])
def test_decomposed_unicode_is_no_legacy_text(form: str) -> None:
    """In a Word file, and where only the tone stands apart, as Windows writes it."""
    words = [unicodedata.normalize(form, line) for line in (*WORDS, "Phí bảo trì là hai triệu một quý của công nghệ.")]
    apart = "một công nghệ độc lập".replace("ộ", "ô\u0323").replace("ệ", "ê\u0323")

    content = read_word(saved(docx.Document(), [*words, apart]), "a.docx")

    assert content.origin == ""
    assert content.text.split("\n\n")[-1] == "một công nghệ độc lập"


def test_soft_hyphens_of_a_word_file() -> None:
    """As an element: "ư" in a run of TCVN3, nothing elsewhere."""
    document = docx.Document()
    for font, first, rest in ((".VnTime", "ng", in_tcvn3("ời Việt Nam ở huyện")), ("Arial", "công", " nghệ")):
        run = document.add_paragraph().add_run(first)
        run.font.name = font
        run._r.append(parse_xml(f"<w:softHyphen {nsdecls('w')}/>"))
        run.add_text(rest)

    content = read_word(saved(document), "a.docx")

    assert content.text == "người Việt Nam ở huyện\n\ncông nghệ"


def test_a_document_in_fonts_of_unicode_is_never_converted() -> None:
    """Whatever its letters look like; beside legacy fonts, what is garbled has lost its font's name."""
    alone, beside = docx.Document(), docx.Document()
    for document in (alone, beside):
        document.add_paragraph().add_run(in_tcvn3(WORDS[0])).font.name = "Times New Roman"
    beside.add_paragraph().add_run(in_tcvn3(WORDS[1])).font.name = ".VnTime"

    found = [read_word(saved(document), "a.docx").text.lower() for document in (alone, beside)]

    assert found == [in_tcvn3(WORDS[0]).replace("\u00ad", "").lower(), "\n\n".join(WORDS).lower()]


def test_unicode_typed_into_a_legacy_font() -> None:
    """Word by word: what is Unicode already stays."""
    document = docx.Document()
    document.add_paragraph().add_run(in_tcvn3(WORDS[0])).font.name = ".VnTime"
    document.add_paragraph().add_run(f"tại {in_tcvn3('Quyết định số')} ban hành").font.name = ".VnTime"

    assert read_word(saved(document), "a.docx").text.endswith("tại Quyết định số ban hành")


@FONTS
def test_text_files(old: Old, origin: str) -> None:
    """Bytes of Windows, and the same letters in UTF-8, in plain text and in Markdown."""
    text = "\n".join(WORDS)
    for data in (old(text).encode("cp1252"), old(text).encode()):
        for read in (read_plain_text, read_markdown):
            content = read(data, "a.txt")
            assert (content.text.lower(), content.origin) == (text.lower(), origin)


@FONTS
def test_word(old: Old, origin: str) -> None:
    """Without the font's name the letters decide; the title that Word took from the first line is converted too."""
    document = docx.Document()
    document.core_properties.title = old(WORDS[0])

    content = read_word(saved(document, [old(words) for words in WORDS]), "a.docx")

    assert (content.text.lower(), content.origin) == ("\n\n".join(WORDS).lower(), origin)
    assert content.outline.title.lower() == WORDS[0].lower()


def test_fonts_that_a_word_document_names() -> None:
    """In one paragraph Unicode, TCVN3 and a font of capitals; VNI by a style; each as it is shown."""
    document = docx.Document()
    style = document.styles.add_style("Cũ", 1)
    style.font.name = "VNI-Times"
    paragraph = document.add_paragraph("Số 5, là ")
    for words, font in ((in_tcvn3("tài liệu mật"), ".VnTime"), (in_tcvn3(" của cơ quan"), ".VnTimeH")):
        paragraph.add_run(words).font.name = font
    split = document.add_paragraph("Toå chöùc coä", style="Cũ")
    split.add_run("ng ñoàng hoaø")
    split.runs[0].text, split.runs[1].text = "Toå chöùc co", "äng ñoàng"

    content = read_word(saved(document), "a.docx")

    assert content.text == "Số 5, là tài liệu mật CỦA CƠ QUAN\n\nTổ chức cộng đồng"


def test_a_legacy_name_over_unicode() -> None:
    """Text in Unicode stays, whatever its font is called."""
    document = docx.Document()
    document.add_paragraph().add_run("Cộng hòa xã hội chủ nghĩa, là có tài").font.name = ".VnTime"

    content = read_word(saved(document), "a.docx")

    assert (content.text, content.origin) == ("Cộng hòa xã hội chủ nghĩa, là có tài", "")


def test_the_font_of_all_paragraphs() -> None:
    """A single word is enough where the document's own style names the font."""
    document = docx.Document()
    document.styles["Normal"].font.name = ".VnTime"

    content = read_word(saved(document, [in_tcvn3("Mật")]), "a.docx")

    assert (content.text, content.origin) == ("Mật", "tcvn3")


@FONTS
def test_pdf(old: Old, origin: str) -> None:
    """Line for line: what pdfium takes for a hyphen is a letter, and two characters may be one."""
    paper = Paper()
    paper.set_font("Deja", size=11)
    first = "Người nước ngoài cư trú ở Việt Nam phải tuân theo Hiến pháp như"
    paper.set_title(old(first))
    for line in (first, WORDS[0][63:], "", *WORDS[1:]):
        paper.cell(0, 6, old(line), new_x="LMARGIN", new_y="NEXT")

    content = read_pdf(paper.finished(), "a.pdf")

    assert " ".join(content.text.split()).lower() == " ".join(WORDS).lower()
    assert content.origin == origin
    assert content.outline.title.lower() == first.lower()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (in_tcvn3("công dân như"), "công dân như"),
        (in_tcvn3("phát triển kinh tế\u00ad"), "phát triển kinh tế\u00ad"),
        (in_tcvn3("tư tưởng, từ 2011-2013"), "tư tưởng, từ 2011-2013"),
        ("Điều 5, 2011\u00ad2013 và", "Điều 5, 2011-2013 và"),
    ],
    ids=["a letter ends the line", "a hyphen does", "within words", "a line in Unicode"],
)
def test_hyphens_of_a_pdf_in_tcvn3(line: str, expected: str) -> None:
    """ "ư" and the hyphen share their code: where one completes a syllable it is the letter."""
    found = convert_pdf_line(line.replace("\u00ad\u00ad", "\u00ad"), TCVN3, lambda _: True)

    assert "".join(char for char, _ in found) == expected


def test_a_pdf_put_together_from_two_fonts() -> None:
    """Each line in the font of its letters: the parts of one file may come from several offices."""
    paper = Paper()
    paper.set_font("Deja", size=11)
    halves = [half for words in WORDS for half in (words[:63], words[63:])]
    for line in (*map(in_tcvn3, halves), "", *map(in_vni, halves), "", "Đoạn này ở bảng mã mới."):
        paper.cell(0, 6, line, new_x="LMARGIN", new_y="NEXT")

    content = read_pdf(paper.finished(), "a.pdf")

    expected = " ".join((*WORDS, *WORDS, "Đoạn này ở bảng mã mới."))
    assert " ".join(content.text.split()).lower() == expected.lower()


def test_letters_keep_their_places() -> None:
    """A letter of two characters stands where its first stood, so that its size and place are measured there."""
    assert convert_pdf_line("Töï do", VNI, lambda _: True) == [("T", 0), ("ự", 1), (" ", 3), ("d", 4), ("o", 5)]


@FONTS
@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "x-user-defined"])
def test_web_pages(old: Old, origin: str, charset: str) -> None:
    """Whatever encoding the page names, and with its letters as entities too."""
    page = old(html_of(WORDS, "Người nước ngoài").decode())
    page = page.replace("charset=utf-8", f"charset={charset}").replace("ñ", "&ntilde;")

    content = read_web_page(page.encode("utf-8" if charset == "utf-8" else "cp1252"), "a.html")

    paragraphs = [
        content.text[block.start : block.end] for block in content.outline.blocks if block.kind == "paragraph"
    ]
    assert [words.lower() for words in paragraphs[-2:]] == [words.lower() for words in WORDS]
    assert (content.outline.title.lower(), content.origin) == ("người nước ngoài", origin)


def test_a_web_page_of_two_fonts() -> None:
    """Each stretch in the font that it names, capitals of a font of capitals, and Unicode beside them."""
    page = (
        "<html><head><title>Quy định</title></head><body><article>"
        f"<p style=\"font-family:'.VnTime'\">{in_tcvn3(WORDS[0])}</p>"
        f"<p><font face='VNI-Times, serif'>{in_vni(WORDS[1])}</font></p>"
        f"<p><font face='.VnTimeH'>{in_tcvn3('công nghệ')}</font> và <b>đất đai</b> ở huyện đảo.</p>"
        "</article></body></html>"
    )

    content = read_web_page(page.encode(), "a.html")

    paragraphs = [content.text[block.start : block.end] for block in content.outline.blocks]
    assert paragraphs[-3:] == [WORDS[0], WORDS[1], "CÔNG NGHỆ và đất đai ở huyện đảo."]


def test_a_web_page_of_two_fonts_that_names_neither() -> None:
    """Style sheets apart, or a font in Unicode where the words are not: decided by the letters."""
    page = html_of([in_tcvn3(WORDS[0]), in_vni(WORDS[1]), "Đoạn này đã ở trong bảng mã mới."], "Quy").decode()

    content = read_web_page(page.replace("<p>", "<p style='font-family:Arial'>").encode(), "a.html")

    paragraphs = [content.text[block.start : block.end] for block in content.outline.blocks]
    assert paragraphs[-3:] == [WORDS[0], WORDS[1], "Đoạn này đã ở trong bảng mã mới."]


@pytest.mark.parametrize(
    "text",
    [
        "· one\n· two © 2024, 5 µm, § 7\n· three ± ½\n«quoted» ¹²³",
        "Le café de l'été, où l'élève préfère étudier à côté de l'école française.",
        "Cộng hòa xã hội chủ nghĩa Việt Nam\nlà có tài\nà á í",
        "Über die Straße für Männer; größere Öfen in Köln",
        "El niño comió el jamón en el cañón, según mañana y corazón.",
        "tài liệu" * 3,
    ],
    ids=["signs", "French", "Unicode", "German", "Spanish", "short"],
)
def test_nothing_else_is_converted(text: str) -> None:
    """Signs, other languages and Unicode stay what they are."""
    assert convert_legacy_font(text) == (text, "")


@pytest.mark.parametrize(
    ("name", "origin"),
    [(".VnTime", "tcvn3"), ("ABCDEF+.VnArialH", "tcvn3"), ("VNI-Times", "vni"), ("Vni Helve", "vni"), ("Verdana", "")],
)
def test_names_of_fonts(name: str, origin: str) -> None:
    """Those of TCVN3 begin with ".Vn", those of VNI with "VNI-"; inside a PDF a tag stands before."""
    legacy = legacy_font_named(name)

    assert (legacy.origin if legacy else "") == origin


def test_letters_that_a_printer_renamed_are_letters() -> None:
    """Acrobat Distiller writes "ư" as a minus and "ã" as a bullet; between numbers they are what they seem."""
    line = "N\u2212íc \u2212¬ng x\u2219 héi: 5 \u2212 3"

    converted = "".join(char for char, _ in convert_pdf_line(line, TCVN3, lambda _: True))

    assert converted == "Nước ương xã hội: 5 \u2212 3"


def test_a_line_of_two_fonts_is_converted_where_the_font_is_old() -> None:
    """The Unicode letters beside it stay."""
    line = "Nguồn: Vô kinh tÕ"

    converted = "".join(char for char, _ in convert_pdf_line(line, TCVN3, lambda place: place > 6))

    assert converted == "Nguồn: Vụ kinh tế"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("FBHPFN+VnTimeHBold", ".VnTimeH"),
        (".VnTime,Bold", ".VnTime"),
        ("CCBODP+.VnArial-BoldItalic", ".VnArial"),
        ("VNI-Times", "VNI-Times"),
        ("TimesNewRomanPSMT", "TimesNewRomanPSMT"),
    ],
)
def test_the_names_that_a_pdf_gives_its_fonts(name: str, expected: str) -> None:
    """Without the style, and with the dot that tells an old font."""
    assert plain_font_name(name) == expected
