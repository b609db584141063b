"""Word documents: only what Word shows is read, all of it, and what is no text is named."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from retrieval.passage import split_document
from retrieval.reading.document import Content
from retrieval.reading.docx.reader import read_word
from retrieval.reading.files.sidecar import Sidecar
from tests.support.document_makers import saved, zip_of
from tests.support.documents import document_of

pytestmark = pytest.mark.slow

OFFICE = "application/vnd.openxmlformats"
PROSE = "Phòng họp mở cửa lúc bảy giờ sáng và đóng cửa lúc năm giờ chiều của mỗi ngày làm việc trong tuần."
N = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    }.items()
)


def body_of(xml: str, document: object | None = None) -> Content:
    """What is read of a body of this XML, in a document of python-docx or another."""
    document = document or docx.Document()
    for element in parse_xml(f"<w:body {N}>{xml}</w:body>"):
        document.element.body.insert(len(document.element.body) - 1, element)
    return read_word(saved(document), "a.docx")


def p(words: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{r(words)}</w:p>"


def r(words: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def lines(found: Content) -> list[str]:
    return found.text.split("\n\n")


def box(words: str) -> str:
    """A text box as Word stores it, twice."""
    inner = f"<w:txbxContent>{words}</w:txbxContent>"
    return (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp>"
        f"<wps:txbx>{inner}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def test_text_boxes_are_read_once_where_they_are_anchored() -> None:
    """Word's and those of before 2010, one in another, several at one paragraph, and in a cell."""
    inner = f"<w:txbxContent>{p('Ba')}</w:txbxContent>"
    old = f"<w:r><w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict></w:r>"
    outer = box(p("Một") + f"<w:p>{r('Hai')}{box(p('Trong hai'))}</w:p>")
    table = f"<w:tbl><w:tr><w:tc><w:p>{r('Ô')}{box(p('Hộp'))}</w:p></w:tc><w:tc>{p('2')}</w:tc></w:tr></w:tbl>"

    found = body_of(f"<w:p>{r('Trước')}{outer}{old}</w:p>{p('Sau')}{table}")

    assert lines(found) == ["Trước", "Một", "Hai", "Trong hai", "Ba", "Sau", "Ô Hộp | 2"]


def control(words: str, properties: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{words}</w:sdtContent></w:sdt>"


def test_content_controls_around_rows_cells_and_in_cells() -> None:
    """What they hold is the value; the prompt of one that nobody filled in is none, and neither is a picture."""
    cell = "<w:tc>{}</w:tc>".format
    rows = (
        f"<w:tr>{cell(p('Công suất'))}{cell(control(p('250 kVA')))}</w:tr>",
        f"<w:tr>{cell(p('Hãng'))}{control(cell(p('Sao Mai')))}</w:tr>",
        control(f"<w:tr>{cell(p('Nơi đặt'))}{cell(p('Tầng hầm'))}</w:tr>"),
        f"<w:tr>{cell(p('Ghi chú'))}{cell(control(p('Bấm để nhập'), '<w:showingPlcHdr/>'))}</w:tr>",
        f"<w:tr>{cell(p('Ảnh'))}{cell('<w:p><w:r><w:drawing/></w:r></w:p>')}</w:tr>",
    )

    found = body_of(f"<w:tbl>{''.join(rows)}</w:tbl>")

    expected = ["Công suất | 250 kVA", "Hãng | Sao Mai", "Nơi đặt | Tầng hầm", "Ghi chú | –", "Ảnh | […]"]
    assert lines(found) == expected


def test_hidden_and_struck_out_text_is_not_quoted() -> None:
    """By the run, by its style, by the paragraph's style; what a run says of itself counts more than its style."""
    document = docx.Document()
    document.styles.add_style("An", WD_STYLE_TYPE.CHARACTER).font.hidden = True
    document.styles.add_style("Bo", WD_STYLE_TYPE.PARAGRAPH).font.strike = True
    runs = [("Mức thưởng ", ""), ("ẩn ", "<w:vanish/>"), ("xóa ", "<w:strike/>"), ("xóa ", "<w:dstrike w:val='1'/>")]
    runs += [("ẩn ", "<w:rStyle w:val='An'/>"), ("là một ", "<w:rStyle w:val='An'/><w:vanish w:val='0'/>")]
    runs += [("tháng lương.", "<w:strike w:val='false'/>")]
    struck = p("Đã bỏ", "<w:pStyle w:val='Bo'/>")

    found = body_of(f"<w:p>{''.join(r(*run) for run in runs)}</w:p>{struck}", document)

    assert lines(found) == ["Mức thưởng là một tháng lương."]


def test_symbols_are_letters_of_unicode() -> None:
    """Also in the private area of a symbol font; a picture of Wingdings that means nothing is left out."""
    symbol = "<w:r><w:sym w:font='{}' w:char='{}'/></w:r>".format
    private = r("\uf0b3", "<w:rFonts w:ascii='Symbol' w:hAnsi='Symbol'/>")
    xml = f"{r('10 ')}{symbol('Symbol', 'F0A3')}{r(' x ')}{private}{r(' 2 ')}{symbol('Wingdings', 'F0FE')}"

    assert lines(body_of(f"<w:p>{xml}{symbol('Wingdings', 'F04A')}{symbol('Symbol', 'x')}</w:p>")) == ["10 ≤ x ≥ 2 ☑"]


def m(words: str) -> str:
    return f"<m:r><m:t>{words}</m:t></m:r>"


SUM = "<m:naryPr><m:chr m:val='∑'/></m:naryPr>"


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (f"{m('T=')}<m:f><m:num>{m('L×H')}</m:num><m:den>{m('12')}</m:den></m:f>", "T=(L×H)/12"),
        (f"<m:sSup><m:e>{m('x')}</m:e><m:sup>{m('2')}</m:sup></m:sSup>", "x²"),
        (f"<m:sSup><m:e>{m('a+b')}</m:e><m:sup>{m('n')}</m:sup></m:sSup>", "(a+b)^n"),
        (f"<m:sSubSup><m:e>{m('K')}</m:e><m:sub>{m('tc')}</m:sub><m:sup>{m('-1')}</m:sup></m:sSubSup>", "K_tc⁻¹"),
        (f"<m:rad><m:radPr/><m:deg/><m:e>{m('a+b')}</m:e></m:rad>", "√(a+b)"),
        (f"<m:rad><m:deg>{m('3')}</m:deg><m:e>{m('8')}</m:e></m:rad>", "³√(8)"),
        (
            f"<m:nary>{SUM}<m:sub>{m('i=1')}</m:sub><m:sup>{m('n')}</m:sup><m:e>{m('P')}</m:e></m:nary>",
            "∑_(i=1)^n P",
        ),
        (f"<m:d><m:dPr><m:begChr m:val='['/><m:endChr m:val=']'/></m:dPr><m:e>{m('a')}</m:e></m:d>", "[a]"),
        (f"<m:func><m:fName>{m('log')}</m:fName><m:e>{m('x')}</m:e></m:func>", "log x"),
        (f"<m:m><m:mr><m:e>{m('1')}</m:e><m:e>{m('0')}</m:e></m:mr><m:mr><m:e>{m('2')}</m:e></m:mr></m:m>", "[1 0; 2]"),
        (m("\U0001d465"), "x"),
    ],
)
def test_equations_are_linear_text(xml: str, expected: str) -> None:
    """As Word writes them in one line (Unicode Technical Note 28), in their place in the sentence."""
    found = body_of(f"<w:p>{r('Tính ')}<m:oMathPara><m:oMath>{xml}</m:oMath></m:oMathPara>{r('.')}</w:p>")

    assert lines(found) == [f"Tính {expected}."]


FIELD = "<w:r><w:fldChar w:fldCharType='{}'/></w:r>".format
INSTRUCTION = "<w:r><w:instrText>{}</w:instrText></w:r>".format


def test_tables_of_contents_are_no_text() -> None:
    """By their field, with the fields inside it, by their style, and typed; what stands behind the field stays."""
    document = docx.Document()
    document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
    number = f"{FIELD('begin')}{INSTRUCTION('PAGEREF x')}{FIELD('separate')}{r('3')}{FIELD('end')}"
    begun = f"{FIELD('begin')}{INSTRUCTION(' TO')}{INSTRUCTION('C ')}{FIELD('separate')}"
    listed = (
        f"<w:p>{begun}{r('Điều 1. Giờ')}{number}</w:p>{p('Điều 2. Phòng')}<w:p>{FIELD('end')}{r('Sau mục lục')}</w:p>"
    )
    styled = p("Điều 9. Hết 5", f'<w:pStyle w:val="{document.styles["toc 1"].style_id}"/>')
    typed = "".join(p(f"{number}. Phần {'.' * 30} {number + 2}") for number in range(1, 4))

    found = body_of(f"{p('MỤC LỤC')}{listed}{styled}{typed}{p('1. Phần')}{p(PROSE)}", document)

    assert lines(found) == ["Sau mục lục", "1. Phần", PROSE]


def test_a_line_of_dots_in_a_form_is_text() -> None:
    """One line is no table of contents, and neither are lines whose numbers fall."""
    xml = f"{p('Số người: ........ 12')}{p(PROSE)}{p('Số phòng ........ 9')}{p('Số ghế ........ 4')}"

    assert len(lines(body_of(xml))) == 4


def test_boxes_of_a_form_say_whether_they_are_ticked() -> None:
    """Old forms store it in the field, and the choice of a list too."""
    checked = "<w:ffData><w:checkBox><w:default w:val='0'/><w:checked/></w:checkBox></w:ffData>"
    unchecked = "<w:ffData><w:checkBox><w:default w:val='0'/></w:checkBox></w:ffData>"
    entries = "<w:listEntry w:val='Nam'/><w:listEntry w:val='Nữ'/>"
    chosen = f"<w:ffData><w:ddList><w:result w:val='1'/>{entries}</w:ddList></w:ffData>"
    field = "<w:r><w:fldChar w:fldCharType='begin'>{}</w:fldChar></w:r>".format

    found = body_of(f"<w:p>{field(checked)}{r(' Có ')}{field(unchecked)}{r(' Không, ')}{field(chosen)}</w:p>")

    assert lines(found) == ["☒ Có ☐ Không, Nữ"]


def test_what_is_no_text_is_named() -> None:
    """Charts, embedded objects, old equations, and pictures as large as a page; a photograph is none."""
    drawing = (
        "<w:p><w:r><w:drawing><wp:inline><wp:extent cx='{}' cy='{}'/>{}</wp:inline></w:drawing></w:r></w:p>".format
    )
    picture = "<a:graphic><a:graphicData><pic:pic/></a:graphicData></a:graphic>"
    chart = "<a:graphic><a:graphicData><c:chart/></a:graphicData></a:graphic>"
    thing = "<w:p><w:r><w:object><o:OLEObject ProgID='{}'/></w:object></w:r></w:p>".format
    xml = drawing(5400000, 8000000, picture) + drawing(3000000, 2000000, picture) + drawing(3000000, 2000000, chart)

    found = body_of(p(PROSE) + xml + thing("Excel.Sheet.12") + thing("Equation.3") + "<w:altChunk r:id='none'/>")

    assert {(unread.kind, unread.count) for unread in found.unread} == {
        ("picture", 1),
        ("chart", 1),
        ("embedded-object", 2),
        ("equation", 1),
    }


def test_a_frame_around_paragraphs_is_no_table() -> None:
    """A border around a text, also around articles, does not make rows of it."""
    cell = p("Điều 1. Giờ mở cửa") + p("1. Mở cửa lúc bảy giờ.") + p("Điều 2. Thi hành") + p("Ngay.")

    found = body_of(f"<w:tbl><w:tr><w:tc>{cell}</w:tc></w:tr></w:tbl>")

    document = document_of(found, "a.docx", sidecar=Sidecar(), sha256="")
    assert [passage.section for passage in split_document(document)] == [
        "Điều 1. Giờ mở cửa › Khoản 1",
        "Điều 2. Thi hành",
    ]


def test_a_soft_break_parts_numbered_parts() -> None:
    """Not the lines of one sentence."""
    line = "<w:r><w:br/></w:r>"
    xml = f"<w:p>{r('1. Phòng họp')}{line}{r('mở lúc bảy giờ;')}{line}{r('a) Bật đèn;')}{line}{r('2. Khóa cửa.')}</w:p>"

    assert lines(body_of(xml)) == ["1. Phòng họp mở lúc bảy giờ;", "a) Bật đèn;", "2. Khóa cửa."]


def embedded(kind: str, data: bytes) -> Content:
    """A document with such a file in the place of its second paragraph."""
    document = docx.Document()
    document.add_paragraph(PROSE)
    part = Part(PackURI("/word/chunk"), kind, data, document.part.package)
    name = document.part.relate_to(part, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk")
    return body_of(f"<w:altChunk r:id='{name}'/>{p('Hết.')}", document)


def test_embedded_files_are_read_in_their_place() -> None:
    """Pages, Word files, texts; what is none of them is named."""
    words = "Ô tô gửi ở bãi ngoài."
    page = f"<html><head><meta charset=utf-8></head><body><p>{words}</p></body></html>".encode()
    word = docx.Document()
    word.add_paragraph(words)
    kind = f"{OFFICE}-officedocument.wordprocessingml.document.main+xml"

    found = [embedded("text/html", page), embedded(kind, saved(word)), embedded("text/plain", words.encode())]

    assert [lines(one) for one in found] == [[PROSE, words, "Hết."]] * 3
    assert [one.unread for one in found] == [()] * 3
    assert [one.kind for one in embedded("application/rtf", b"{\\rtf1 x}").unread] == ["embedded-object"]


def test_a_word_file_that_embeds_itself_ends() -> None:
    """Each copy holds the one before it."""
    kind = f"{OFFICE}-officedocument.wordprocessingml.document.main+xml"
    document = docx.Document()
    document.add_paragraph(PROSE)
    for _ in range(6):
        part = Part(PackURI("/word/chunk.docx"), kind, saved(document), document.part.package)
        document = docx.Document()
        name = document.part.relate_to(
            part, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"
        )
        document.add_paragraph(PROSE)
        document.element.body.insert(1, parse_xml(f"<w:altChunk {N} r:id='{name}'/>"))

    assert lines(read_word(saved(document), "a.docx")) == [PROSE] * 3


def renamed(old: bytes, new: bytes) -> bytes:
    """An ordinary file, every part of it with one name replaced."""
    document = docx.Document()
    document.add_heading("Quy định giữ xe", 1)
    document.add_paragraph(PROSE)
    with zipfile.ZipFile(io.BytesIO(saved(document))) as archive:
        return zip_of({name: archive.read(name).replace(old, new) for name in archive.namelist()})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"openxmlformats-officedocument.wordprocessingml.document.main", b"ms-word.document.macroEnabled.main"),
        (b"wordprocessingml.document.main", b"wordprocessingml.template.main"),
        (
            b"openxmlformats-officedocument.wordprocessingml.document.main",
            b"ms-word.template.macroEnabledTemplate.main",
        ),
        (b"http://schemas.openxmlformats.org/wordprocessingml/2006/", b"http://purl.oclc.org/ooxml/wordprocessingml/"),
    ],
)
def test_other_kinds_of_word_files(old: bytes, new: bytes) -> None:
    """With macros, templates, and strict Office Open XML, whose names are others."""
    data = renamed(old, new)
    if b"purl" in new:
        name = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {each: archive.read(each) for each in archive.namelist()}
        strict = b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        data = zip_of({each: part.replace(name, strict) for each, part in parts.items()})

    found = read_word(data, "a.docx")

    assert [(block.kind, found.text[block.start : block.end]) for block in found.outline.blocks] == [
        ("heading", "Quy định giữ xe"),
        ("paragraph", PROSE),
    ]


def test_macros_are_named() -> None:
    """They are part of the file that nobody sees."""
    with zipfile.ZipFile(io.BytesIO(renamed(b"", b""))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}

    found = read_word(zip_of(parts | {"word/vbaProject.bin": b"x"}), "a.docm")

    assert [unread.kind for unread in found.unread] == ["macro"]
