"""Tiny models of every kind, saved once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import models

TEXTS = (
    *models.WORDS,
    "Hà Nội",
    "a",
    "?",
    "Ngày 2/9/1945, Chủ tịch Hồ Chí Minh đọc Tuyên ngôn Độc lập tại Quảng trường Ba Đình.",
    "Ai ký?",
)
KINDS: dict[str, Callable[[Path], Path]] = {
    "mean": models.save_encoder,
    "cls": lambda folder: models.save_encoder(folder, pooling="cls"),
    "dense": lambda folder: models.save_encoder(folder, dense=12),
    "asymmetric": lambda folder: models.save_encoder(folder, prompts={"query": "query: ", "document": "passage: "}),
    "prompt left out": lambda folder: models.save_encoder(folder, include_prompt=False, prompts={"query": "query: "}),
    "decoder": lambda folder: models.save_decoder(folder, prompts={"query": "Instruct: Given a query\nQuery:"}),
    "roberta": models.save_roberta,
}


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder for each kind of model."""
    return {kind: save(tmp_path_factory.mktemp("models") / "m") for kind, save in KINDS.items()}
