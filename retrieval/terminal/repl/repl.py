"""
The REPL: ask one question after another, and inspect each answer.

prompt_toolkit gives history, completion and multi-line paste on a terminal; piped input is read line by line. An
error or Ctrl-C ends the question, never the session.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console

from embeddings import EmbeddingError, LoadOptions
from embeddings.bundled.weights import default_cache_dir
from embeddings.load_options import DEFAULT_OPTIONS
from retrieval.answering.answer import Answer, Hit
from retrieval.errors import RetrievalError
from retrieval.evaluation.question_file import default_question_file
from retrieval.index.address import AnyAddress, IndexAddress
from retrieval.index.opening import open_place
from retrieval.private_file import make_private_file
from retrieval.retriever import Retriever
from retrieval.terminal.collection_filter import resolve_collections
from retrieval.terminal.output.answer import show_answer, show_outline, show_quote
from retrieval.terminal.output.explanation import show_explanation, show_times
from retrieval.terminal.output.page_viewer import open_quote
from retrieval.terminal.repl.comparison import Comparison
from retrieval.terminal.repl.marks import Marks
from retrieval.terminal.standard_input import piped_lines

PROMPT = "trichdan> "
_HELP = {
    "new": "forget the previous question, by which short ones (`ở đâu?`, `còn năm 2023?`) are understood",
    "k": "how many paragraphs to show: `:k 5`",
    "explain": "how the last answer came about: terms, windows, each channel's score and rank",
    "whole": "the last answer with its long paragraphs whole",
    "doc": "the paragraphs of a document: of the first hit, or `:doc 2` for the second",
    "open": "the page of a PDF as a picture, the paragraph marked: of the first hit, or `:open 2`",
    "next": "the paragraph after the one shown last",
    "prev": "the paragraph before the one shown last",
    "right": "mark for `trichdan eval`: the first paragraph answers, or `:right 2`; in `:right 1 3` either does",
    "wrong": "mark: no paragraph that was shown answers, though the documents may",
    "none": "mark: the documents do not answer",
    "compare": "ask another index as well, and show both answers: `:compare INDEX`, until `:compare off`",
    "time": "how long each stage of the last question took",
    "help": "this list",
    "quit": "end; so does Ctrl-D",
}


class Repl:
    """
    A session over one index.

    `commands` extend the built-in ones: name -> (help, function that renders the last answer). `within` names the
    collections to search, all when empty; `questions` the file that marks are written to, by default beside the index.
    """

    def __init__(
        self,
        index: AnyAddress,
        *,
        k: int,
        console: Console,
        commands: Mapping[str, tuple[str, Callable[[Answer], str]]],
        within: Sequence[str] = (),
        questions: Path | None = None,
        options: LoadOptions = DEFAULT_OPTIONS,
    ) -> None:
        place = open_place(index)
        self._retriever = Retriever(place, options=options)
        self._marks = Marks(questions or default_question_file(place.caches), place.address, self._retriever)
        self._comparison = Comparison(console, place.address, self._retriever)
        self._k = k
        self._console = console
        self._extra_commands = commands
        self._collection_names = within
        self._within: frozenset[str] | None = None
        self._answer: Answer | None = None
        self._previous: str | None = None  # the last answered question, in full
        self._asked_after: str | None = None  # what `_previous` was when it was asked
        self._passage_id: str | None = None  # the passage that :next and :prev start from

    def run(self) -> None:
        """Read and answer until :quit or the end of input."""
        self._within = resolve_collections(self._retriever, self._collection_names)
        self._retriever.manifest()  # report a missing index before the first question
        if sys.stdin.isatty():
            self._console.print("Nhập câu hỏi, hoặc :help để xem các lệnh.", style="dim")
        for line in _lines([*_HELP, *self._extra_commands]):
            if line.strip() in {":quit", ":q"}:
                return
            try:
                self._execute(line.strip())
            except (RetrievalError, EmbeddingError, OSError) as error:
                self._print(str(error))
            except KeyboardInterrupt:
                self._print("stopped")

    def _execute(self, line: str) -> None:
        if not line:
            return
        if not line.startswith(":"):
            self._ask(" ".join(line.split()))
            return
        name, _, argument = line[1:].partition(" ")
        if name in self._extra_commands:
            answer = self._last_answer()
            if answer:
                self._console.print(self._extra_commands[name][1](answer), markup=False, soft_wrap=True)
        elif name in _HELP:
            self._command(name)(argument.strip())
        else:
            self._print(f"there is no command :{name}; :help lists them")

    def _command(self, name: str) -> Callable[[str], None]:
        return {
            "new": self._new,
            "k": self._set_k,
            "explain": self._explain,
            "whole": self._whole,
            "doc": self._doc,
            "open": self._open,
            "next": lambda _: self._step(+1),
            "prev": lambda _: self._step(-1),
            "right": self._right,
            "wrong": lambda _: self._mark(self._marks.wrong),
            "none": lambda _: self._mark(self._marks.none),
            "compare": self._compare,
            "time": self._time,
            "help": self._help,
        }[name]

    def _ask(self, question: str) -> None:
        self._answer = self._retriever.ask(question, k=self._k, previous=self._previous, within=self._within)
        self._asked_after, self._previous = self._previous, self._answer.query.context
        self._passage_id = self._answer.hits[0].quote.passage_id if self._answer.hits else None
        show_answer(self._console, self._answer)
        self._show_comparison()

    def _new(self, _: str) -> None:
        self._previous = None
        self._print("the next question is understood by itself")

    def _set_k(self, argument: str) -> None:
        if argument.isdecimal() and 1 <= int(argument) <= 100:
            self._k = int(argument)
        else:
            self._print(f"k is a number from 1 to 100, found {argument!r}: type `:k 5`")

    def _explain(self, _: str) -> None:
        answer = self._last_answer()
        if answer:
            show_explanation(self._console, answer)

    def _whole(self, _: str) -> None:
        answer = self._last_answer()
        if answer:
            show_answer(self._console, answer, whole=True)

    def _doc(self, argument: str) -> None:
        hit = self._hit(argument, "doc")
        if hit:
            show_outline(self._console, *self._retriever.outline(hit.quote.doc_id))

    def _open(self, argument: str) -> None:
        hit = self._hit(argument, "open")
        if hit:
            open_quote(self._console, self._retriever, hit.quote)

    def _hit(self, argument: str, command: str) -> Hit | None:
        """The hit of the last answer whose rank the argument names, by default the first."""
        answer = self._last_answer()
        if not answer:
            return None
        rank = int(argument) if argument.isdecimal() else 1
        if not 1 <= rank <= len(answer.hits):
            self._print(f"the last answer has {len(answer.hits)} hits, found {argument!r}: type `:{command} 1`")
            return None
        return answer.hits[rank - 1]

    def _step(self, step: int) -> None:
        if self._passage_id is None:
            self._print("no paragraph has been shown yet: ask a question first")
            return
        quote = self._retriever.neighbour(self._passage_id, step)
        if quote is None:
            self._print("the document ends here")
            return
        self._passage_id = quote.passage_id
        show_quote(self._console, quote)

    def _right(self, argument: str) -> None:
        self._mark(lambda answer: self._marks.right(answer, argument))

    def _mark(self, write: Callable[[Answer], str]) -> None:
        answer = self._last_answer()
        if answer:
            self._print(write(answer))

    def _compare(self, argument: str) -> None:
        if argument == "off":
            self._print(self._comparison.end())
            return
        if argument:
            self._comparison.start(IndexAddress.of(argument).expanduser(), self._collection_names)
        if not self._comparison.is_on:
            self._print("an answer is compared with that of another index, found none: type `:compare INDEX`")
        elif self._answer is None:
            self._print("from the next question on both indexes are asked, until `:compare off`")
        self._show_comparison()

    def _show_comparison(self) -> None:
        if self._answer and self._comparison.is_on:
            self._comparison.show(self._answer.question, self._asked_after, self._within, self._k)

    def _time(self, _: str) -> None:
        answer = self._last_answer()
        if answer:
            show_times(self._console, answer)

    def _help(self, _: str) -> None:
        for name, text in {**_HELP, **{name: text for name, (text, _) in self._extra_commands.items()}}.items():
            self._console.print(f"  :{name:<10} {text}", markup=False, soft_wrap=True)

    def _last_answer(self) -> Answer | None:
        if self._answer is None:
            self._print("nothing has been asked yet: type a question first")
        return self._answer

    def _print(self, sentence: str) -> None:
        self._console.print(sentence, style="yellow", markup=False, soft_wrap=True)


def _lines(commands: list[str]) -> Iterator[str]:
    """Yield lines, typed or piped, until the end of input."""
    if not sys.stdin.isatty():
        yield from piped_lines()
        return
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import FileHistory

    history = default_cache_dir() / "repl-history"
    history.parent.mkdir(parents=True, exist_ok=True)
    make_private_file(history)
    completer = WordCompleter([f":{name}" for name in commands], sentence=True)
    session: PromptSession[str] = PromptSession(history=FileHistory(str(history)), completer=completer)
    while True:
        try:
            yield session.prompt(PROMPT)
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
