"""
Pictures of pages: scanned PDF pages drawn in grey, and the frames of picture files.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from retrieval.errors import BrokenError, ScannedError, SizeError
from retrieval.reading.pdf.page import upright_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy import ndarray
    from PIL.Image import Image
    from pypdfium2 import PdfDocument

    from retrieval.reading.document import Content

SUFFIXES: Final = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff"})
MAX_PAGES: Final = 300
_FORMATS = ("PNG", "JPEG", "TIFF")
_DPI = 300  # what tesseract is trained for
_PLAUSIBLE = range(70, 1201)  # dots per inch; other values are a program's default, not the scanner's
_MOST_PIXELS = 40_000_000  # per page; A4 at 300 dpi has 9 million
_LARGEST = 200_000_000  # pixels of a file's frame: a larger one is a bomb


@dataclass(frozen=True, slots=True)
class Picture:
    """A page in grey (uint8, rows by columns), its height in points and its scale."""

    pixels: ndarray
    height: float
    scale: float  # pixels per point

    @property
    def dpi(self) -> int:
        """Dots per inch."""
        return round(72 * self.scale)

    def turned(self, degrees: int) -> Picture:
        """The picture turned clockwise by a multiple of 90 degrees."""
        import numpy as np

        pixels = np.ascontiguousarray(np.rot90(self.pixels, -degrees // 90))
        return Picture(pixels, pixels.shape[0] / self.scale, self.scale)


def read_picture(data: bytes, source: str) -> Content:
    """Refuse a picture file, whose text must be recognised first."""
    frame_count(data, source)
    raise ScannedError(
        f"a document holds its text as letters, {source} is a picture, a scanned page perhaps: recognise its text by "
        "`trichdan index --ocr`, or index the original document"
    )


def is_picture_file(source: str) -> bool:
    """Whether a file is a picture by its suffix."""
    return PurePath(source).suffix.lower() in SUFFIXES


def frame_count(data: bytes, source: str) -> int:
    """How many pages a picture file has."""
    with _opened(data, source) as image:
        count = getattr(image, "n_frames", 1)
    if count > MAX_PAGES:
        raise SizeError(f"a scan has at most {MAX_PAGES} pages, {source} has {count}: split it into several")
    return int(count)


def pictures_of_file(data: bytes, source: str, numbers: Iterable[int]) -> Iterator[tuple[int, Picture]]:
    """The frames at these indexes."""
    from PIL import ImageOps

    with _opened(data, source) as image:
        for number in numbers:
            try:
                image.seek(number)
                _check_size(image, source)
                frame = ImageOps.exif_transpose(image)
                yield number, _picture(frame, image.info.get("dpi", (_DPI,))[0])
            except (OSError, SyntaxError, ValueError, EOFError, TypeError) as error:
                raise _damage(source) from error


def pictures_of_pdf(document: PdfDocument, numbers: Iterable[int]) -> Iterator[tuple[int, Picture]]:
    """The pages at these indexes."""
    for number in numbers:
        with upright_page(document, number) as page:
            width, height = page.get_size()
            scale = min(_DPI / 72, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
            drawn = page.render(scale=scale, grayscale=True)
        pixels = drawn.to_numpy().reshape(drawn.height, -1)[:, : drawn.width]
        yield number, Picture(pixels, height, scale)


def _opened(data: bytes, source: str) -> Image:
    from PIL import Image, UnidentifiedImageError

    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise _damage(source) from error
    _check_size(image, source)
    return image


def _check_size(image: Image, source: str) -> None:
    if image.width * image.height > _LARGEST:
        raise SizeError(
            f"a scanned page has at most {_LARGEST:,} pixels, {source} has {image.width} x {image.height}: "
            "save it at 300 dpi"
        )


def _damage(source: str) -> BrokenError:
    return BrokenError(f"a picture is a whole PNG, JPEG or TIFF, {source} is damaged or something else: save it again")


def _picture(frame: Image, dpi: float) -> Picture:
    import numpy as np
    from PIL import Image

    if frame.has_transparency_data:
        frame = Image.alpha_composite(Image.new("RGBA", frame.size, "white"), frame.convert("RGBA"))
    scale = (dpi if round(dpi) in _PLAUSIBLE else _DPI) / 72
    height = frame.height / scale
    shrink = min(1.0, (_MOST_PIXELS / (frame.width * frame.height)) ** 0.5)
    grey = frame.convert("L")
    if shrink < 1:
        grey = grey.resize((max(1, int(frame.width * shrink)), max(1, int(frame.height * shrink))))
    return Picture(np.asarray(grey), height, scale * shrink)
