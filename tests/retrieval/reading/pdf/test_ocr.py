"""Scanned pages: recognised where the operator allows it, marked, and left out where they cannot be read surely."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pypdfium2
import pytest
from fpdf import FPDF
from PIL import Image

from retrieval.errors import ExhaustedError, ScannedError
from retrieval.index.opening import open_place
from retrieval.reading.corpus import Refusal, walk
from retrieval.reading.document import OcrConfidence, Unread
from retrieval.reading.pdf.ocr import is_legible, lines_of_words, read_scan, words_of_table
from retrieval.reading.sandbox import process
from retrieval.reading.sandbox.messages import content_from_reply, reply_from_content
from retrieval.reading.sandbox.ocr_cache import OcrCache
from retrieval.reading.sandbox.process import Sandbox
from retrieval.retriever import Retriever
from tests.support.document_makers import Paper, pdf_of
from tests.support.encoders import BagEncoder
from tests.support.silent_progress import SilentProgress
from tests.support.waiting import until

pytestmark = pytest.mark.slow

COLUMNS = "level page_num block_num par_num line_num word_num left top width height conf text".split()
WORDS = "Điều 1. Đơn vị có 70 người, họp tại Hà Nội."


def table_of(*lines: str, confidence: float = 95) -> str:
    """What tesseract prints for lines below one another, in a block and a paragraph of their own."""
    rows = ["\t".join(COLUMNS), "1\t1\t0\t0\t0\t0\t0\t0\t2480\t3508\t-1\t"]
    for number, line in enumerate(lines, 1):
        rows.append(f"4\t1\t1\t1\t{number}\t0\t300\t{300 + 60 * number}\t1900\t40\t-1\t")
        for place, word in enumerate(line.split()):
            row = (5, 1, 1, 1, number, place + 1, 300 + 90 * place, 300 + 60 * number, 80, 40, confidence, word)
            rows.append("\t".join(map(str, row)))
    return "\n".join(rows) + "\n"


def scan_of(*pages: Image.Image) -> bytes:
    """A PDF of pictures."""
    paper = FPDF(unit="pt")
    for page in pages:
        paper.add_page(orientation="L" if page.width > page.height else "P")
        paper.image(page, 0, 0, paper.w, paper.h)
    return bytes(paper.output())


BLANK = Image.new("L", (60, 80), 255)


@pytest.fixture
def recogniser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """
    A program called tesseract that takes a picture and prints tables 1.tsv, 2.tsv … of this folder, one a call.

    It counts the calls there: the folder is the sandbox's scratch folder, too, or it could not write.
    """
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "tesseract"
    program.write_text(
        f"""#!/bin/sh
if [ "$1" = --list-langs ]; then echo vie; exit 0; fi
if [ "$1" = --version ]; then cat {folder}/version; exit 0; fi
case "$*" in *--psm*) cat {folder}/rotation; exit;; esac
cd {folder}
test "$(head -c 2)" = P5 || exit 1
cat > /dev/null
echo call >> calls
cat "$(wc -l < calls).tsv"
"""
    )
    program.chmod(0o755)
    (folder / "version").write_text("tesseract 5.3.0")
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    monkeypatch.setattr(process, "new_scratch_folder", lambda: folder)
    monkeypatch.setattr(process, "delete_scratch_folder", lambda _: None)
    return folder


def test_words_and_their_places() -> None:
    """Rows of words only, a quotation mark is a letter like any other, and pixels become points from below."""
    words = words_of_table(table_of('"Đơn vị', "họp."))

    lines = lines_of_words(words, 3, 842, 300 / 72)

    assert [(line.text, line.page) for line in lines] == [('"Đơn vị', 3), ("họp.", 3)]
    assert [round(line.baseline, 1) for line in lines] == [round(842 - y * 72 / 300, 1) for y in (400, 460)]
    assert (lines[0].left, round(lines[0].right, 1)) == (72, round((300 + 90 + 80) * 72 / 300, 1))


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (table_of(WORDS), True),
        (table_of("The annual report of the office"), True),
        (table_of(), True),
        (table_of(WORDS, confidence=40), False),
        (table_of("Đxiu wkj ơqk ttt mzx ưưk lkj"), False),
    ],
    ids=["Vietnamese", "English", "blank", "not sure", "no words"],
)
def test_what_can_be_read_surely(table: str, expected: bool) -> None:
    """Confidence alone does not tell: ornaments are recognised with great certainty, as no words."""
    assert is_legible(words_of_table(table)) == expected


def test_pages_are_marked_or_left_out(recogniser: Path) -> None:
    """The legible pages become the document, with their numbers; the others are named."""
    for number, table in enumerate((table_of(WORDS), table_of(WORDS, confidence=20), table_of("Hết.")), 1):
        (recogniser / f"{number}.tsv").write_text(table)

    content = read_scan(scan_of(BLANK, BLANK, BLANK), "a.pdf")

    assert (content.text, content.origin, content.unread) == (f"{WORDS}\n\nHết.", "ocr", (Unread("page", page=2),))
    assert {block.page for block in content.outline.blocks} == {1, 3}


def test_nothing_legible_is_refused(recogniser: Path) -> None:
    """A document of which no page can be read surely is not indexed; a program that fails reads no page."""
    (recogniser / "1.tsv").write_text(table_of(WORDS, confidence=20))

    with pytest.raises(ScannedError, match=r"none of the 2 of a\.pdf"):
        read_scan(scan_of(BLANK, BLANK), "a.pdf")


@pytest.mark.parametrize(
    ("says", "reason"),
    [("echo eng", "has no language 'vie'"), ("exit 1", "does not run"), (None, "not installed")],
)
def test_what_is_lacking_is_named(
    recogniser: Path, monkeypatch: pytest.MonkeyPatch, says: str | None, reason: str
) -> None:
    """The reason says which package to install."""
    if says is None:
        monkeypatch.setenv("PATH", str(recogniser.parent))
    else:
        (recogniser / "tesseract").write_text(f"#!/bin/sh\n{says}\n")

    with pytest.raises(ScannedError, match=rf"{reason}.*install tesseract-ocr and tesseract-ocr-vie"):
        read_scan(scan_of(BLANK), "a.pdf")


def test_only_where_allowed_and_only_once(recogniser: Path, tmp_path: Path) -> None:
    """Without leave a scan is refused and nothing is started; with it, the text is kept for the next time."""
    (recogniser / "1.tsv").write_text(table_of(WORDS))
    data = scan_of(BLANK)
    with Sandbox() as sandbox, pytest.raises(ScannedError, match="trichdan index --ocr"):
        sandbox.read(data, "a.pdf")
    assert not (recogniser / "calls").exists()

    with Sandbox(ocr_cache=OcrCache(tmp_path / "kept", runs_ocr=True)) as sandbox:
        found = [sandbox.read(data, "a.pdf").text for _ in range(2)]
        native = sandbox.read(pdf_of([WORDS, "Hết chương một."]), "b.pdf")

    assert found == [WORDS, WORDS]
    assert native.origin == ""
    assert (recogniser / "calls").read_text().count("call") == 1


@pytest.mark.parametrize("kept", ["[]", '{"content": {"text": "của bản trước"}}', '{"con'])
def test_what_was_kept_by_another_version_is_recognised_anew(recogniser: Path, tmp_path: Path, kept: str) -> None:
    """A kept text that cannot be used, damaged or without what is said of texts now, does not end the build."""
    for number in (1, 2):
        (recogniser / f"{number}.tsv").write_text(table_of(WORDS))
    data = scan_of(BLANK)
    with Sandbox(ocr_cache=OcrCache(tmp_path / "kept", runs_ocr=True)) as sandbox:
        sandbox.read(data, "a.pdf")
        (file,) = (tmp_path / "kept").iterdir()
        file.write_text(kept)

        again = sandbox.read(data, "a.pdf")

    assert again.text == WORDS
    assert WORDS.rsplit(maxsplit=1)[-1] in json.loads(file.read_text())["pages"]["1"]["table"]


def test_a_recognised_document_is_quoted_and_survives_a_build_without_leave(
    recogniser: Path, tmp_path: Path, folder: Path, encoder: BagEncoder
) -> None:
    """The quote says that it was recognised; the bot's own rebuild, which may not recognise, takes nothing away."""
    (recogniser / "1.tsv").write_text(table_of(WORDS))
    (folder / "a.pdf").write_bytes(scan_of(BLANK))
    (folder / "b.txt").write_text("Thông báo\n\nNghỉ lễ.", encoding="utf-8")
    for ocr_cache in (OcrCache(tmp_path / "kept", runs_ocr=True), None):
        corpus = walk([folder], ocr_cache=ocr_cache)
        summary = open_place(tmp_path / "index").build(
            corpus, encoder, root=folder, model=None, progress=SilentProgress()
        )

    (hit, *_) = Retriever(tmp_path / "index", encoder).ask("Đơn vị có 70 người").hits

    assert (summary.built, summary.retained) == (False, ("a.pdf",))
    assert (hit.quote.text, hit.quote.citation.line.split(" · ")[-1]) == (WORDS, "nhận dạng từ ảnh")


def test_a_renamed_scan_stays_in_the_answers_without_leave(
    recogniser: Path, tmp_path: Path, folder: Path, encoder: BagEncoder
) -> None:
    """What was recognised belongs to the bytes, not to the name: a build that may not recognise finds it again."""
    (recogniser / "1.tsv").write_text(table_of(WORDS))
    (folder / "a.pdf").write_bytes(scan_of(BLANK))
    for runs_ocr, name in ((True, "a.pdf"), (False, "b.pdf")):
        corpus = walk([folder], ocr_cache=OcrCache(tmp_path / "kept", runs_ocr=runs_ocr))
        summary = open_place(tmp_path / "index").build(
            corpus, encoder, root=folder, model=None, progress=SilentProgress()
        )
        (folder / name).rename(folder / "b.pdf")

    (hit, *_) = Retriever(tmp_path / "index", encoder).ask("Đơn vị có 70 người").hits

    assert (summary.renamed, summary.retained, summary.refused) == (("b.pdf",), (), ())
    assert (hit.quote.text, hit.quote.citation.source) == (WORDS, "b.pdf")


def test_texts_that_nobody_asks_for_are_forgotten_in_time(recogniser: Path, tmp_path: Path, folder: Path) -> None:
    """A reading keeps what is used, and what was used this month: a drive that is away costs no recognition."""
    kept, days = tmp_path / "kept", 24 * 3600
    for number, name in enumerate(("used", "away", "gone"), 1):
        (recogniser / f"{number}.tsv").write_text(table_of(f"{WORDS} {name}."))
        (folder / f"{name}.pdf").write_bytes(scan_of(Image.new("L", (60 + number, 80), 255)))
    texts = {path.stem: path.read_bytes() for path in folder.glob("*.pdf")}
    list(walk([folder], ocr_cache=OcrCache(kept, runs_ocr=True)))
    places = {name: kept / f"{hashlib.sha256(data).hexdigest()}.json" for name, data in texts.items()}
    for name, age in (("used", 40), ("away", 29), ("gone", 31)):
        os.utime(places[name], times=(time.time() - age * days,) * 2)
    for name in ("away", "gone"):
        (folder / f"{name}.pdf").unlink()

    list(walk([folder], ocr_cache=OcrCache(kept, runs_ocr=False)))

    assert {name for name, place in places.items() if place.exists()} == {"used", "away"}


def test_scanned_pages_are_put_between_the_others(recogniser: Path) -> None:
    """The text pages are read from the file, and only the scan is recognised."""
    (recogniser / "1.tsv").write_text(table_of(WORDS))
    paper = Paper()
    paper.write_paragraph(f"{WORDS} Trang đầu.")
    paper.add_page()
    paper.image(BLANK, 0, 0, paper.w, paper.h)
    paper.add_page()
    paper.write_paragraph(f"{WORDS} Trang cuối.")

    content = read_scan(paper.finished(), "a.pdf")

    assert content.text.split("\n\n") == [f"{WORDS} Trang đầu.", WORDS, f"{WORDS} Trang cuối."]
    assert [block.page for block in content.outline.blocks] == [1, 2, 3]
    assert (recogniser / "calls").read_text().count("call") == 1


def test_scanned_pages_that_cannot_be_recognised_stay_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the program the other pages are read all the same."""
    monkeypatch.setenv("PATH", str(tmp_path))
    paper = Paper()
    paper.write_paragraph(WORDS)
    paper.add_page()
    paper.image(BLANK, 0, 0, paper.w, paper.h)

    with Sandbox(ocr_cache=OcrCache(tmp_path / "kept", runs_ocr=True)) as sandbox:
        content = sandbox.read(paper.finished(), "a.pdf")

    assert (content.text, content.unread) == (WORDS, (Unread("page", page=2),))


def test_a_page_that_lies_on_its_side_is_turned(recogniser: Path) -> None:
    """Where it is legible only then."""
    (recogniser / "rotation").write_text("Rotate: 90\n")
    for number, table in enumerate((table_of(WORDS, confidence=20), table_of(WORDS)), 1):
        (recogniser / f"{number}.tsv").write_text(table)

    content = read_scan(scan_of(BLANK), "a.pdf")

    assert (content.text, content.unread) == (WORDS, ())


def test_a_new_tesseract_recognises_anew_where_it_may(recogniser: Path, tmp_path: Path) -> None:
    """What the old one said is used as long as nobody may run the new one."""
    for number, words in ((1, WORDS), (2, f"{WORDS} Bản mới.")):
        (recogniser / f"{number}.tsv").write_text(table_of(words))
    found = []
    data = scan_of(BLANK)
    for version, runs_ocr in (("5.3.0", True), ("5.4.0", False), ("5.4.0", True), ("5.4.0", True)):
        (recogniser / "version").write_text(f"tesseract {version}")
        with Sandbox(ocr_cache=OcrCache(tmp_path / "kept", runs_ocr=runs_ocr)) as sandbox:
            found.append(sandbox.read(data, "a.pdf").text)

    assert found == [WORDS, WORDS, f"{WORDS} Bản mới.", f"{WORDS} Bản mới."]
    assert (recogniser / "calls").read_text().count("call") == 2


def test_every_picture_of_a_file_is_a_page(recogniser: Path, tmp_path: Path) -> None:
    """A TIFF has as many pages as pictures."""
    for number, words in ((1, WORDS), (2, "Trang hai.")):
        (recogniser / f"{number}.tsv").write_text(table_of(words))
    buffer = io.BytesIO()
    BLANK.save(buffer, "TIFF", save_all=True, append_images=[BLANK])

    with Sandbox(ocr_cache=OcrCache(tmp_path / "kept", runs_ocr=True)) as sandbox:
        content = sandbox.read(buffer.getvalue(), "a.tif")

    assert [(block.page, content.text[block.start : block.end]) for block in content.outline.blocks] == [
        (1, WORDS),
        (2, "Trang hai."),
    ]


def test_a_recogniser_that_hangs_is_ended(recogniser: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is refused in time, and nothing of the recogniser is left running."""
    program = recogniser / "tesseract"
    program.write_text(
        f"#!/bin/sh\nif [ $1 = --list-langs ]; then echo vie; exit; fi\necho $$ > {recogniser}/pid\nexec sleep 3600\n"
    )
    for seconds in (5, 20, 80):  # until the recogniser had the time to begin
        monkeypatch.setattr("retrieval.reading.sandbox.process._RECOGNITION_SECONDS", float(seconds))
        with (
            Sandbox(ocr_cache=OcrCache(tmp_path / "kept", runs_ocr=True)) as sandbox,
            pytest.raises(ExhaustedError, match=rf"within {seconds} seconds"),
        ):
            sandbox.read(scan_of(BLANK), "a.pdf")
        if (recogniser / "pid").exists():
            break

    pid = int((recogniser / "pid").read_text())
    assert is_over(pid)
    assert not (tmp_path / "kept").exists()


def test_a_recogniser_does_not_outlive_who_asked(recogniser: Path, tmp_path: Path) -> None:
    """Killed in the middle of a file, an indexing process leaves neither its reader nor the recogniser running."""
    (recogniser / "tesseract").write_text(
        "#!/bin/sh\nif [ $1 = --list-langs ]; then echo vie; exit; fi\n"
        "echo $$ > $TMPDIR/.pid; mv $TMPDIR/.pid $TMPDIR/pid\nexec sleep 3600\n"
    )
    (tmp_path / "a.pdf").write_bytes(scan_of(BLANK))
    reads = (
        "import pathlib, sys; from retrieval.reading.sandbox.ocr_cache import OcrCache\n"
        "from retrieval.reading.sandbox.process import Sandbox; folder = pathlib.Path(sys.argv[1])\n"
        "Sandbox(ocr_cache=OcrCache(folder / 'kept', runs_ocr=True)).read((folder / 'a.pdf').read_bytes(), 'a.pdf')"
    )
    (tmp_path / "scratch").mkdir()
    environment = {**os.environ, "TMPDIR": str(tmp_path / "scratch")}
    asking = subprocess.Popen([sys.executable, "-c", reads, str(tmp_path)], env=environment)
    while asking.poll() is None and not (found := list(tmp_path.glob("scratch/*/pid"))):
        time.sleep(0.05)
    pid = int(found[0].read_text())
    asking.kill()
    asking.wait()

    assert is_over(pid)


def is_over(pid: int) -> bool:
    """Waits until a process has ended."""

    def has_ended() -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        return False

    return until(has_ended)


def has_vietnamese() -> bool:
    """Whether tesseract and its Vietnamese data are installed here."""
    if shutil.which("tesseract") is None:
        return False
    told = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False)  # noqa: S607
    return "vie" in told.stdout.split()


@pytest.mark.skipif(not has_vietnamese(), reason="tesseract with the language vie is not installed")
@pytest.mark.parametrize("turned", [0, 90, 180])
def test_a_real_page(tmp_path: Path, turned: int) -> None:
    """Clean print at 200 dpi, a word in a hundred wrong at most, however the paper lay in the scanner."""
    words = [f"{WORDS} Bộ Quốc phòng tổ chức hội nghị tổng kết công tác đối ngoại quốc phòng năm 2022."] * 3
    document = pypdfium2.PdfDocument(pdf_of(words))
    picture = document[0].render(scale=200 / 72, grayscale=True).to_pil()
    document.close()
    (tmp_path / "a.pdf").write_bytes(scan_of(picture.rotate(turned, expand=True)))

    (entry,) = walk([tmp_path], ocr_cache=OcrCache(tmp_path / "kept", runs_ocr=True))

    assert not isinstance(entry, Refusal)
    assert " ".join(entry.text.split()) == " ".join(words)


def test_the_confidence_of_quoted_pages_is_told(recogniser: Path) -> None:
    """The mean over the letters of the pages that are quoted, and the lowest of them; a page left out has none."""
    tables = (table_of(WORDS, confidence=90), table_of(WORDS, confidence=20), table_of(WORDS, confidence=70))
    for number, table in enumerate(tables, 1):
        (recogniser / f"{number}.tsv").write_text(table)

    content = read_scan(scan_of(BLANK, BLANK, BLANK), "a.pdf")

    assert content.ocr_confidence == OcrConfidence(mean=80.0, lowest=70.0, page=3)


def test_the_confidence_survives_the_sandbox_and_is_asked_of_nothing_older(recogniser: Path) -> None:
    """It is in the reply; a reply that was stored before it was measured has none."""
    (recogniser / "1.tsv").write_text(table_of(WORDS, confidence=90))
    reply = reply_from_content(read_scan(scan_of(BLANK), "a.pdf"))

    found = content_from_reply(reply)
    del reply["content"]["ocr_confidence"]
    older = content_from_reply(reply)

    assert (found.ocr_confidence, older.ocr_confidence) == (OcrConfidence(90.0, 90.0, 1), None)
