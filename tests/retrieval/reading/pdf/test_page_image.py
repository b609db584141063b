"""
Pictures of pages: what is tinted is compared with where the test itself put the words, in millimetres.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageFont

from retrieval.errors import BrokenError, ExhaustedError
from retrieval.passage import split_document
from retrieval.reading.files.sidecar import Sidecar
from retrieval.reading.pdf.page_image import (
    MAX_ASPECT,
    MAX_IMAGES,
    MAX_PIXELS,
    MAX_SIDE,
    PageImage,
    PageRequest,
    draw_pages,
)
from retrieval.reading.pdf.reader import read_pdf
from retrieval.reading.sandbox.process import Sandbox
from tests.support.document_makers import FONTS, Paper
from tests.support.documents import document_of

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from retrieval.passage import Passage

_DPI = 150
_WIDTH, _HEIGHT = 210.0, 297.0  # millimetres: A4
_LETTERS = 2.0  # millimetres above the baseline that letters of 11 points surely reach
_OFF = 2.5  # millimetres beyond a line's baseline and sides that a mark never reaches, its accents being higher up

Line = tuple[float, float, str]  # millimetres from the left and from above to the baseline, words


FIRST = [
    (25, 60, "Phòng họp mở cửa lúc bảy giờ sáng và đóng cửa lúc năm giờ chiều của"),
    (25, 66, "mỗi ngày làm việc trong tuần."),
]
SECOND = [
    (25, 80, "Người đăng ký nhận chìa khóa ở Văn phòng, giữ gìn tài sản trong phòng"),
    (25, 86, "và trả lại chìa khóa ngay sau khi cuộc họp kết thúc trong ngày."),
]
THIRD = [(25, 100, "Bộ phận bảo vệ kiểm tra phòng họp vào lúc sáu giờ chiều hằng ngày.")]


def drawn(*pages: Sequence[Line], paper: Paper | None = None) -> bytes:
    """A PDF with these lines in their places."""
    paper = paper or Paper()
    paper.set_auto_page_break(auto=False)
    for number, lines in enumerate(pages):
        if number:
            paper.add_page()
        paper.set_font("Deja", size=11)
        for left, foot, words in lines:
            paper.text(left, foot, words)
    return paper.finished()


def words_of(lines: Sequence[Line]) -> str:
    return " ".join(words for _, _, words in lines)


def pictured(data: bytes, lines: Sequence[Line], first: int = 1, last: int = 1) -> list[PageImage]:
    return draw_pages(data, "a.pdf", PageRequest(words_of(lines), first, last))


def tints(picture: PageImage) -> np.ndarray:
    """(height, width) bool: which pixels are yellow; neither paper nor letters are."""
    pixels = np.asarray(Image.open(io.BytesIO(picture.png)), dtype=np.int16)
    return pixels[:, :, 0] - pixels[:, :, 2] > 60


def around(line: Line, *, off: float = 0.0) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of a line's letters in millimetres, `off` more on each side."""
    left, foot, words = line
    points = ImageFont.truetype(str(FONTS / "DejaVuSans.ttf"), 1100).getlength(words) / 100
    right = left + points * 25.4 / 72
    return left - off, foot - _LETTERS - 2 * off, right + off, foot + off


def share(yellow: np.ndarray, area: tuple[float, float, float, float]) -> float:
    """How much of an area in millimetres is yellow."""
    left, top, right, bottom = (round(each * _DPI / 25.4) for each in area)
    return float(yellow[top:bottom, left:right].mean())


def outside(yellow: np.ndarray, areas: Sequence[tuple[float, float, float, float]]) -> int:
    """How many pixels are yellow outside of these areas."""
    rest = yellow.copy()
    for area in areas:
        left, top, right, bottom = (round(each * _DPI / 25.4) for each in area)
        rest[top:bottom, left:right] = False
    return int(rest.sum())


def assert_marked(picture: PageImage, lines: Sequence[Line], turn: Callable = lambda *area: area) -> None:
    """The lines are tinted as far as they are paper, and nothing else is; `turn` says where an area came to stand."""
    yellow = tints(picture)
    assert picture.marked
    assert min(share(yellow, turn(*around(line))) for line in lines) > 0.5
    assert outside(yellow, [turn(*around(line, off=_OFF)) for line in lines]) == 0


def assert_unmarked(pictures: Sequence[PageImage], count: int = 1) -> None:
    assert [each.marked for each in pictures] == [False] * count
    assert not any(tints(each).any() for each in pictures)


def passage_of(data: bytes, opening: str) -> Passage:
    """The passage that the reader finds."""
    document = document_of(read_pdf(data, "a.pdf"), "a.pdf", sidecar=Sidecar(), sha256="")
    return next(each for each in split_document(document) if each.text.startswith(opening))


@pytest.mark.parametrize("lines", [FIRST, SECOND, THIRD])
def test_the_paragraphs_lines_are_tinted_and_no_others(lines: list[Line]) -> None:
    """Each of three paragraphs on one page."""
    data = drawn([*FIRST, *SECOND, *THIRD])

    (picture,) = pictured(data, lines)

    assert_marked(picture, lines)


def test_a_paragraph_goes_on_in_the_next_column() -> None:
    """Its tint does, and reaches neither into the other column nor into its neighbours."""
    left = [(20, 60 + 6 * n, f"Dòng thứ {n} của cột bên trái nói về") for n in range(20)]
    right = [(115, 60 + 6 * n, f"dòng thứ {n} của cột bên phải là") for n in range(20)]
    lines = [*left[18:], *right[:3]]

    (picture,) = pictured(drawn([*left, *right]), lines)

    assert_marked(picture, lines)


def test_a_word_that_was_divided_is_found() -> None:
    """The reader takes the hyphen out of the word, or leaves it."""
    elsewhere = (25, 80, "The organization is here and it was here before.")
    lines = [(25, 94, "Here is, at the end of a line of words, what they call The organi-"), (25, 100, "zation.")]
    data = drawn([*FIRST, elsewhere, *lines])
    passage = passage_of(data, "Here is")

    (picture,) = draw_pages(data, "a.pdf", PageRequest(passage.text, 1, 1))

    assert passage.text.endswith("The organization.")
    assert_marked(picture, lines)


def test_a_paragraph_over_two_pages_is_marked_on_both() -> None:
    """Without the header and the page number that stand between its parts."""
    top = [
        (25, 40 + 6 * n, f"Phần một có dòng thứ {n} nói về việc sử dụng phòng họp của cơ quan và") for n in range(38)
    ]
    next_top = [(25, 40, "phần hai nói về việc trả phòng."), (25, 60, "Đoạn khác.")]
    data = drawn(top, next_top, paper=Paper("Sổ tay nội bộ", "- {} -"))
    passage = passage_of(data, "Phần một")

    one, two = draw_pages(data, "a.pdf", PageRequest(passage.text, passage.page, passage.last_page))

    assert (passage.page, passage.last_page, one.page, two.page) == (1, 2, 1, 2)
    assert_marked(one, top)
    assert_marked(two, next_top[:1])


def test_a_paragraph_over_many_pages_is_shown_on_its_first() -> None:
    """So many as one may want to look at."""
    pages = [[(25, 60, f"Trang thứ {number} của một đoạn văn rất dài nói về")] for number in range(MAX_IMAGES + 2)]

    pictures = pictured(drawn(*pages), [line for page in pages for line in page], 1, MAX_IMAGES + 2)

    assert [picture.page for picture in pictures] == list(range(1, MAX_IMAGES + 1))
    assert all(picture.marked for picture in pictures)


def turned(data: bytes, degrees: int, crop: tuple[float, ...] = ()) -> bytes:
    """The file with its pages turned clockwise, and cropped to left, bottom, right, top in millimetres."""
    document = pypdfium2.PdfDocument(data)
    for page in document:
        page.set_rotation(degrees)
        if crop:
            page.set_cropbox(*(each * 72 / 25.4 for each in crop))
    written = io.BytesIO()
    document.save(written)
    document.close()
    return written.getvalue()


@pytest.mark.parametrize(
    ("degrees", "turn"),
    [
        (90, lambda left, top, right, bottom: (_HEIGHT - bottom, left, _HEIGHT - top, right)),
        (180, lambda left, top, right, bottom: (_WIDTH - right, _HEIGHT - bottom, _WIDTH - left, _HEIGHT - top)),
        (270, lambda left, top, right, bottom: (top, _WIDTH - right, bottom, _WIDTH - left)),
    ],
)
def test_a_turned_page_is_marked_where_it_shows_the_words(degrees: int, turn: Callable) -> None:
    """By the rules of turning a sheet of paper."""
    data = turned(drawn([*FIRST, *SECOND, *THIRD]), degrees)

    (picture,) = pictured(data, THIRD)

    assert_marked(picture, THIRD, turn)


def test_an_upright_text_on_a_turned_page_is_marked() -> None:
    """As a landscape page often is in a file: the words lie on their side, and the page is turned."""
    paper = Paper()
    paper.set_font("Deja", size=11)
    for left, foot, words in [*FIRST, *SECOND, *THIRD]:
        with paper.rotation(90, foot, _HEIGHT - left):
            paper.text(foot, _HEIGHT - left, words)

    (picture,) = pictured(turned(paper.finished(), 90), SECOND)

    assert_marked(picture, SECOND)


def test_a_page_is_marked_within_its_crop_box() -> None:
    """What is cut off moves the rest."""
    data = turned(drawn([*FIRST, *SECOND, *THIRD]), 0, crop=(10, _HEIGHT - 150, 200, _HEIGHT - 50))

    (picture,) = pictured(data, SECOND)

    assert_marked(picture, SECOND, lambda left, top, right, bottom: (left - 10, top - 50, right - 10, bottom - 50))


def test_what_was_cut_off_is_not_marked() -> None:
    """The words are in the file, and nobody can see them."""
    data = turned(drawn([*FIRST, *SECOND, *THIRD]), 0, crop=(10, _HEIGHT - 70, 200, _HEIGHT - 10))

    assert_unmarked(pictured(data, SECOND))


@pytest.mark.parametrize(
    "page",
    [
        pytest.param([*FIRST, *SECOND, *((left, foot + 40, words) for left, foot, words in SECOND)], id="twice"),
        pytest.param(FIRST, id="not there"),
        pytest.param([*FIRST, SECOND[0]], id="not all of it"),
        pytest.param([SECOND[1], *FIRST, SECOND[0]], id="in another order"),
        pytest.param([SECOND[0], *FIRST, SECOND[1]], id="with others between"),
        pytest.param([(25, 50, "1 " + SECOND[0][2]), (25, 56, SECOND[1][2]), *SECOND], id="once more as a note"),
    ],
)
def test_a_place_that_is_not_sure_is_not_marked(page: list[Line]) -> None:
    """The page is shown as it is."""
    assert_unmarked(pictured(drawn(page), SECOND))


def test_words_that_run_aslant_are_not_marked() -> None:
    """A box around them would cover others."""
    paper = Paper()
    paper.set_font("Deja", size=11)
    with paper.rotation(30, 100, 150):
        paper.text(60, 150, "Bản sao này chỉ để tham khảo nội bộ.")

    assert_unmarked(draw_pages(paper.finished(), "a.pdf", PageRequest("Bản sao này chỉ để tham khảo nội bộ.", 1, 1)))


@pytest.mark.parametrize("size", [(20_000, 20_000), (20_000, 30), (30, 20_000), (1, 1)])
def test_no_paper_makes_a_large_picture(size: tuple[int, int]) -> None:
    """Twenty metres by twenty, strips of it, and a crumb: within the limits of pixels and of shape."""
    paper = Paper()
    paper.set_auto_page_break(auto=False)
    paper.add_page(format=size)
    paper.set_font("Deja", size=1)
    paper.text(0.1, 0.5, "a")

    (picture,) = draw_pages(paper.finished(), "a.pdf", PageRequest("b", 2, 2))

    width, height = Image.open(io.BytesIO(picture.png)).size
    assert width * height <= MAX_PIXELS
    assert max(width, height) <= MAX_SIDE
    assert max(width, height) <= MAX_ASPECT * min(width, height)


def test_a_page_that_is_not_there_is_refused() -> None:
    """As one sentence with a remedy."""
    with pytest.raises(BrokenError, match=r"a\.pdf has 1, not 2 to 3"):
        pictured(drawn(FIRST), FIRST, 2, 3)


def test_the_process_draws_what_is_drawn_here() -> None:
    """The sandbox returns the same images and the same refusals."""
    data = drawn([*FIRST, *SECOND])
    with Sandbox() as sandbox:
        pictures = sandbox.draw(data, "a.pdf", PageRequest(words_of(FIRST), 1, 1))
        with pytest.raises(BrokenError, match=r"b\.pdf is damaged"):
            sandbox.draw(b"%PDF-1.7 nothing", "b.pdf", PageRequest("a", 1, 1))

    assert list(pictures) == pictured(data, FIRST)


def test_a_page_that_takes_too_long_is_given_up() -> None:
    """No time at all is too little for any."""
    with Sandbox(seconds=0.0) as sandbox, pytest.raises(ExhaustedError, match="0 seconds"):
        sandbox.draw(drawn(FIRST), "a.pdf", PageRequest("a", 1, 1))


def test_the_process_knows_no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The process that reads untrusted files does not get the bot's token."""
    monkeypatch.setenv("TRICHDAN_TOKEN", "781234:mat-khau")
    with Sandbox() as sandbox:
        sandbox.draw(drawn(FIRST), "a.pdf", PageRequest("a", 1, 1))
        told = Path(f"/proc/{sandbox._process.pid}/environ").read_bytes()

    assert b"PATH=" in told
    assert b"mat-khau" not in told
