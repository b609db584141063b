"""
The READMEs are true: their commands exist, and run or say why not; what they name exists; no path leads outside.

A line of a shell block is run against a small corpus, or stands in `NOT_RUN` with the reason.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import bot.command  # noqa: F401 - it adds `bot` to the commands
from bot.messages.vi import VI
from bot.storage.opening import open_state
from retrieval.terminal import app
from tests.support.encoders import BagEncoder

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    path.relative_to(ROOT).as_posix()
    for path in (
        ROOT / "README.md",
        ROOT / "CHANGELOG.md",
        ROOT / "bot" / "HUONG-DAN.md",
        *sorted(ROOT.glob(".github/**/*.md")),
        *(
            path
            for room in ("bot", "embeddings", "retrieval", "tests")
            for path in sorted((ROOT / room).rglob("README.md"))
        ),
    )
]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GROUPS = {group.name for group in app.registered_groups}  # of commands, as `trichdan feedback export`
TARGETS = set(re.findall(r"^([a-z][\w-]*):(?!=)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
NOT_RUN = {
    r"^make ": "`make ask` and `make test` are what runs this test, or would run it again; the targets exist",
    r"^export ": "sets a variable; test_config reads every one",
    r"trichdan bot --index": "waits for Telegram; tests/bot/test_process.py starts it",
    r"--watch": "runs until Ctrl-C; tests/retrieval/terminal/commands/test_watch.py runs it",
    r"--open": "a corpus without PDFs has no page; tests/retrieval/terminal/output/test_page_viewer.py runs it",
    r"apt-get install": "needs root and Debian's packages",
    r"python -m (?:tests|bot|retrieval)[. ]": "measures or serves for minutes; the module exists and has the options",
    r"^TRICHDAN_CROWD=": "a test of the suite, with a larger crowd",
    r"trichdan eval (?:path/to/beir-folder|--all)": "needs question sets; test_eval_suite.py runs it on small ones",
    r"trichdan models": "loads models for minutes; tests/retrieval/terminal/commands/test_models.py runs it",
    r"trichdan eval tests/seeds-dev": "loads the model; tests/retrieval/test_seeds_golden.py asks the set",
}


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def shell_lines(document: str) -> list[str]:
    """The lines of all shell blocks, without comments."""
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```", text_of(document), re.DOTALL | re.MULTILINE)
    lines = (re.sub(r"\s+# .*", "", line).strip() for block in blocks for line in block.splitlines())
    return [line for line in lines if line]


def spans(document: str) -> list[str]:
    """The code spans outside of blocks."""
    prose = re.sub(r"^ *```.*?^ *```", "", text_of(document), flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"`([^`\n]+)`", prose)


def commands(program: str, document: str) -> list[list[str]]:
    """The words after the program's name in every shell line, and in every span of code, that calls it."""
    lines = [*shell_lines(document), *(span.replace("[", " ").replace("]", " ") for span in spans(document))]
    words = [shlex.split(line, comments=True) for line in lines if program in line and "'" not in line]
    return [line[1:] for line in words if line and Path(line[0]).name == program]


def every(program: str) -> list[tuple[str, ...]]:
    """The distinct calls of a program in all documents."""
    return sorted({tuple(words) for document in DOCUMENTS for words in commands(program, document)})


def test_the_readme_shows_two_commands_first() -> None:
    """A newcomer's first block is `make ask` and `make test`."""
    first = [line.split()[:2] for line in shell_lines("README.md")[:2]]

    assert first == [["make", "ask"], ["make", "test"]]


def test_the_readme_is_short() -> None:
    """Whoever wants more follows its links."""
    assert len(README.splitlines()) <= 150


@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_path_leads_outside_the_repository(document: str) -> None:
    """A clone is all that its reader has."""
    assert re.findall(r"\.\./shared|/work/", text_of(document)) == []


def test_every_make_target_exists() -> None:
    """At least the two of the first block."""
    named = {word for words in every("make") for word in words if re.fullmatch(r"[a-z][\w-]*", word)}

    assert {"ask", "test", "check"} <= named <= TARGETS


@pytest.mark.parametrize("words", [words for words in every("trichdan") if words], ids=" ".join)
def test_every_command_and_option_exists(words: tuple[str, ...]) -> None:
    """`--help` of the command lists each option that a document gives it."""
    options = {word.partition("=")[0] for word in words if re.fullmatch(r"--?[a-z].*", word)}
    named = words[:2] if words[0] in GROUPS else words[:1]
    help_ = CliRunner().invoke(app, [*named, "--help"])

    listed = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", help_.stdout))

    assert help_.exit_code == 0
    assert options <= listed


def test_every_command_is_in_the_readme() -> None:
    """The table of commands is complete."""
    named = {words[0] for words in commands("trichdan", "README.md")}

    assert {command.name or command.callback.__name__ for command in app.registered_commands} | GROUPS <= named


def modules() -> list[str]:
    """What the documents run with `python -m`."""
    found = (re.findall(r"python -m ([\w.]+\w)", text_of(document)) for document in DOCUMENTS)
    return sorted({name for names in found for name in names})


@pytest.mark.parametrize("module", modules())
def test_every_module_that_is_run_exists(module: str) -> None:
    """And takes the options that the documents give it."""
    spec = importlib.util.find_spec(module)
    assert spec is not None
    if spec.submodule_search_locations:
        spec = importlib.util.find_spec(f"{module}.__main__")
        assert spec is not None
    source = Path(spec.origin or "").read_text(encoding="utf-8")
    given = {
        option
        for document in DOCUMENTS
        for line in (*shell_lines(document), *spans(document))
        for option in re.findall(r"(?<![\w-])--[a-z-]+", line.partition(f"python -m {module} ")[2])
    }

    assert {option for option in given if f'"{option}"' not in source} == set()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with documents, two generations of their index, a state file, a question set; the tiny encoder."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("TRICHDAN_"):
            monkeypatch.delenv(name)
    for place in ("retrieval.terminal.commands.index", "retrieval.answering.query_encoder"):
        monkeypatch.setattr(f"{place}.load_encoder", lambda *_, **__: BagEncoder())
    (tmp_path / "tai-lieu").mkdir()
    for number in (1, 2):
        text = f"Quy chế báo cáo\n\nThời hạn nộp báo cáo quý là ngày {number} của tháng đầu quý sau.\n"
        (tmp_path / "tai-lieu" / f"quy-che-{number}.txt").write_text(text, encoding="utf-8")
        run(".venv/bin/trichdan index ~/tai-lieu --index ~/chi-muc", tmp_path)
    open_state(tmp_path / "trichdan-bot.sqlite").close()
    (tmp_path / "srv" / "backup").mkdir(parents=True)
    (tmp_path / "index").symlink_to(tmp_path / "chi-muc")  # where no --index is given
    answered = '{"question": "Thời hạn nộp báo cáo quý?", "gold": [{"source": "quy-che-1.txt", "contains": "ngày 1"}]}'
    others = [f'{{"question": "Giá xăng hôm {n}?", "gold": []}}' for n in range(49)]  # as many as `calibrate` takes
    questions = "".join(f"{line}\n" for line in (answered, *others))
    for name in ("feedback.jsonl", "cau-hoi.jsonl"):
        (tmp_path / name).write_text(questions, encoding="utf-8")
    return tmp_path


def run(line: str, home: Path) -> int:
    """The exit code of a line that calls `trichdan`, in this process, `~` and `/srv` being in the home folder."""
    words = shlex.split(line.partition(" > ")[0].replace("~", str(home)).replace(" /srv", f" {home}/srv"))
    result = CliRunner().invoke(app, words[1:], input="", catch_exceptions=False)
    return result.exit_code


def runnable() -> Iterator[str]:
    """Each shell line that has no reason not to be run."""
    lines = {line for document in DOCUMENTS for line in shell_lines(document)}
    yield from sorted(line for line in lines if not any(re.search(pattern, line) for pattern in NOT_RUN))


@pytest.mark.parametrize("line", list(runnable()))
def test_every_other_shell_line_runs(home: Path, line: str) -> None:
    """In a home folder where documents are indexed: it does its work (0), or the tiny encoder finds nothing (1)."""
    assert run(line, home) in {0, 1}


@pytest.mark.parametrize("pattern", NOT_RUN)
def test_every_reason_is_needed(pattern: str) -> None:
    """No reason outlives its command."""
    assert any(re.search(pattern, line) for document in DOCUMENTS for line in shell_lines(document))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    """To a file of the repository, and to a heading in it where one is named."""
    for target in re.findall(r"\]\((?!https?://)([^)\s]+)\)|<img src=\"([^\"]+)\"", text_of(document)):
        path, _, anchor = (target[0] or target[1]).partition("#")
        place = (ROOT / document).parent / path if path else ROOT / document
        assert place.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", place.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {
                re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings
            }


@pytest.mark.parametrize("document", [name for name in DOCUMENTS if name != "CHANGELOG.md"])
def test_every_module_that_is_named_exists(document: str) -> None:
    """`room/module.py` in a document stands somewhere below the repository, under exactly that ending."""
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()  # noqa: S607
    named = {span for span in spans(document) if re.fullmatch(r"[\w./-]+\.(?:py|pyi|toml)", span) and "/" in span}

    missing = {name for name in named if not any(f"/{file}".endswith(f"/{name}") for file in files)}

    assert {name for name in missing if "/odt/" not in name} == set()  # the example of a new format


def test_the_readme_of_the_bot_says_what_each_module_is_for() -> None:
    """Whoever looks for the place of something finds it there by name."""
    modules = {path.stem for path in (ROOT / "bot").rglob("*.py") if path.stem != "__init__"}

    assert {name for name in modules if f"`{name}`" not in text_of("bot/README.md")} == set()


def test_the_handbook_quotes_what_the_bot_says() -> None:
    """Whatever stands in bold there; "…" is for what varies."""
    bold = re.findall(r"\*\*([^*]+)\*\*", text_of("bot/HUONG-DAN.md"))

    parts = {part.strip("📄🔎 :") for quoted in bold for part in quoted.split("…")}

    assert len(parts) > 30
    assert {part for part in parts if part not in repr(VI)} == {"→"}


def test_the_changelog_has_this_version() -> None:
    """What pyproject.toml names is released, with its date."""
    (version,) = re.findall(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)

    assert re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$", text_of("CHANGELOG.md"), re.MULTILINE)


def test_python_runs_the_documented_modules_from_the_root() -> None:
    """`python -m retrieval --help` works from a clone, as the documents run modules."""
    done = subprocess.run([sys.executable, "-m", "retrieval", "--help"], cwd=ROOT, capture_output=True, check=False)

    assert done.returncode == 0
