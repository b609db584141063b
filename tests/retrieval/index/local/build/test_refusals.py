"""What the system refuses a build: said in one sentence, and the index of before answers on."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from retrieval.index.local.generations import generation
from retrieval.retriever import Retriever
from tests.support.corpus import Home, build_index
from tests.support.encoders import BagEncoder

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[5]
# As whom and within what limits a builder runs is set before it builds, and printed is the sentence that it ends with.
_BUILDER = textwrap.dedent(
    """
    import os, resource, signal, sys
    from pathlib import Path
    from tests.support.encoders import BagEncoder
    from tests.support.corpus import build_index
    from retrieval.errors import BuildFailed
    # Now: nobody may not read this Python's folders.
    import retrieval.index.local.build.build, retrieval.index.local.local_place

    limit, user = int(sys.argv[3]), int(sys.argv[4])
    if limit:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    if user:
        os.setuid(user)
    try:
        build_index(Path(sys.argv[1]), Path(sys.argv[2]), BagEncoder())
        print("built")
    except BuildFailed as error:
        print(error)
    """
)
NOBODY = 65534


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An index, and a corpus that has grown since."""
    home = Home(tmp_path / "corpus", tmp_path / "index")
    home.corpus.mkdir()
    (home.corpus / "z.txt").write_text("Thư viện\n\nMở cửa lúc 7 giờ.", encoding="utf-8")
    build_index(home.corpus, home.index, BagEncoder())
    (home.corpus / "a.txt").write_text("Mới\n\nCó 80 người.", encoding="utf-8")
    return home


def said(home: Home, *, limit: int = 0, user: int = 0) -> str:
    """What a builder with at most so many bytes a file, or as another user, ends with."""
    command = [sys.executable, "-c", _BUILDER, str(home.corpus), str(home.index), str(limit), str(user)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("limit", [1, 40, 400, 4_000, 12_000])
def test_a_full_disk_is_said(home: Home, limit: int) -> None:
    """
    Wherever the space ends (files may not grow beyond a limit, for which the system has other words): one sentence,
    nothing left of the attempt, the old index answers, and with space again the next build completes.
    """
    live = generation.live_folder(home.index)

    sentence = said(home, limit=limit)

    retriever = Retriever(home.index, BagEncoder())
    assert sentence.startswith(f"a build must be able to write in {home.index}, the system refused this one (")
    assert "the index of before answers on: free space or correct the rights" in sentence
    assert retriever.ask("thư viện mở cửa lúc mấy giờ?").hits[0].quote.text == "Mở cửa lúc 7 giờ."
    assert list((home.index / "generations").iterdir()) == [live]
    assert build_index(home.corpus, home.index, BagEncoder()).documents == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_folder_of_somebody_else_is_said(home: Home) -> None:
    """Which file it was that may not be written; the old index is untouched."""
    live = generation.live_folder(home.index)
    for folder in home.index.parents:
        if not folder.stat().st_mode & 0o001:  # pytest's folders are for their maker alone
            folder.chmod(0o755)

    sentence = said(home, user=NOBODY)

    assert "Permission denied" in sentence
    assert str(home.index) in sentence
    assert generation.live_folder(home.index) == live
