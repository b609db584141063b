"""
What `make bench` computes and how it talks to a runner; nothing is measured here.
"""

import gzip
import json
import sys
from pathlib import Path

import pytest

from retrieval.evaluation.questions import EvalQuestion, Gold
from tests.benchmarks.peers import conversation, environment
from tests.benchmarks.peers.contestant import HAYSTACK, OURS, PLAIN, TXTAI, Contestant, select_contestants
from tests.benchmarks.peers.conversation import Conversation, RunnerFault
from tests.benchmarks.peers.environment import Environment, shared_versions
from tests.benchmarks.peers.figure import SPEED, Figure, standing
from tests.benchmarks.peers.index_store import IndexStore
from tests.benchmarks.peers.plots import quality_plot, speed_plot
from tests.benchmarks.peers.quality import reciprocal_rank
from tests.benchmarks.peers.results import Results
from tests.benchmarks.peers.speed import _rotated
from tests.benchmarks.peers.table import markdown, placed, write_into
from tests.benchmarks.peers.workload import Workload

RUNNERS = Path(conversation.__file__).parent / "runners"
ABOUT = {
    "commit": "abc1234",
    "measured": "2026-11-22",
    "seconds": 1200,
    "machine": {"cores": 2, "model": "a processor", "bfloat16": ["amx_bf16"], "load": [0.1, 2.0]},
}
ECHO = f"""
import sys
sys.path.insert(0, {str(RUNNERS)!r})
from serve import records, serve
class Echo:
    def load(self): print("a library prints")
    def index(self, corpus, folder): folder.mkdir()
    def encode(self, corpus): return len(list(records(corpus)))
    def open(self, folder): raise FileNotFoundError("no index there")
    def ask(self, question, k): return [[question, str(k)]]
serve(Echo())
"""


@pytest.fixture
def echo(tmp_path):
    script = tmp_path / "echo.py"
    script.write_text(ECHO, encoding="utf-8")
    with Conversation(Environment(Path(sys.executable), {}, {}), [script]) as running:
        yield running


def made_up():
    figures = {
        "trichdan": {"start": Figure((3.0, 3.1, 2.9)), "p50": Figure((40.0, 41, 42)), "alqac/full": Figure((0.925,))},
        "plain": {"start": Figure((8.0, 8.2, 8.1)), "p50": Figure((20.0, 21, 22)), "alqac/full": Figure((0.8,))},
    }
    workload = {"rounds": 3, "passages": 1000, "slice": 200, "questions": 100, "limit": 300}
    return Results(ABOUT, workload, {"trichdan": "Trích Dẫn", "plain": "plain"}, figures, {"alqac": 300})


def test_the_noise_is_what_the_middle_half_is_apart():
    """
    Of 1, 2, 3, 4 and 100 the middle half lies between 2 and 4.
    """
    figure = Figure((100, 1, 3, 2, 4))

    assert (figure.median, figure.noise) == (3, 2)


def test_ratios_are_taken_round_by_round():
    """
    A round in which both took ten times as long has the ratio of the others.
    """
    assert Figure((2, 40, 4)).relative_to(Figure((1, 10, 1))).values == (2, 4, 4)


def test_a_standing_is_by_the_best_of_the_others_and_beyond_the_noise():
    """
    Ahead of every other, level with the best within the noise, or behind the best.
    """
    fast, slow = Figure((10, 11, 12)), Figure((100, 110, 120))

    found = [standing(Figure(ours), [slow, fast], "lower") for ours in ((1, 2, 3), (11, 12, 13), (50, 51, 52))]

    assert found == ["ahead", "level", "behind"]


def test_the_table_says_where_the_project_is_not_ahead():
    """
    A row for each figure with unit, median and spread, and below it the rows that are lost.
    """
    table = markdown(made_up())

    assert "| start to first answer, s | 3.00 ±0.05 | 8.10 ±0.05 | ahead |" in table
    assert "| RR@10 alqac, full | 0.925 | 0.800 | ahead |" in table
    assert table.endswith("Not ahead: question, p50 (behind).")


def test_the_table_replaces_the_last_one_and_nothing_else(tmp_path):
    """
    Written twice, a README holds the second table once, between the words that it had.
    """
    readme = tmp_path / "README.md"
    empty = Path(conversation.__file__).parents[1] / "README.md"
    before, begin, rest = empty.read_text(encoding="utf-8").partition("<!-- written by")
    readme.write_text(before + begin + rest, encoding="utf-8")

    write_into(readme, "TABLE ONE")
    write_into(readme, "TABLE TWO")

    text = readme.read_text(encoding="utf-8")
    assert ("TABLE ONE" in text, text.count("TABLE TWO"), text.startswith(before)) == (False, 1, True)


def test_a_readme_without_a_place_for_the_table_is_refused():
    """
    Nothing is lost to a README whose marks were removed.
    """
    with pytest.raises(ValueError, match="put them back"):
        placed("table", "# Benchmarks")


def test_results_are_read_as_they_were_written(tmp_path):
    """
    The rounds survive, and everything is computed from them.
    """
    made_up().write(tmp_path / "results.json")

    assert Results.read(tmp_path / "results.json") == made_up()


def test_every_figure_gets_a_panel():
    """
    Bars for each contestant that has the figure, in one panel for each kind that can be compared.
    """
    results = made_up()
    results.figures["trichdan"]["command"] = Figure((3.5,))

    panels = [axes for plot in (speed_plot, quality_plot) for axes in plot(results).axes if axes.get_visible()]

    assert [len(axes.patches) for axes in panels] == [2, 2, 2]


def test_a_shared_place_counts_for_every_copy():
    """
    The right record second in a shared first place is found at rank 1; another at rank 2; a third not at all.
    """
    questions = [EvalQuestion(name, name, (Gold(name, ""),), alternatives=False) for name in "abc"]

    found = reciprocal_rank(questions, [[["x", "a"], ["y"]], [["x"], ["b"]], [["x"]]])

    assert found == pytest.approx((1 + 1 / 2 + 0) / 3)


def test_a_runner_is_asked_and_answers_in_vietnamese(echo):
    """
    A question comes through whole, whatever the runner's libraries print.
    """
    echo.say("load")

    assert echo.say("ask", question="Điều 5 quy định gì?", k=10) == {"places": [["Điều 5 quy định gì?", "10"]]}


def test_a_runner_says_what_its_work_took_and_its_peak(echo, tmp_path):
    """
    Records without text are no passages; an interpreter alone takes some megabytes.
    """
    lines = [json.dumps({"_id": name, "text": text}) for name, text in (("1", "một"), ("2", " "), ("3", "ba"))]
    (tmp_path / "corpus.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")

    indexed = echo.say("index", corpus=tmp_path, folder=tmp_path / "index")
    encoded = echo.say("encode", corpus=tmp_path)

    assert encoded["texts"] == 2
    assert 0 < indexed["seconds"] < 5
    assert 0 < encoded["seconds"] < 5
    assert 3 < echo.say("peak")["megabytes"] < 200


def test_a_runner_that_fails_is_a_fault_with_its_own_words(echo):
    """
    The driver stops with the runner's traceback instead of a missing figure.
    """
    with pytest.raises(RunnerFault, match="no index there"):
        echo.say("open", folder="nowhere")


@pytest.mark.parametrize(("packages", "made"), [(("peer",), [1, 1, 2]), ((), [1, 2, 3])])
def test_a_peer_s_index_is_made_again_only_for_another_corpus(packages, made, tmp_path):
    """
    The same corpus twice costs a peer one index, a changed one a second; this project is indexed every time.
    """
    corpus, script = tmp_path / "corpus", tmp_path / "echo.py"
    corpus.mkdir()
    (corpus / "corpus.jsonl").write_text("", encoding="utf-8")
    count = "(folder.parent / 'made').open('a').write('.')"
    script.write_text(ECHO.replace("folder.mkdir()", count), encoding="utf-8")
    (tmp_path / "serve.py").write_bytes((RUNNERS / "serve.py").read_bytes())
    contestant = Contestant("peer", "Peer", script, packages)
    kept = IndexStore({contestant: Environment(Path(sys.executable), {}, {})}, tmp_path, lambda _: None)

    found = []
    for text in ("", "", "\n"):
        (corpus / "corpus.jsonl").write_text(text, encoding="utf-8")
        kept.make(contestant, corpus)
        found.append(len((tmp_path / "made").read_text(encoding="utf-8")))

    assert found == made


def test_every_environment_keeps_to_the_project_s_torch():
    """
    Of the project's constraints exactly those of what computes are shared.
    """
    kept = shared_versions((environment.ROOT / "constraints.txt").read_text(encoding="utf-8")).splitlines()

    assert {line.partition("==")[0] for line in kept} == set(environment._SHARED)


def test_the_news_are_records_with_their_article_s_title(tmp_path):
    """
    So many paragraphs as were asked for, empty ones passed over.
    """
    (tmp_path / "corpora").mkdir()
    articles = [
        {"id": "7", "title": "Tin", "paragraphs": ["một", " ", "hai"]},
        {"id": "8", "title": "B", "paragraphs": ["ba"]},
    ]
    with gzip.open(tmp_path / "corpora" / "baomoi2017.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(article) + "\n" for article in articles)

    folder = Workload(tmp_path, 1, 2, 1, 1, None).write_news(tmp_path / "news", 2)

    assert [json.loads(line) for line in (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines()] == [
        {"_id": "7#1", "title": "Tin", "text": "một"},
        {"_id": "7#2", "title": "Tin", "text": "hai"},
    ]


def test_everybody_is_first_in_turn():
    """
    In four rounds each of four begins once, and none is left out.
    """
    rounds = [_rotated([OURS, PLAIN, TXTAI, HAYSTACK], number) for number in range(4)]

    assert {turns[0] for turns in rounds} == {OURS, PLAIN, TXTAI, HAYSTACK}
    assert all(len(set(turns)) == 4 for turns in rounds)


def test_an_unknown_peer_is_refused_with_the_known_ones():
    """
    The message names what there is.
    """
    with pytest.raises(SystemExit, match="plain, txtai, haystack"):
        select_contestants("plain,langchain")


def test_every_kind_of_figure_has_its_own_key():
    """
    No figure overwrites another.
    """
    assert len({kind.key for kind in SPEED}) == len(SPEED)
