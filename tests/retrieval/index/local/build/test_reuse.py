"""An index that was brought up to date says to the letter what one says that was built from nothing."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval.index.local.build import reuse
from retrieval.index.local.dense.channel import DenseChannel
from retrieval.index.local.dense.token_vectors import TokenChannel
from retrieval.index.local.generations import generation
from retrieval.index.local.lexical.channel import LexicalChannel
from retrieval.index.local.storage import abbreviations
from retrieval.index.scoring.field_query import FIELDS, FieldQuery
from retrieval.index.scoring.search_plan import SearchPlan
from retrieval.language.analyzer import analyze
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder

pytestmark = pytest.mark.slow

LINES = (
    "Đơn vị có 70 người, do lực lượng gìn giữ hòa bình (GGHB) quản lý.",
    "Nghỉ phép hai ngày theo Nghị định số 104/2012/NĐ-CP.",
    "Họp tại Hà Nội ngày 29/7/2022. Đường sắt Bắc Nam. Ông Dương chủ trì.",
    "Thư viện mở cửa lúc 7 giờ; thư viện đóng cửa lúc 17 giờ.",
    "Bộ Quốc phòng (BQP) ban hành quy chế. " + "Cơ quan báo cáo hằng quý. " * 30,
    "Quân ủy Trung ương (QUTW) họp tháng 8/2022.",
)
QUESTIONS = ("đường sắt", "nghỉ phép 104/2012", "thu vien mo cua", "quốc phòng ngày 29/7/2022")


def random_text(dice: random.Random) -> str:
    """A title and one to four paragraphs, some of which stand in several documents."""
    return "\n\n".join([dice.choice(("Quy chế", "Thông báo", "Tin tức")), *dice.choices(LINES, k=dice.randint(1, 4))])


def changed(corpus: Path, dice: random.Random) -> None:
    """One file less, one with another name, one with other words, one with another title, one or two more."""
    files = sorted(corpus.rglob("*.txt"))
    gone, moved, edited, named = dice.sample(files, 4)
    gone.unlink()
    moved.rename(moved.with_stem(f"{moved.stem}-moi"))
    edited.write_text(f"{edited.read_text(encoding='utf-8')}\n\nSố {dice.randint(100, 999)}.", encoding="utf-8")
    named.with_suffix(".meta.toml").write_text(f'title = "Tên {dice.randint(100, 999)}"', encoding="utf-8")
    for number in range(dice.randint(1, 2)):
        folder = corpus / dice.choice(("", "quy-che", "tin"))
        (folder / f"{dice.randint(0, 99):02}-{number}.txt").write_text(random_text(dice), encoding="utf-8")


def table(path: Path, name: str) -> list[tuple[Any, ...]]:
    """Everything in a table."""
    with closing(sqlite3.connect(path)) as db:
        return db.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608 - the tests' own names


def told(folder: Path) -> dict[str, Any]:
    """Everything that a generation says, whatever its files look like."""
    dense, tokens = DenseChannel.open(folder, generation.read_manifest(folder).search), TokenChannel.open(folder)
    lexical = LexicalChannel.open(folder)
    passages = table(folder / "store.sqlite", "passages")
    rows = np.arange(len(passages))
    asked = {(field, text): FieldQuery(analyze(text).folded) for field in FIELDS for text in QUESTIONS}
    return {
        "documents": table(folder / "store.sqlite", "documents"),
        "passages": passages,
        "syllables": table(folder / "vocabulary.sqlite", "syllables"),
        "pairs": table(folder / "vocabulary.sqlite", "pairs"),
        "abbreviations": abbreviations.read(folder),
        "defining": abbreviations.defining_rows(folder).tolist(),
        "windows": dense.counts(rows).tolist(),
        "vectors": dense.vectors_of(rows).tolist(),
        "tokens": [tokens.codes_of(row).tolist() for row in rows],
        "terms": lexical.stored_terms(rows.tolist()),
        "scores": {key: list(lexical.search(key[0], words, 50).items()) for key, words in asked.items()},
    }


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Sixteen documents in the root and two collections."""
    corpus, dice = tmp_path / "corpus", random.Random(5)  # noqa: S311 - a seed, no secret
    for folder in ("", "quy-che", "tin"):
        (corpus / folder).mkdir(parents=True, exist_ok=True)
    for number in range(16):
        path = corpus / ("", "quy-che", "tin")[number % 3] / f"{number:02}.txt"
        path.write_text(random_text(dice), encoding="utf-8")
    return corpus


def taken_over(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many passages each build from now on takes over; the list grows with them."""
    counts: list[int] = []
    found = reuse.find_reuse

    def counted(*arguments: Any) -> reuse.Reuse | None:
        taken = found(*arguments)
        counts.append(0 if taken is None else int((taken.rows >= 0).sum()))
        return taken

    monkeypatch.setattr("retrieval.index.local.build.build.find_reuse", counted)
    return counts


@pytest.mark.parametrize("seed", range(2))
def test_an_index_brought_up_to_date_says_what_a_new_one_says(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """After each of some random changes: every row, count, term, vector, code and score is that of a new index."""
    dice, counts = random.Random(seed), taken_over(monkeypatch)  # noqa: S311 - a seed, no secret
    updated, anew = tmp_path / "updated", tmp_path / "anew"
    for index in (updated, anew):
        build_index(corpus, index, BagEncoder())
    counts.clear()
    for _ in range(3):
        changed(corpus, dice)
        build_index(corpus, updated, BagEncoder())
        (anew / "embeddings.sqlite").unlink()
        build_index(corpus, anew, BagEncoder(), rebuild=True)

        assert told(generation.live_folder(updated)) == told(generation.live_folder(anew))
    assert len(counts) == 3
    assert min(counts) > 10


def test_vectors_that_are_not_kept_in_full_come_from_the_cache(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a large index they are held in half precision: what would lose more at every build is not taken over."""
    monkeypatch.setattr(DenseChannel, "write", staticmethod(partial(DenseChannel.write, exact_to=20)))
    updated, anew, encoder = tmp_path / "updated", tmp_path / "anew", BagEncoder()
    for index in (updated, anew):
        build_index(corpus, index, encoder)
    changed(corpus, random.Random(1))  # noqa: S311 - a seed, no secret
    build_index(corpus, anew, BagEncoder(), rebuild=True)
    paid = encoder.encoded

    build_index(corpus, updated, encoder)

    assert told(generation.live_folder(updated)) == told(generation.live_folder(anew))
    assert generation.read_manifest(generation.live_folder(updated)).search != SearchPlan("float32")
    assert 0 < encoder.encoded - paid < 30


def test_what_another_program_computed_is_not_taken_over(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change in the analyzer or a library makes everything be computed again, though no document has changed."""
    build_index(corpus, tmp_path / "index", BagEncoder())
    counts = taken_over(monkeypatch)
    monkeypatch.setattr(reuse, "program", lambda: "another")
    (corpus / "new.txt").write_text(random_text(random.Random(1)), encoding="utf-8")  # noqa: S311 - a seed

    build_index(corpus, tmp_path / "index", BagEncoder())

    assert counts == [0]


def test_words_of_a_document_that_is_gone_are_gone(tmp_path: Path, corpus: Path) -> None:
    """What is taken over from a file that held them leaves them in no free page either."""
    secret = corpus / "mat.txt"
    secret.write_text("Công văn\n\nBí danh là Zxqwv.", encoding="utf-8")
    first = build_index(corpus, tmp_path / "index", BagEncoder())
    secret.unlink()

    second = build_index(corpus, tmp_path / "index", BagEncoder())

    folders = [tmp_path / "index" / "generations" / summary.generation for summary in (first, second)]
    held = [
        [path.name for path in folder.iterdir() if path.is_file() and b"zxqwv" in path.read_bytes().lower()]
        for folder in folders
    ]
    assert sorted(held[0]) == ["store.sqlite", "vocabulary.sqlite"]
    assert held[1] == []


def test_little_that_is_the_same_is_not_looked_for(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where most documents are others, everything is computed, as for a new index."""
    build_index(corpus, tmp_path / "index", BagEncoder())
    counts = taken_over(monkeypatch)
    for path in sorted(corpus.rglob("*.txt"))[:12]:
        path.write_text(f"{path.read_text(encoding='utf-8')}\n\nThêm.", encoding="utf-8")

    build_index(corpus, tmp_path / "index", BagEncoder())

    assert counts == [0]
