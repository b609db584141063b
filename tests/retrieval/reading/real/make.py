"""
Makes the files beside it from `statute.html`, `sheet.fods` and `slides.fodp`, with the `producers` that are installed.

    .venv/bin/python -m tests.retrieval.reading.real.make

They are kept so that machines without these programs read real files, too.
"""

from __future__ import annotations

import tempfile
from email.message import EmailMessage
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
    for source, suffix in (
        ("sheet.fods", ".xls"),
        ("sheet.fods", ".xlsx"),
        ("sheet.fods", ".ods"),
        ("slides.fodp", ".ppt"),
        ("slides.fodp", ".pptx"),
        ("slides.fodp", ".odp"),
        ("libreoffice-to-odt.odt", ".epub"),
    ):
        convert_with_libreoffice(HERE / source, HERE / f"libreoffice-to-{suffix[1:]}{suffix}")
    page_in_mail = EmailMessage()
    page_in_mail.add_related(page, "html")
    (HERE / "python-to-mhtml.mhtml").write_bytes(page_in_mail.as_bytes())
    message = EmailMessage()
    message["Subject"], message["From"] = "Quy chế phòng họp", "Văn phòng <vp@example.vn>"
    message.set_content((HERE / "statute.txt").read_text(encoding="utf-8"))
    (HERE / "python-to-eml.eml").write_bytes(message.as_bytes())


if __name__ == "__main__":
    main()
