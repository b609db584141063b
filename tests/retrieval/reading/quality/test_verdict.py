"""The verdict: real documents are good, damaged ones are not, and each fault has its name."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.language.spelling import fold
from retrieval.reading.corpus import Refusal
from retrieval.reading.document import OcrConfidence
from retrieval.reading.files.sidecar import Sidecar
from retrieval.reading.quality.near_duplicates import DuplicateDetector
from retrieval.reading.quality.spacing import broken_words
from retrieval.reading.quality.verdict import Verdict, verdict_of, verdict_of_refusal
from retrieval.reading.reader import read_markdown, read_plain_text
from tests.retrieval.reading.test_seeds import NAMES, SEEDS, seed
from tests.support.documents import document_of
from tests.support.legacy_fonts import in_tcvn3

WHOLE = Sidecar(title="Một tên", published=seed("003").published)
LONG = " ".join(seed("003").text.split())
ENGLISH = "The ministry of defence has signed an agreement with this country for the training of its officers. " * 3
FAULTS = {"letters", "spacing", "strange", "short"}


def judged(
    text: str, copies: DuplicateDetector | None = None, name: str = "a.txt", sidecar: Sidecar = WHOLE
) -> Verdict:
    """The verdict on a text file."""
    content = read_plain_text(text.encode(), name)
    return verdict_of(document_of(content, name, sidecar=sidecar, sha256=text), copies or DuplicateDetector())


@pytest.mark.parametrize("number", NAMES)
def test_the_seeds_are_sound(number: str) -> None:
    """No fault is found in them, and nearly every word is a syllable."""
    verdict = verdict_of(seed(number), DuplicateDetector())

    assert FAULTS.isdisjoint(verdict.problems)
    assert verdict.syllables > 0.95
    assert verdict.broken < 0.002


def test_what_the_seeds_do_not_say() -> None:
    """One has neither title nor date, one has both."""
    assert verdict_of(seed("000"), DuplicateDetector()).problems == ("no-title", "no-date")
    assert verdict_of(seed("003"), DuplicateDetector()).level == "good"


@pytest.mark.parametrize("text", [ENGLISH, fold(LONG), f"{ENGLISH} {LONG[:900]}"], ids=["English", "bare", "both"])
def test_english_and_bare_words_are_not_condemned(text: str) -> None:
    """What has no marks, or is in English, is as good as anything."""
    assert judged(text).level == "good"


@pytest.mark.parametrize(
    ("text", "problem", "level"),
    [
        (LONG.encode().decode("cp437"), "letters", "unusable"),
        (in_tcvn3(LONG).replace("®", "x").replace("\u00ad", "q").replace("¸", "w"), "letters", "unusable"),
        ("Сотрудничество в области обороны семи стран и один договор " * 5, "letters", "unusable"),
        (re.sub(r"(\w)(\w)\b", r"\1 \2", LONG), "spacing", "unusable"),
        (" ".join(LONG[:3000]), "spacing", "unusable"),
        (re.sub(r"(\w) (\w+ \w+ \w+ \w)", r"\1\2", LONG), "spacing", "check"),
        (LONG + " \ue000" * 8, "strange", "check"),
        (LONG[:400] + "\ufffd" * 50, "strange", "unusable"),
        ("Đơn vị có 70 người.", "short", "check"),
    ],
    ids=["UTF-8 read as DOS text", "damaged TCVN3", "Russian", "split", "letter-spaced", "run together",
         "private use", "replacements", "short"],
)  # fmt: skip
def test_faults_have_names(text: str, problem: str, level: str) -> None:
    """A spoilt text is named for what is wrong with it."""
    verdict = judged(text)

    assert problem in verdict.problems
    assert verdict.level == level


def test_a_conversion_is_said_and_is_no_fault() -> None:
    """What was surely converted is good."""
    verdict = judged(in_tcvn3(LONG))

    assert (verdict.level, verdict.problems, verdict.origin) == ("good", ("converted",), "tcvn3")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Đ iều 5 quy định", 1),
        ("ĐIỀ U KHO ẢN", 1),
        ("Cộnghòaxãhội chủ nghĩa", 1),
        ("C Ộ N G  H Ò A", 7),
        ("ý ở đó, a, b và c) Ô Y Tế", 0),
        ("Nam Xu-đăng, BQP, Đ/c Ân, TP. Hà Nội, ông Ê Ban", 0),
        ("điểm a, b và c khoản 1; hạ t", 1),
        ("he is a tr ue man in g", 0),
    ],
)
def test_words_in_pieces(text: str, count: int) -> None:
    """Counted are pieces that only together are a syllable, and words that only apart are some; "ẢN" is one itself."""
    assert broken_words(text) == count


def test_copies_are_named_by_how_like_they_are() -> None:
    """The same bytes, the same words, nearly the same; the first of them is the original, another text is none."""
    copies = DuplicateDetector()
    texts = {
        "a.txt": LONG,
        "b.txt": LONG,
        "c.txt": LONG.replace(". ", ".  "),
        "d.txt": f"Hà Nội (TTXVN) - {LONG} Theo báo.",
        "e.txt": " ".join(seed("001").text.split()),
    }

    found = {name: judged(text, copies, name) for name, text in texts.items()}

    assert {name: (verdict.problems, verdict.copy_of) for name, verdict in found.items()} == {
        "a.txt": ((), ""),
        "b.txt": (("same-bytes",), "a.txt"),
        "c.txt": (("same-text",), "a.txt"),
        "d.txt": (("near-copy",), "a.txt"),
        "e.txt": ((), ""),
    }


@pytest.mark.parametrize(
    ("text", "untitled"), [("# Quy chế\n\nMột đoạn văn.", False), ("Một đoạn văn không có tên.", True)]
)
def test_a_title_is_a_heading(text: str, untitled: bool) -> None:
    """A document that is named by its first words has no title of its own."""
    document = document_of(read_markdown(text.encode(), "a.md"), "a.md", sidecar=Sidecar(), sha256="")

    assert ("no-title" in verdict_of(document, DuplicateDetector()).problems) == untitled


def test_a_refusal_keeps_its_reason() -> None:
    """What could not be read is listed, with what the index still has of it."""
    verdict = verdict_of_refusal(Refusal("a.pdf", "a PDF is whole"), kept=True)

    assert (verdict.level, verdict.problems, verdict.reason) == ("unusable", ("refused", "kept"), "a PDF is whole")


def test_the_seeds_are_where_they_are_looked_for() -> None:
    """The other tests read something."""
    assert all(Path(SEEDS / name).is_file() for name in NAMES.values())


@pytest.mark.parametrize(("lowest", "problems"), [(91.0, ("ocr",)), (67.0, ("ocr", "unsure"))])
def test_a_page_that_was_recognised_badly_is_named(lowest: float, problems: tuple[str, ...]) -> None:
    """A recognised document is looked at in any case; of a bad page the report says so."""
    content = replace(
        read_plain_text(LONG.encode(), "a.txt"), origin="ocr", ocr_confidence=OcrConfidence(93.0, lowest, 2)
    )

    verdict = verdict_of(document_of(content, "a.txt", sidecar=WHOLE, sha256=LONG), DuplicateDetector())

    assert (verdict.level, verdict.problems) == ("check", problems)
