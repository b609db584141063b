"""
Makes the files beside it from `statute.html`, `sheet.fods` and `slides.fodp`, with the `producers` that are installed.

    .venv/bin/python -m tests.retrieval.reading.real.make

They are kept so that machines without these programs read real files, too.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.benchmarks.producers import PRODUCERS, convert_with_libreoffice

HERE = Path(__file__).parent


def main() -> None:
    """Writes one file for each program."""
    page = (HERE / "statute.html").read_text(encoding="utf-8")
    for producer in PRODUCERS:
        with tempfile.TemporaryDirectory() as folder:
            producer.write({"statute": page}, Path(folder))
            made = Path(folder) / f"statute{producer.suffix}"
            (HERE / f"{producer.name.lower().replace(' ', '-')}{producer.suffix}").write_bytes(made.read_bytes())
    for source, suffix in (("sheet.fods", ".xls"), ("slides.fodp", ".ppt")):
        convert_with_libreoffice(HERE / source, HERE / f"libreoffice-to-{suffix[1:]}{suffix}")


if __name__ == "__main__":
    main()
