"""
Documents as an office writes them, with or without a mark of secrecy in one of the places where it stands.

The header follows Nghị định 30/2020/NĐ-CP, the places of the mark Thông tư 24/2020/TT-BCA. All contents are invented.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import docx
from docx.oxml import parse_xml

from tests.support.document_makers import Paper, saved

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

ORGAN = "BỘ THỦY SẢN\nCỤC HẢI ĐỒ"
STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n--------"
NUMBER = "Số: 15/BC-CHĐ"
PLACE_DATE = "Hải Thanh, ngày 3 tháng 5 năm 2031"
BODY = (
    "BÁO CÁO\nKết quả đo độ sâu sáu tháng đầu năm 2031\n\n"
    "Căn cứ kế hoạch đo đạc năm 2031, Cục báo cáo kết quả như sau:\n\n"
    "1. Đã đo 40 tuyến, dài 1.200 km, tại vùng biển phía Bắc.\n\n"
    "2. Kinh phí thực hiện là 3 tỷ đồng, bảo đảm bí mật nhà nước theo quy định.\n"
)


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMES = f'xmlns:w="{_WORD}" xmlns:v="urn:schemas-microsoft-com:vml"'


def report(mark: str = "", *, above: str = "", after_number: str = "") -> str:
    """A report as text: `mark` below the number, `above` everything, or behind the number in its line."""
    head = (above, ORGAN, STATE, f"{NUMBER}{after_number}", mark, PLACE_DATE)
    return "\n".join(filter(None, head)) + f"\n\n{BODY}"


def word_report(mark: str = "") -> WordDocument:
    """A report in Word: the header is a table without borders, the mark stands in its left cell."""
    document = docx.Document()
    table = document.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    left.text, right.text = "\n".join(filter(None, (ORGAN, NUMBER, mark))), f"{STATE}\n{PLACE_DATE}"
    for words in filter(None, BODY.split("\n")):
        document.add_paragraph(words)
    return document


def word_report_with_header(words: str, *, footer: str = "") -> bytes:
    """A report in Word without a mark in its text; `words` stand in the header of its pages."""
    document = word_report()
    document.sections[0].header.paragraphs[0].text = words
    document.sections[0].footer.paragraphs[0].text = footer
    return saved(document)


def word_report_with_watermark(words: str) -> bytes:
    """A report in Word with a watermark, which Word keeps as a drawing of its header."""
    document = word_report()
    drawing = (
        f'<w:r {_NAMES}><w:pict><v:shape id="w" type="#_x0000_t136" style="width:300pt;height:100pt;rotation:315">'
        f'<v:textpath style="font-family:&quot;Arial&quot;" string="{words}"/></v:shape></w:pict></w:r>'
    )
    document.sections[0].header.paragraphs[0]._p.append(parse_xml(drawing))
    return saved(document)


def word_report_with_text_box(words: str) -> bytes:
    """A report in Word whose mark is a text box, anchored at the first paragraph below the header."""
    document = word_report()
    box = (
        f'<w:r {_NAMES}><w:pict><v:shape id="b" type="#_x0000_t202" style="width:90pt;height:24pt"><v:textbox>'
        f"<w:txbxContent><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    document.paragraphs[0]._p.append(parse_xml(box))
    return saved(document)


def pdf_report(
    mark: str, *, x: float = 30, y: float = 45, size: float = 14, pages: int = 1, slanted: bool = False
) -> bytes:
    """A report in PDF with two columns above, and the mark in a frame at this place of every page, in millimetres."""
    paper = Paper()
    for page in range(pages):
        if page:
            paper.add_page()
        paper.set_font("Deja", "", 11)
        if not page:
            for place, column in ((15, f"{ORGAN}\n{NUMBER}"), (95, f"{STATE}\n{PLACE_DATE}")):
                for row, words in enumerate(column.split("\n")):
                    paper.text(place, 20 + 7 * row, words)
        paper.set_xy(15, 60)
        for words in filter(None, BODY.split("\n")):
            paper.write_paragraph(f"{words} ({page})" if page else words)
        paper.set_font("Deja", "B", size)
        if slanted:
            with paper.rotation(45, 100, 150):
                paper.text(70, 150, mark)
        elif mark:
            paper.rect(x - 3, y - 6, 30, 9)
            paper.text(x, y, mark)
    return paper.finished()


def pdf_with_stamp(words: str) -> bytes:
    """A report in PDF on which a viewer's stamp was put, which is an annotation."""
    paper = Paper()
    for line in filter(None, report().split("\n")):
        paper.write_paragraph(line)
    paper.free_text_annotation(words, x=30, y=40, w=40, h=10)
    return paper.finished()
