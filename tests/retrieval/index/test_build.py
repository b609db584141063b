"""Builds: incremental, atomic, resumable, one at a time."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.errors import BuildInProgress, DamagedIndex, EmptyCorpus, IndexMismatch, MissingIndex
from retrieval.index import generation
from retrieval.index.dense import DenseChannel
from retrieval.retriever import Retriever
from tests.retrieval.conftest import BagEncoder, build_index

TEXT = "Báo cáo năm\n\nĐơn vị có 70 người.\n\nHọp tại Hà Nội ngày 8/1."


def test_a_second_build_pays_only_for_new_text(tmp_path: Path, folder: Path, encoder: BagEncoder) -> None:
    """Unchanged files cost no embedding; the summary says what is new, changed, unchanged and removed."""
    for name in ("a", "b", "c"):
        (folder / f"{name}.txt").write_text(f"{TEXT}\n\nTệp {name}.", encoding="utf-8")
    build_index(folder, tmp_path / "index", encoder)
    paid = encoder.encoded
    (folder / "a.txt").write_text(f"{TEXT}\n\nTệp a, bản mới.", encoding="utf-8")
    (folder / "b.txt").unlink()
    (folder / "d.txt").write_text("Thông báo\n\nNghỉ lễ từ ngày 30/4.", encoding="utf-8")

    summary = build_index(folder, tmp_path / "index", encoder)

    assert (summary.new, summary.changed, summary.unchanged, summary.removed) == (
        ("d.txt",),
        ("a.txt",),
        ("c.txt",),
        ("b.txt",),
    )
    assert encoder.encoded - paid == 2  # the new paragraph of a, and d's only one


def test_nothing_new_builds_nothing(tmp_path: Path, folder: Path, encoder: BagEncoder) -> None:
    """The live generation stays as it is when it already says everything."""
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    first = build_index(folder, tmp_path / "index", encoder)

    second = build_index(folder, tmp_path / "index", encoder)

    assert (second.built, second.generation) == (False, first.generation)


def test_a_damaged_generation_is_built_anew(tmp_path: Path, folder: Path, encoder: BagEncoder) -> None:
    """`trichdan index` repairs what it finds broken, without being told to."""
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    first = build_index(folder, tmp_path / "index", encoder)
    (first.generation / "dense.faiss").write_bytes(b"rubbish")

    second = build_index(folder, tmp_path / "index", encoder)

    assert second.built
    assert Retriever(tmp_path / "index", encoder).ask("70 người").hits


def test_refused_files_are_listed_and_stop_nothing(tmp_path: Path, folder: Path, encoder: BagEncoder) -> None:
    """A binary file among good ones is refused with its reason."""
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    (folder / "b.txt").write_bytes(b"\x00\x01")

    summary = build_index(folder, tmp_path / "index", encoder)

    assert [refusal.source for refusal in summary.refused] == ["b.txt"]
    assert summary.new == ("a.txt",)


def test_an_empty_corpus_leaves_the_old_index(tmp_path: Path, folder: Path, encoder: BagEncoder) -> None:
    """When everything is gone, by mistake perhaps, the build refuses and the live generation answers on."""
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    first = build_index(folder, tmp_path / "index", encoder)
    (folder / "a.txt").unlink()

    with pytest.raises(EmptyCorpus, match="at least one readable document"):
        build_index(folder, tmp_path / "index", encoder)

    assert generation.current(tmp_path / "index") == first.generation


def test_only_one_process_builds_at_a_time(tmp_path: Path, folder: Path, encoder: BagEncoder) -> None:
    """The second builder is told to wait, and nothing of the first is touched."""
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")

    with generation.building(tmp_path / "index"), pytest.raises(BuildInProgress, match="wait"):
        build_index(folder, tmp_path / "index", encoder)


def test_old_generations_are_removed_but_the_last(tmp_path: Path, folder: Path, encoder: BagEncoder) -> None:
    """The live generation and the one before it are kept: readers may still have that one open."""
    for round_ in range(4):
        (folder / "a.txt").write_text(f"{TEXT}\n\nLần {round_}.", encoding="utf-8")
        last = build_index(folder, tmp_path / "index", encoder)

    kept = list((tmp_path / "index" / "generations").iterdir())

    assert len(kept) == 2
    assert last.generation in kept


@pytest.mark.parametrize(
    "name", ["store.sqlite", "dense.faiss", "windows.npy", "vocabulary.sqlite", "abbreviations.json", "manifest.json"]
)
def test_any_damaged_file_is_noticed(
    tmp_path: Path, indexed: Callable[..., Path], encoder: BagEncoder, name: str
) -> None:
    """One changed byte anywhere, and the index is refused rather than searched."""
    live = generation.current(indexed(a=TEXT))
    data = bytearray((live / name).read_bytes())
    data[len(data) // 2] ^= 0xFF
    (live / name).write_bytes(data)

    with pytest.raises((DamagedIndex, IndexMismatch), match="--rebuild"):
        Retriever(tmp_path / "index", encoder).ask("70 người")


def test_a_missing_index_names_the_command_that_builds_it(tmp_path: Path) -> None:
    """The remedy for no index is the command."""
    with pytest.raises(MissingIndex, match="trichdan index FOLDER"):
        Retriever(tmp_path / "nowhere").ask("gì")


def test_another_models_index_is_not_searched(indexed: Callable[..., Path]) -> None:
    """Vectors of two models do not compare: the error names both."""
    index = indexed(a=TEXT)

    with pytest.raises(IndexMismatch, match=r"bag/1.*bag/2"):
        Retriever(index, BagEncoder("bag/2")).ask("70 người")


# A builder in a process of its own, which kills itself with SIGKILL at the n-th of the calls that touch the
# disk: the moments at which a crash could leave something half done.
_BUILDER = textwrap.dedent(
    """
    import os, signal, shutil, sys
    from pathlib import Path
    from tests.retrieval.conftest import BagEncoder, build_index
    from retrieval.index import build as module, generation

    calls, fatal = 0, int(sys.argv[3])

    def deadly(function):
        def wrapped(*args, **kwargs):
            global calls
            calls += 1
            if calls == fatal:
                os.kill(os.getpid(), signal.SIGKILL)
            result = function(*args, **kwargs)
            calls += 1
            if calls == fatal:
                os.kill(os.getpid(), signal.SIGKILL)
            return result
        return wrapped

    for owner, names in (
        (generation, ("new_folder", "seal", "publish", "checksums", "_fsync")),
        (module.Store, ("write",)), (module.LexicalChannel, ("write",)), (module.DenseChannel, ("write",)),
        (module.Vocabulary, ("write",)), (Path, ("rename", "replace", "write_text")), (shutil, ("rmtree",)),
    ):
        for name in names:
            function = deadly(getattr(owner, name))
            setattr(owner, name, staticmethod(function) if owner.__name__ in ("Store", "LexicalChannel",
                "DenseChannel", "Vocabulary") else function)
    build_index(Path(sys.argv[1]), Path(sys.argv[2]), BagEncoder())
    print(calls)
    """
)


def run_builder(folder: Path, index: Path, fatal: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _BUILDER, str(folder), str(index), str(fatal)]
    root = Path(__file__).parents[3]
    return subprocess.run(
        command, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, text=True, check=False
    )


def test_a_builder_killed_at_any_step_loses_nothing(tmp_path: Path, folder: Path, encoder: BagEncoder) -> None:
    """
    Whenever the builder dies, the index answers: with the old documents, or with the new ones, never with
    neither and never with a mixture; and the next build succeeds.
    """
    index = tmp_path / "index"
    (folder / "a.txt").write_text("Báo cáo cũ\n\nBản cũ có 70 người.", encoding="utf-8")
    build_index(folder, index, encoder)
    (folder / "a.txt").write_text("Báo cáo mới\n\nBản mới có 80 người.", encoding="utf-8")
    shutil.copytree(index, tmp_path / "dry")
    steps = int(run_builder(folder, tmp_path / "dry", 0).stdout)
    # Some of the moments, spread evenly, and always the last ones, where the pointer moves.
    moments = sorted({*range(1, steps + 1, 9), *range(steps - 8, steps + 1)})

    for moment in moments:
        trial = tmp_path / f"trial-{moment}"
        shutil.copytree(index, trial)
        died = run_builder(folder, trial, moment).returncode
        assert died == -signal.SIGKILL
        titles = {record.title for record in Retriever(trial, encoder)._open().index.store.documents()}
        assert titles in ({"Báo cáo cũ"}, {"Báo cáo mới"}), f"after dying at step {moment} of {steps}"
        build_index(folder, trial, encoder)
        assert Retriever(trial, encoder).ask("80 người").hits[0].quote.text == "Bản mới có 80 người."
        assert not list((trial / "generations").glob("*.partial"))


def test_a_manifest_of_before_is_searched_exactly(indexed: Callable[..., Path], encoder: BagEncoder) -> None:
    """A generation from before there was a plan says nothing of one, and answers as it did."""
    index = indexed(a=TEXT)
    path = generation.current(index) / "manifest.json"
    fields = json.loads(path.read_text(encoding="utf-8"))
    del fields["search"]
    path.write_text(json.dumps(fields), encoding="utf-8")

    retriever = Retriever(index, encoder)

    assert retriever.manifest().search is None
    assert retriever.ask("70 người").hits


def test_many_windows_are_searched_by_cells(
    indexed: Callable[..., Path], encoder: BagEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the limit the manifest says how the windows are searched, and the answer is the same paragraph."""
    paragraphs = [f"Kho số {number} có {number * 7} tấn gạo." for number in range(1, 200)]
    monkeypatch.setitem(DenseChannel.write.__kwdefaults__, "exact_to", 100)

    retriever = Retriever(indexed(a="\n\n".join(["Báo cáo", *paragraphs])), encoder)

    plan = retriever.manifest().search
    assert plan is not None
    assert plan.cells > 0
    assert plan.recall >= 0.99
    assert retriever.ask("Kho số 131 có bao nhiêu tấn gạo?").hits[0].quote.text == paragraphs[130]
