"""The REPL on a pipe, and on a pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from retrieval.private_file import make_private_file
from retrieval.retriever import Retriever
from tests.retrieval.terminal.conftest import TRICHDAN, sentences
from tests.support.corpus import Home
from tests.support.waiting import PATIENCE

QUESTION = "Việt Nam có quan hệ quốc phòng với bao nhiêu quốc gia?"
CONTROL = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"
)  # ECMA-48, "control sequences": between two letters a slow machine has some
FOUND = "quan hệ quốc phòng với hơn 100 quốc gia"


@pytest.fixture
def say(invoke: Callable, seeds: Home) -> Callable[..., list[str]]:
    """The lines that a session prints for the lines it is given; it must end well and complain of nothing."""

    def say(*lines: str) -> list[str]:
        result = invoke("repl", "-k", 2, "--index", seeds.index, stdin="".join(f"{line}\n" for line in lines))
        assert (result.exit_code, result.stderr) == (0, "")
        return result.stdout.splitlines()

    return say


def test_the_real_command_renders_for_telegram(start: Callable, seeds: Home) -> None:
    """
    `trichdan repl` on a pipe: a question is answered, :telegram shows the bot's HTML and its size, :help lists it,
    :quit ends the session before the next line, with 0.
    """
    script = f"{QUESTION}\n:telegram\n:help\n:quit\nkhông hỏi nữa\n"

    done = start("repl", "--index", seeds.index, stdin=script.encode())

    printed = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert FOUND in printed.partition("--- message 1/")[0]
    assert "<blockquote expandable>" in printed.partition("--- message 1/")[2]
    assert " of 4096 units" in printed
    assert "  :telegram" in printed
    assert printed.count(FOUND) == 3  # once here, and in the message its sentence and the paragraph below


def test_help_lists_the_commands(say: Callable[..., list[str]]) -> None:
    """Each with a line about it."""
    named = " ".join(line.split()[0] for line in say(":help"))

    assert named == (":new :k :explain :whole :doc :open :next :prev :right :wrong :none :compare :time :help :quit")


@pytest.mark.parametrize(
    "command", [":explain", ":doc", ":open", ":next", ":prev", ":right", ":wrong", ":none", ":time"]
)
def test_commands_before_the_first_question(say: Callable[..., list[str]], command: str) -> None:
    """They say that nothing was asked yet."""
    (line,) = say(command)

    assert "a question first" in line


def test_unknown_commands_are_named(say: Callable[..., list[str]]) -> None:
    """And :help is recommended; a lone colon too; nothing is searched."""
    first, second = say(":frob now", ":")

    assert first == "there is no command :frob; :help lists them"
    assert ":help" in second


def test_k_changes_how_much_is_shown(say: Callable[..., list[str]]) -> None:
    """Two paragraphs as started, then one, then three; a wrong number is refused and changes nothing."""
    lines = say(QUESTION, ":k 1", QUESTION, ":k 3", ":k 0", ":k 101", ":k x", ":k", QUESTION)

    ranks = [line[0] for line in lines if line[1:4] == " · "]
    assert ranks == ["1", "2", "1", "1", "2", "3"]
    assert sum(line.startswith("k is a number from 1 to 100") for line in lines) == 4


def test_next_and_prev_walk_through_the_document(say: Callable[..., list[str]], answering: Retriever) -> None:
    """From the first hit forward and back again, as the document has it."""
    first = answering.ask(QUESTION, k=2).hits[0].quote
    after = answering.neighbour(first.passage_id, +1)
    assert after is not None

    lines = say(QUESTION, ":next", ":prev")

    bare = [line.replace("**", "").strip() for line in lines]
    assert bare.count(first.text) == 2
    assert bare[-4:] == [
        after.text,
        f"— {after.citation.line} · {after.citation.source}",
        first.text,
        f"— {first.citation.line} · {first.citation.source}",
    ]


def test_the_document_has_ends(say: Callable[..., list[str]], answering: Retriever) -> None:
    """Beyond the first paragraph there is a sentence instead of another document."""
    steps = answering.ask(QUESTION, k=2).hits[0].quote.citation.paragraph

    lines = say(QUESTION, *[":prev"] * (steps + 1))

    assert lines[-2:] == ["the document ends here"] * 2


def test_doc_lists_the_passages(say: Callable[..., list[str]], answering: Retriever) -> None:
    """Of the first hit, of the second by its number; a number beyond the hits is refused."""
    documents = [answering.outline(hit.quote.doc_id) for hit in answering.ask(QUESTION, k=2).hits]

    lines = say(QUESTION, ":doc", ":doc 2", ":doc 3")

    heads = [i for i, line in enumerate(lines) if line.endswith(tuple(about.source for about, _ in documents))][-2:]
    listed = [lines[heads[0] + 1 : heads[1]], lines[heads[1] + 1 : -1]]
    assert [len(passages) for passages in listed] == [len(passages) for _, passages in documents]
    assert lines[-1] == "the last answer has 2 hits, found '3': type `:doc 1`"


def test_whole_shows_what_the_excerpt_left_out(say: Callable[..., list[str]]) -> None:
    """A paragraph of 2,000 characters: an excerpt first, all of it on demand."""
    lines = say("Tiếp tục đổi mới, nâng cao chất lượng công tác đối ngoại quốc phòng theo phương châm nào?", ":whole")

    left_out = [number for number, line in enumerate(lines) if line.startswith("  [… lược")]
    last = left_out[-1]
    assert left_out
    assert max(map(len, lines[last:])) > 1500 > max(map(len, lines[:last]))


def test_explain_shows_the_channels(say: Callable[..., list[str]]) -> None:
    """What was understood, a row for each hit under the channels' names, and the windows with their cosines."""
    printed = "\n".join(say(QUESTION, ":explain")).partition("\ntext: ")[2]

    assert printed.startswith(QUESTION)
    assert all(name in printed for name in ("terms: ", "state: found", "dense", "exact", "folded", "title", "fused"))
    assert printed.count("windows of ") == 2


def test_time_shows_the_stages(say: Callable[..., list[str]]) -> None:
    """Each stage with its milliseconds, the total last."""
    lines = [line.split() for line in say(QUESTION, ":time")[-7:]]

    assert [line[0] for line in lines] == ["understand", "encode", "search", "tokens", "rank", "quote", "total"]
    assert {line[2] for line in lines} == {"ms"}


def searched_for(lines: list[str]) -> list[str]:
    """What the answers said they were for, where that was not what was typed."""
    return [line.removeprefix("Đang tìm: ") for line in lines if line.startswith("Đang tìm: ")]


def test_follow_ups_are_understood_by_the_question_before(say: Callable[..., list[str]]) -> None:
    """Along a chain, and said each time; what stands alone in between is what the next one is understood by."""
    lines = say(
        "Bệnh viện dã chiến cấp 2 được triển khai ở đâu?",
        "bao nhieu nguoi",
        "còn bệnh viện dã chiến cấp 1?",
        QUESTION,
        "từ năm nào?",
    )

    assert searched_for(lines) == [
        "Bệnh viện dã chiến cấp 2 được triển khai, bao nhiêu người",
        "Bệnh viện dã chiến cấp 1 được triển khai, bao nhiêu người",
        "Việt Nam có quan hệ quốc phòng, từ năm nào?",
    ]
    assert lines.count("Câu hỏi này được hiểu theo câu hỏi trước.") == 3


def test_new_forgets_the_question_before(say: Callable[..., list[str]]) -> None:
    """And so the same words are a question of their own."""
    lines = say(QUESTION, ":new", "từ năm nào?")

    assert searched_for(lines) == []
    assert "the next question is understood by itself" in lines


def test_a_refused_question_is_no_context(say: Callable[..., list[str]]) -> None:
    """The last one that was answered stays the context, whatever was typed since."""
    lines = say(QUESTION, "?!", "a" * 10_000, ":k 1", ":frob", "", "từ năm nào?")

    assert searched_for(lines) == ["Việt Nam có quan hệ quốc phòng, từ năm nào?"]


def test_explain_shows_a_follow_up(say: Callable[..., list[str]]) -> None:
    """What was typed, and the whole."""
    lines = say(QUESTION, "từ năm nào?", ":explain")

    assert "follow-up: từ năm nào? → Việt Nam có quan hệ quốc phòng, từ năm nào?" in lines


def test_an_error_ends_the_question_not_the_session(say: Callable[..., list[str]]) -> None:
    """No question, a question of 10,000 characters, blank lines: a sentence each at most, and the next is answered."""
    lines = say("?!", "a" * 10_000, "", "   ", QUESTION)

    assert [line.startswith("a question ") for line in lines[:2]] == [True, True]
    assert any(FOUND in line for line in lines[2:])


def test_an_index_damaged_meanwhile_does_not_end_it(start: Callable, own_seeds: Home, environment: dict) -> None:
    """The pointer is destroyed after the first answer, and restored after the second question."""
    pointer = own_seeds.index / "CURRENT"
    content = pointer.read_bytes()
    command = [str(TRICHDAN), "repl", "--index", str(own_seeds.index)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env=environment
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        ask(process, QUESTION, "—")
        pointer.unlink()
        complaint = ask(process, QUESTION, "index")
        pointer.write_bytes(content)
        answer = ask(process, QUESTION, FOUND)
        process.stdin.close()

        assert process.wait(timeout=PATIENCE) == 0
    assert "trichdan index FOLDER" in complaint
    assert FOUND in answer


def ask(process: subprocess.Popen[str], question: str, until: str) -> str:
    """Types a line; the printed line that holds `until`."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{question}\n")
    process.stdin.flush()
    return next(line for line in process.stdout if until in line)


def test_the_end_of_input_ends_it(invoke: Callable, seeds: Home) -> None:
    """Without :quit, and with a last line that has no line end: answered, then 0."""
    result = invoke("repl", "--index", seeds.index, stdin=f"\n{QUESTION}")

    assert (result.exit_code, sentences(result.stderr)) == (0, [])
    assert FOUND in result.stdout


class Screen:
    """A session on a pseudo-terminal, and everything it has shown."""

    def __init__(self, terminal: int, process: subprocess.Popen[bytes]) -> None:
        self._terminal = terminal
        self.process = process
        self.shown = ""
        self._bytes = b""
        self._seen = 0  # where the words that were last waited for end

    def type(self, keys: str) -> None:
        """Presses keys."""
        os.write(self._terminal, keys.encode())

    def wait_for(self, words: str) -> None:
        """Reads until the words stand after those that were waited for before, read already or not."""
        deadline = time.monotonic() + PATIENCE
        while (place := self.shown.find(words, self._seen)) < 0:
            assert time.monotonic() < deadline, f"{words!r} was not shown, but {self.shown[self._seen :]!r}"
            if select.select([self._terminal], [], [], 0.5)[0]:
                self._read()
        self._seen = place + len(words)

    def _read(self) -> None:
        """Takes what was written meanwhile: UTF-8 that may end within a letter, without what only moves the cursor."""
        self._bytes += os.read(self._terminal, 65536)
        text = self._bytes.decode(errors="ignore")
        self.shown = CONTROL.sub("", text)


@contextmanager
def screen(seeds: Home, environment: dict[str, str]) -> Iterator[Screen]:
    """`trichdan repl` on a terminal of its own, wide enough that nothing wraps inside a prompt."""
    terminal, other = pty.openpty()
    fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 300, 0, 0))
    ours = {**environment, "PROMPT_TOOLKIT_NO_CPR": "1", "COLUMNS": "300"}
    command = [str(TRICHDAN), "repl", "-k", "1", "--index", str(seeds.index)]
    process = subprocess.Popen(
        command, stdin=other, stdout=other, stderr=other, env=ours, start_new_session=True, close_fds=True
    )
    os.close(other)
    try:
        yield Screen(terminal, process)
    finally:
        process.kill()
        process.wait()
        os.close(terminal)


def test_ctrl_c_ends_the_line_not_the_session(seeds: Home, environment: dict[str, str]) -> None:
    """On a terminal: a question, Ctrl-C in the middle of a line, another question, :quit; the session survives."""
    with screen(seeds, environment) as session:
        session.wait_for("trichdan>")
        session.type(f"{QUESTION}\r")
        session.wait_for("001_ed8a76a4f27345eb.txt")
        session.wait_for("trichdan>")
        session.type("câu này bỏ dở")
        session.wait_for("dở")
        session.type("\x03")
        session.wait_for("trichdan>")
        session.type("Ai dự hội nghị tổng kết đối ngoại quốc phòng 2011-2013?\r")
        session.wait_for("đoạn")
        session.wait_for("trichdan>")
        session.type(":quit\r")

        assert session.process.wait(timeout=PATIENCE) == 0
    assert "Traceback" not in session.shown


def test_ctrl_d_ends_the_session(seeds: Home, environment: dict[str, str]) -> None:
    """At an empty prompt, with 0."""
    with screen(seeds, environment) as session:
        session.wait_for("trichdan>")
        session.type("\x04")

        assert session.process.wait(timeout=PATIENCE) == 0


def test_the_history_is_its_owners_alone(tmp_path: Path) -> None:
    """Questions are private; also where a history was made with more rights."""
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text("+câu hỏi", encoding="utf-8")
    old.chmod(0o644)

    for history in (old, new):
        make_private_file(history)

    assert [path.stat().st_mode & 0o777 for path in (old, new)] == [0o600, 0o600]
    assert old.read_text(encoding="utf-8") == "+câu hỏi"
