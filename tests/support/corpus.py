"""A corpus folder and its index."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from embeddings import Encoder
from retrieval.index.build.summary import BuildSummary
from retrieval.index.opening import open_place
from retrieval.reading.corpus import walk
from tests.support.encoders import BagEncoder
from tests.support.silent_progress import SilentProgress

SEEDS = Path(__file__).parents[2] / "seeds"


@dataclass(frozen=True, slots=True)
class Home:
    """A corpus folder and its index, side by side, so that both may be copied elsewhere together."""

    corpus: Path
    index: Path


def text_of_file(path: Path) -> str:
    """What offsets count in: UTF-8 decoded, newlines as "\\n", NFC."""
    text = path.read_bytes().decode("utf-8-sig")
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def build_index(
    corpus: Path,
    index: Path,
    encoder: Encoder,
    *,
    model: str | None = None,
    rebuild: bool = False,
    admit: Callable[[str], None] = lambda _: None,
    bundled: Callable[[], Encoder] = BagEncoder,
) -> BuildSummary:
    """Indexes a folder; another model is compared with what `bundled` gives."""
    files = walk([corpus])
    progress = SilentProgress()
    return open_place(index).build(
        files,
        encoder,
        root=files.root,
        model=model,
        progress=progress,
        rebuild=rebuild,
        admit=admit,
        bundled=bundled,
    )
