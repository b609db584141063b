"""
Pages as JPEG, small enough for a page of HTML that holds many of them.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.Image import Image

_SCALE: Final = 110 / 72  # pixels per point: legible on a screen, 100 to 200 KB a page
_SIDE: Final = 1300  # pixels of the longer side of A4 at that scale
_QUALITY: Final = 60


def scale_of(width: float, height: float) -> float:
    """Pixels per point, reduced for large pages."""
    return min(_SCALE, _SIDE / max(1.0, width, height))


def jpeg_of(image: Image, degrees: int = 0) -> bytes:
    """The image turned clockwise, at most as large as a page."""
    turned = image.rotate(-degrees, expand=True) if degrees else image
    turned.thumbnail((_SIDE, _SIDE))
    written = io.BytesIO()
    turned.save(written, "JPEG", quality=_QUALITY, optimize=True)
    return written.getvalue()
