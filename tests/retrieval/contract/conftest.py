"""An empty place of each engine, and one with documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.retrieval.contract.engines import ENGINES, PARAMETERS, CorpusAndPlace


@pytest.fixture(params=PARAMETERS)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> CorpusAndPlace:
    """Nothing was built; the corpus is empty."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    return CorpusAndPlace(ENGINES[request.param](tmp_path / "index"), corpus)


@pytest.fixture
def built(site: CorpusAndPlace) -> CorpusAndPlace:
    """Two open documents, and two in collections of their own."""
    site.write("a.txt", "Quy chế tập sự", "Thời gian tập sự là 12 tháng.", "Người tập sự được hưởng 85% lương.")
    site.write("b.txt", "Thông báo", "Kho số 7 có 200 tấn gạo.", "Kho số 8 có 90 tấn gạo.")
    site.write(
        "mat/c.txt", "Kế hoạch Hải Âu", "Bộ Tư lệnh Hải Âu (BTLHA) có 500 khẩu súng.", "BTLHA mở cửa vào tháng 6."
    )
    site.write("noi-bo/d.txt", "Nội quy", "Cán bộ trực ban ký sổ lúc 7 giờ.")
    site.build()
    return site
