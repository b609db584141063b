"""What a build measures of another model, and what the index makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from embeddings import Encoder, Tokens
from retrieval.index.local.generations.generation import live_folder, read_manifest
from retrieval.index.local.local_index import LocalIndex
from retrieval.index.manifest import Manifest
from retrieval.index.opening import open_place
from retrieval.ranking.learned.calibration import LogisticModel, shipped_calibration
from retrieval.ranking.learned.stored_calibrations import StoredCalibration, write_calibration
from retrieval.retriever import Retriever
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder

THINGS = ("hồ sơ", "tài sản", "xe ô tô", "công văn", "hợp đồng", "phòng họp", "máy tính", "con dấu", "kho lưu trữ")
PLACES = ("Hà Nội", "Huế", "Đà Nẵng", "Cần Thơ", "Vinh")
QUESTION = "Ai quản lý con dấu ở Huế?"


class Shifted(BagEncoder):
    """The same directions with a large one in common: every cosine is 0.6 + 0.4 times the other's."""

    dim = BagEncoder.dim + 1

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        plain = BagEncoder().encode_queries(texts)
        return np.column_stack([plain * np.sqrt(0.4), np.full(len(plain), np.sqrt(0.6))]).astype(np.float32)

    def encode_query_tokens(self, text: str) -> Tokens:
        return BagEncoder().encode_query_tokens(text)


class Noise(BagEncoder):
    """Texts have directions of their own, whatever they say."""

    def _vector(self, text: str) -> NDArray[np.float32]:
        seed = sum(text.encode()) * len(text)
        random = np.random.default_rng(seed).standard_normal(self.dim).astype(np.float32)
        return random / np.linalg.norm(random)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two collections of like paragraphs."""
    for number, collection in enumerate(("mở", "đóng")):
        folder = tmp_path / "docs" / collection
        folder.mkdir(parents=True)
        lines = [
            f"Tổ {number + 1} ở {place} quản lý {thing} và báo cáo mỗi quý về {other}, theo quy chế {rule}."
            for rule, place in enumerate(PLACES)
            for thing, other in pairwise(THINGS)
        ]
        (folder / "a.txt").write_text("QUY CHẾ\n\n" + "\n\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path / "docs"


def indexed(corpus: Path, name: str, encoder: Encoder, model: str | None) -> Path:
    index = corpus.parent / name
    build_index(corpus, index, encoder, model=model, bundled=lambda: BagEncoder("bundled/1"))
    return index


def manifest(index: Path) -> Manifest:
    return read_manifest(live_folder(index))


def test_another_model_answers_on_the_bundled_models_scale(corpus: Path) -> None:
    """Cosines moved and pressed together by the model give the confidence and scores of before, and not without."""
    own = indexed(corpus, "own", BagEncoder(), None)
    other = indexed(corpus, "other", Shifted("shifted/1"), "shifted")

    found = Retriever(own, BagEncoder()).ask(QUESTION), Retriever(other, Shifted("shifted/1")).ask(QUESTION)

    assert LocalIndex.open(live_folder(other)).scale.cosine.slope == pytest.approx(2.5, abs=0.02)
    assert found[1].confidence == pytest.approx(found[0].confidence, abs=0.01)
    assert [hit.quote.passage_id for hit in found[1].hits] == [hit.quote.passage_id for hit in found[0].hits]
    assert [hit.score for hit in found[1].hits] == pytest.approx([hit.score for hit in found[0].hits], abs=0.5)


def test_the_bundled_model_is_compared_with_nothing(corpus: Path) -> None:
    """Its own index has no background."""
    assert manifest(indexed(corpus, "own", BagEncoder(), None)).background is None


def test_each_collection_is_measured_by_itself(corpus: Path) -> None:
    """And a reader's scale is that of what the reader may see."""
    opened = LocalIndex.open(live_folder(indexed(corpus, "other", Shifted("shifted/1"), "shifted")))

    assert set(opened.manifest.background or ()) == {"mở", "đóng"}
    within = opened.restrict(frozenset({"mở"})).scale
    (corpus / "đóng" / "a.txt").write_text("KHÁC\n\nMột đoạn hoàn toàn khác hẳn.\n", encoding="utf-8")
    changed = LocalIndex.open(live_folder(indexed(corpus, "other", Shifted("shifted/1"), "shifted")))
    assert changed.restrict(frozenset({"mở"})).scale == within
    assert changed.scale != opened.scale


def test_texts_that_stayed_are_not_measured_again(corpus: Path) -> None:
    """A build after a change in one collection encodes nothing of the other."""
    index = indexed(corpus, "other", Shifted("shifted/1"), "shifted")
    before = manifest(index).background or {}
    (corpus / "mở" / "b.txt").write_text("MỚI\n\nMột đoạn mới về việc trực ban ngày lễ.\n", encoding="utf-8")
    loaded = []

    def bundled() -> Encoder:
        loaded.append(BagEncoder("bundled/1"))
        return loaded[-1]

    build_index(corpus, index, Shifted("shifted/1"), model="shifted", bundled=bundled)

    after = manifest(index).background or {}
    assert after["đóng"] == before["đóng"]
    assert after["mở"] != before["mở"]
    assert len(loaded) == 1


def test_a_model_that_says_something_else_is_never_sure(corpus: Path) -> None:
    """However high its confidence: at most weak."""
    index = indexed(corpus, "noise", Noise("noise/1"), "noise")

    answer = Retriever(index, Noise("noise/1")).ask("Tổ 1 ở Huế quản lý con dấu và báo cáo mỗi quý về kho lưu trữ?")

    assert not LocalIndex.open(live_folder(index)).scale.holds
    assert answer.hits
    assert answer.state != "found"


def test_a_learned_order_alone_makes_no_answer_sure(corpus: Path) -> None:
    """It says nothing of the confidence, which is still the bundled model's; a learned confidence does."""
    index = indexed(corpus, "noise", Noise("noise/1"), "noise")
    shipped, question = shipped_calibration(), "Tổ 1 ở Huế quản lý con dấu và báo cáo mỗi quý về kho lưu trữ?"
    sure = LogisticModel(9.0, dict.fromkeys(shipped.same_language.weights, 0.0))
    order = replace(shipped, weights={name: 2 * weight for name, weight in shipped.weights.items()})
    states = []

    for learned in (order, replace(shipped, same_language=sure)):
        write_calibration(open_place(index), StoredCalibration(learned, "noise/1", {}), "noise/1".__eq__)
        states.append(Retriever(index, Noise("noise/1")).ask(question).state)

    assert states == ["weak", "found"]
