"""The cross-encoder: whether a text answers, the same by either engine and in any company."""

from __future__ import annotations

import logging
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import embeddings.cross_encoder_loader
from embeddings import CrossEncoder, load_cross_encoder
from embeddings.openvino_engine.cross_encoder import OpenVinoCrossEncoder
from embeddings.torch_engine.cross_encoder import TorchCrossEncoder

ASKED = "Trạm cấp nước xã Bình An có công suất bao nhiêu?"
SAYS = (
    "Ngày 12 tháng 3, Ủy ban nhân dân xã khánh thành trạm cấp nước Bình An. Trạm có công suất 1.200 m³ một ngày đêm, "
    "cấp nước cho 3.400 hộ dân ở năm thôn."
)
SPEAKS_OF = (
    "Ngày 12 tháng 3, Ủy ban nhân dân xã khánh thành trạm cấp nước Bình An. Đại diện các hộ dân ở năm thôn đến dự lễ "
    "và bày tỏ vui mừng trước công trình."
)
TEXTS = (SAYS, SPEAKS_OF, "Điều 3. Giải thích từ ngữ", SAYS * 10, "x")


@pytest.fixture(scope="module", params=["sentence-transformers", "openvino"])
def judge(request: pytest.FixtureRequest) -> CrossEncoder:
    """The shipped one by either engine."""
    return load_cross_encoder(request.param)


def test_each_engine_is_the_one_that_was_asked_for() -> None:
    """Else the other tests would compare one with itself."""
    kinds = [type(load_cross_encoder(engine)) for engine in ("sentence-transformers", "openvino", "auto")]

    assert kinds == [TorchCrossEncoder, OpenVinoCrossEncoder, OpenVinoCrossEncoder]


def test_engines_agree() -> None:
    """Within what a state cannot tell: a quarter of log odds in bfloat16."""
    found = [load_cross_encoder(engine).log_odds(ASKED, TEXTS) for engine in ("sentence-transformers", "openvino")]

    assert np.abs(found[0] - found[1]).max() <= 0.25


def test_a_text_that_says_it_is_likelier_to_answer_than_one_that_speaks_of_it(judge: CrossEncoder) -> None:
    """The same station, and no capacity."""
    says, speaks_of = judge.log_odds(ASKED, (SAYS, SPEAKS_OF))

    assert says > speaks_of + 1.0


def test_a_question_typed_bare_is_judged_likewise(judge: CrossEncoder) -> None:
    """As half of the staff types on a phone."""
    says, speaks_of = judge.log_odds("tram cap nuoc xa binh an co cong suat bao nhieu", (SAYS, SPEAKS_OF))

    assert says > speaks_of + 1.0


def test_judgements_do_not_depend_on_company(judge: CrossEncoder) -> None:
    """A text is padded to the longest of its batch, and that must not be seen."""
    together = judge.log_odds(ASKED, TEXTS)
    alone = np.concatenate([judge.log_odds(ASKED, (text,)) for text in TEXTS])

    assert np.abs(together - alone).max() <= 0.1


def test_the_form_of_diacritics_does_not_matter(judge: CrossEncoder) -> None:
    """A phone sends them composed, a Mac decomposed."""
    composed = judge.log_odds(ASKED, TEXTS[:2])
    decomposed = judge.log_odds(
        unicodedata.normalize("NFD", ASKED), [unicodedata.normalize("NFD", text) for text in TEXTS[:2]]
    )

    assert composed.tolist() == decomposed.tolist()


def test_no_texts_are_no_judgements(judge: CrossEncoder) -> None:
    """(0,), not an error of the engine."""
    found = judge.log_odds(ASKED, ())

    assert found.shape == (0,)
    assert found.dtype == np.float32


def test_threads_get_what_one_gets(judge: CrossEncoder) -> None:
    """One network serves all, one after the other."""
    expected = [judge.log_odds(ASKED, (text,)).tolist() for text in TEXTS]

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda text: judge.log_odds(ASKED, (text,)).tolist(), TEXTS * 4))

    assert found == expected * 4


def test_torch_judges_where_openvino_is_not_installed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Without a warning: its absence is no fault."""
    monkeypatch.setattr(embeddings.cross_encoder_loader, "is_installed", lambda: False)

    with caplog.at_level(logging.WARNING):
        found = load_cross_encoder()

    assert isinstance(found, TorchCrossEncoder)
    assert not caplog.records


def test_a_compiled_form_that_disagrees_is_said_and_not_used(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A compiler's fault would show in every state."""
    monkeypatch.setattr(
        "embeddings.openvino_engine.cross_encoder_files.MAX_DIFFERENCE", {"float32": -1.0, "bfloat16": -1.0}
    )

    with caplog.at_level(logging.WARNING):
        found = load_cross_encoder()

    assert isinstance(found, TorchCrossEncoder)
    assert "differ from torch's" in caplog.text
