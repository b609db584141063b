"""`trichdan search --json`: the contract that other programs rely on, key by key."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from typer.testing import CliRunner

from embeddings import Encoder
from retrieval.answering.answer import to_json
from retrieval.retriever import Retriever
from retrieval.terminal import cli
from tests.support.corpus import Home, build_index, text_of_file

QUESTIONS = (
    "Việt Nam có quan hệ quốc phòng với bao nhiêu quốc gia?",
    "doi ngoai quoc phong nam 2023",
    "Cách nấu phở bò Hà Nội?",
    "Năm 2022 tổ chức bao nhiêu đoàn ra, đón bao nhiêu đoàn vào?",
)
ANSWER: dict[str, type] = {
    "question": str,
    "state": str,
    "confidence": float,
    "hits": list,
    "unnamed": list,
    "absent": type(None),  # a string where something named does not exist
    "unknown": list,
    "items": list,
    "parts": list,
    "old": type(None),  # a date where the present is asked for and the first document is old
    "undated": bool,
    "understood": dict,
    "ms": dict,
}
HIT: dict[str, type | tuple[type, ...]] = {
    "rank": int,
    "score": float,
    "passage_id": str,
    "doc_id": str,
    "source": str,
    "title": str,
    "number": (str, type(None)),
    "publisher": (str, type(None)),
    "author": (str, type(None)),
    "published": (str, type(None)),
    "effective": (str, type(None)),
    "force": list,
    "section": (str, type(None)),
    "page": (int, type(None)),
    "last_page": (int, type(None)),
    "paragraph": int,
    "paragraphs": int,
    "start": int,
    "end": int,
    "text": str,
    "highlight": list,
    "answer": (list, type(None)),
    "also": list,
    "remark": (str, type(None)),
}


@pytest.fixture(scope="module")
def printed(seeds: Home) -> bytes:
    """What is printed for the questions on standard input, ten hits each."""
    arguments = ["search", "--json", "-k", "10", "--index", str(seeds.index)]
    return CliRunner().invoke(cli.app, arguments, input="\n".join(QUESTIONS)).stdout_bytes


@pytest.fixture(scope="module")
def answers(printed: bytes) -> list[dict[str, Any]]:
    """The objects."""
    return [json.loads(line) for line in printed.decode().split("\n") if line]


@pytest.fixture(scope="module")
def hits(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The hits of all of them."""
    return [hit for answer in answers for hit in answer["hits"]]


def test_one_object_a_line_for_each_question(answers: list[dict[str, Any]]) -> None:
    """In the order in which they were asked, as they were typed."""
    assert [answer["question"] for answer in answers] == list(QUESTIONS)


def test_letters_are_not_escaped(printed: bytes) -> None:
    """UTF-8, readable with grep."""
    assert "hơn 100 quốc gia" in printed.decode()
    assert b"\\u" not in printed


def test_keys_and_types_of_an_answer(answers: list[dict[str, Any]]) -> None:
    """Exactly these keys in this order, with these types."""
    found = [{key: type(value) for key, value in answer.items()} for answer in answers]

    assert found == [ANSWER] * len(QUESTIONS)
    assert [list(answer) for answer in answers] == [list(ANSWER)] * len(QUESTIONS)


def test_keys_and_types_of_a_hit(hits: list[dict[str, Any]]) -> None:
    """Exactly these keys in this order, with these types; what is unknown is null and never ""."""
    assert len(hits) == 40
    assert {tuple(hit) for hit in hits} == {tuple(HIT)}
    assert all(
        isinstance(hit[key], kind) and not isinstance(hit[key], bool) for hit in hits for key, kind in HIT.items()
    )
    assert "" not in {hit[key] for hit in hits for key in ("publisher", "author", "published", "section")}


def test_state_and_confidence_have_their_range(answers: list[dict[str, Any]]) -> None:
    """One of three words, and a probability."""
    assert {answer["state"] for answer in answers} <= {"found", "weak", "none"}
    assert all(0 <= answer["confidence"] <= 1 for answer in answers)
    assert answers[0]["state"] == "found"


def test_hits_are_there_when_nothing_was_found(answers: list[dict[str, Any]]) -> None:
    """State "none" is a judgement of ours; a program may look at the hits all the same."""
    unanswered = answers[2]

    assert (unanswered["state"], len(unanswered["hits"])) == ("none", 10)


def test_ranks_count_from_one(answers: list[dict[str, Any]]) -> None:
    """1 to k, scores falling."""
    for answer in answers:
        scores = [hit["score"] for hit in answer["hits"]]
        assert [hit["rank"] for hit in answer["hits"]] == list(range(1, 11))
        assert scores == sorted(scores, reverse=True)


def test_text_is_a_slice_of_its_source(hits: list[dict[str, Any]], seeds: Home) -> None:
    """`source` is a path below the corpus, and start and end are offsets into that file's text."""
    found = [text_of_file(seeds.corpus / hit["source"])[hit["start"] : hit["end"]] for hit in hits]

    assert found == [hit["text"] for hit in hits]


def test_highlight_is_a_span_of_text(hits: list[dict[str, Any]]) -> None:
    """Two integers inside the text, of words and not of blanks."""
    for hit in hits:
        start, end = hit["highlight"]
        assert (type(start), type(end)) == (int, int)
        assert 0 <= start < end <= len(hit["text"])
        assert hit["text"][start:end] == hit["text"][start:end].strip()


def test_dates_are_iso(hits: list[dict[str, Any]]) -> None:
    """The two dated seeds have their dates, the others null."""
    found = {hit["source"][:3]: hit["published"] for hit in hits}

    assert found == {"000": None, "001": None, "002": None, "003": "2017-08-25", "004": "2023-03-09"}
    assert date.fromisoformat("2017-08-25")


def test_paragraphs_are_counted(hits: list[dict[str, Any]]) -> None:
    """A passage's number is at most the number of paragraphs, and is the one in its id."""
    numbers = [int(re.search(r"#(\d+)", hit["passage_id"])[1]) for hit in hits]  # type: ignore[index]

    assert numbers == [hit["paragraph"] for hit in hits]
    assert all(0 <= hit["paragraph"] <= hit["paragraphs"] for hit in hits)
    assert {hit["passage_id"].partition("#")[0] for hit in hits} == {hit["doc_id"] for hit in hits}


def test_understood_says_what_was_searched(answers: list[dict[str, Any]]) -> None:
    """The bare question is understood with its marks; the one with marks is left as it is."""
    texts = [answer["understood"]["text"] for answer in answers]

    assert texts[:2] == [QUESTIONS[0], "đối ngoại quốc phòng năm 2023"]


def test_copies_say_where_they_stand(own_seeds: Home, model: Encoder) -> None:
    """A reprint under another date: exactly these keys in this order, and a span of its own source."""
    original = "003_440752a034d0820c.txt"
    reprint = text_of_file(own_seeds.corpus / original).replace("25/08/2017", "20/08/2017")
    (own_seeds.corpus / "100.txt").write_text(reprint.replace("Đặc biệt", "(TTXVN) - Đặc biệt"), encoding="utf-8")
    build_index(own_seeds.corpus, own_seeds.index, model)
    question = "Bệnh viện dã chiến ở Nam Xu-đăng có bao nhiêu người?"

    found = json.loads(json.dumps(to_json(Retriever(own_seeds.index, model).ask(question, k=1))))

    (hit,) = found["hits"]
    (copy,) = hit["also"]
    text = text_of_file(own_seeds.corpus / copy["source"])[copy["start"] : copy["end"]]
    assert list(copy) == ["passage_id", "source", "title", "published", "paragraph", "start", "end"]
    assert {hit["source"]: hit["published"], copy["source"]: copy["published"]} == {
        original: "2017-08-25",
        "100.txt": "2017-08-20",
    }
    assert text.removeprefix("(TTXVN) - ") == hit["text"].removeprefix("(TTXVN) - ")


def test_times_are_numbers(answers: list[dict[str, Any]]) -> None:
    """Milliseconds by stage; the total is not less than any of them."""
    for answer in answers:
        spent = answer["ms"]
        assert all(isinstance(value, float) and value >= 0 for value in spent.values())
        assert spent["total"] == max(spent.values())


def test_an_argument_gives_the_same_object(seeds: Home, answers: list[dict[str, Any]]) -> None:
    """One question as an argument is one line, equal but for the times."""
    arguments = ["search", "--json", "--index", str(seeds.index), QUESTIONS[0]]

    result = CliRunner().invoke(cli.app, arguments)

    assert result.stdout.count("\n") == 1
    assert {**json.loads(result.stdout), "ms": None} == {**answers[0], "ms": None}
