"""
Answers within collections: as if the others did not exist. Compared with indexes that hold those documents alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.errors import UnknownPassage
from retrieval.retriever import Retriever
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder

pytestmark = pytest.mark.slow

SAME = "Thời hạn nộp báo cáo quý là ngày 15 của tháng đầu quý sau, gửi về Văn phòng cơ quan."
CORPUS = {
    "gioi-thieu.txt": f"Giới thiệu\n\nCơ quan có 70 người.\n\n{SAME}",
    "mat/luong.txt": f"Lương lãnh đạo\n\nÔng Đặng Kỳ Dương được trả 90 triệu (tiền lương đặc biệt (TLĐB)).\n\n{SAME}",
    "mat/ban/ke-hoach.txt": "Kế hoạch kín\n\nCơ quan có kế hoạch sáp nhập.\n\nHọp kín ngày 9/2 về sáp nhập.",
    "quy-che/bao-cao.txt": f"Quy chế báo cáo\n\n{SAME}\n\nBáo cáo năm nộp trước ngày 31 tháng 01.",
    "quy-che/chi-tieu.txt": "Quy chế chi tiêu\n\nCông tác phí là 200 nghìn đồng một ngày.\n\nCơ quan chi trả tiền vé.",
    "zz.txt": "Phụ lục\n\nDanh sách 12 phòng họp của cơ quan.",
}
COLLECTIONS = ("", "mat", "quy-che")
SUBSETS = [frozenset(chosen) for size in range(4) for chosen in combinations(COLLECTIONS, size)]
WORDS = sorted({word for text in CORPUS.values() for word in re.findall(r"\w+", text)})


def of(collections: frozenset[str]) -> list[str]:
    """The corpus' documents in these collections, told by hand."""
    return [name for name in CORPUS if (name.split("/")[0] if "/" in name else "") in collections]


def built(folder: Path, names: list[str]) -> Path:
    """An index of these documents alone."""
    for name in names:
        path = folder / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(CORPUS[name], encoding="utf-8")
    build_index(folder / "corpus", folder / "index", BagEncoder())
    return folder / "index"


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    """Over all documents."""
    return Retriever(built(tmp_path_factory.mktemp("all"), list(CORPUS)), BagEncoder())


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[frozenset[str], Retriever]:
    """For each choice of collections an index that holds nothing else."""
    folders = {chosen: tmp_path_factory.mktemp("alone") for chosen in SUBSETS if chosen}
    return {chosen: Retriever(built(folder, of(chosen)), BagEncoder()) for chosen, folder in folders.items()}


@settings(max_examples=60)
@given(chosen=st.sampled_from(SUBSETS[1:]), words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=6))
def test_it_is_as_if_the_others_did_not_exist(
    everything: Retriever, alone: dict[frozenset[str], Retriever], chosen: frozenset[str], words: list[str]
) -> None:
    """
    The same candidates, by the same reading of the question and with the same share of known words as an index of
    those documents gives; every quote, copy and notice is of one of them.
    """
    question = " ".join(words)
    expected = alone[chosen].rank(question)

    answer = everything.ask(question, k=100, within=chosen)
    ranking = everything.rank(question, within=chosen)

    quoted = [hit.quote for hit in answer.hits] + [copy for hit in answer.hits for copy in hit.duplicates]
    assert {quote.doc_id for quote in quoted} <= set(of(chosen))
    assert ids(ranking) == ids(expected)
    assert {quote.passage_id for quote in quoted} == ids(expected)
    assert answer.query == expected.query
    assert (ranking.covered == 1.0) == (expected.covered == 1.0)


def ids(ranking) -> set[str]:
    return {candidate.passage.passage_id for candidate in ranking.candidates}


def test_a_small_part_is_searched_to_its_ground(
    tmp_path: Path, folder: Path, indexed: Callable[..., Path], encoder: BagEncoder
) -> None:
    """
    Three passages among three hundred better ones, more than any channel gives candidates: all three are found. A
    filter behind the search would find none.
    """
    (folder / "nho").mkdir()
    for i in range(3):
        (folder / "nho" / f"{i}.txt").write_text(f"Ghi chú {i}\n\nMột báo cáo khác, số {i}.", encoding="utf-8")
    index = indexed(**{f"{i:03}": f"Báo cáo\n\nBáo cáo quý nộp ngày 15 số {i}." for i in range(300)})

    answer = Retriever(index, encoder).ask("báo cáo quý nộp ngày 15", k=3, within=frozenset({"nho"}))

    assert sorted(hit.quote.doc_id for hit in answer.hits) == ["nho/0.txt", "nho/1.txt", "nho/2.txt"]


def test_none_is_everything_and_nothing_is_nothing(everything: Retriever) -> None:
    """Without a restriction all is searched; with an empty one, or one that names no folder, nothing is found."""
    free, all_named = (
        everything.ask("báo cáo quý", k=9),
        everything.ask("báo cáo quý", k=9, within=frozenset(COLLECTIONS)),
    )
    empty, unknown = (everything.ask("báo cáo quý", within=frozenset(names)) for names in ((), ("la",)))

    assert [hit.quote.passage_id for hit in free.hits] == [hit.quote.passage_id for hit in all_named.hits]
    assert [(each.state, each.confidence, each.hits, each.notices) for each in (empty, unknown)] == [
        ("none", 0.0, (), ())
    ] * 2


def test_a_copy_that_may_not_be_seen_is_not_named(everything: Retriever) -> None:
    """The same paragraph stands in three collections; "Cũng đăng ở" names those that its reader may see."""
    question = "Thời hạn nộp báo cáo quý là ngày nào?"

    free, narrow = everything.ask(question), everything.ask(question, within=frozenset({"", "quy-che"}))

    def places(answer):
        hit = answer.hits[0]
        return sorted([hit.quote.doc_id, *(copy.doc_id for copy in hit.duplicates)])

    assert places(free) == ["gioi-thieu.txt", "mat/luong.txt", "quy-che/bao-cao.txt"]
    assert places(narrow) == ["gioi-thieu.txt", "quy-che/bao-cao.txt"]


@pytest.mark.parametrize("typed", ["ong dang ky duong", "TLĐB là gì"])
def test_a_question_is_not_understood_by_what_may_not_be_seen(everything: Retriever, typed: str) -> None:
    """Neither a name's marks nor what an abbreviation stands for is learned by asking; who may see it, is helped."""
    seen = everything.ask(typed, within=frozenset({"mat"})).query.understood()
    unseen = everything.ask(typed, within=frozenset({"", "quy-che"})).query.understood()

    assert re.search("ông đặng kỳ dương|tiền lương đặc biệt", str(seen).lower())
    assert not re.search("kỳ dương|tiền lương", str(unseen).lower())


def test_confidence_is_of_what_is_left(everything: Retriever) -> None:
    """A question that only a closed document answers is not answered, and not called likely."""
    question = "Kế hoạch sáp nhập được họp kín ngày nào?"

    seen, unseen = (everything.ask(question, within=frozenset({name})) for name in ("mat", "quy-che"))

    assert seen.confidence > unseen.confidence
    assert unseen.state == "none"


def test_a_changed_file_that_may_not_be_seen_is_not_mentioned(tmp_path: Path) -> None:
    """A notice names a document, so there is none about a closed one."""
    retriever = Retriever(built(tmp_path, list(CORPUS)), BagEncoder())
    (tmp_path / "corpus" / "mat" / "luong.txt").write_text("khác", encoding="utf-8")

    free, narrow = (retriever.ask("lương báo cáo", k=50, within=w) for w in (None, frozenset({"", "quy-che"})))

    assert "mat/luong.txt" in str(free.notices)
    assert narrow.notices == ()


def test_what_may_not_be_seen_is_refused_as_what_is_not_there(everything: Retriever) -> None:
    """A passage, its neighbours, its document: in the very words in which an unknown one is refused."""
    within = frozenset({"", "quy-che"})
    attempts = [
        everything.passage,
        lambda name, within: everything.neighbour(name, 1, within=within),
        everything.outline,
    ]
    said = []
    for attempt in attempts:
        for name in ("mat/luong.txt#1", "mat/khong-co.txt#1"):
            with pytest.raises(UnknownPassage) as refusal:
                attempt(name if attempt != attempts[2] else name.removesuffix("#1"), within=within)
            said.append(str(refusal.value).replace("luong", "X").replace("khong-co", "X"))

    assert said[::2] == said[1::2]
    assert everything.passage("mat/luong.txt#1", within=frozenset({"mat"})).doc_id == "mat/luong.txt"


def test_documents_and_collections(everything: Retriever) -> None:
    """Only the records of what may be seen, in the order of their ids; the collections of all."""
    listed = [record.doc_id for record in everything.documents(within=frozenset({"quy-che"}))]

    assert listed == ["quy-che/bao-cao.txt", "quy-che/chi-tieu.txt"]
    assert len(everything.documents()) == len(CORPUS)
    assert everything.collections() == set(COLLECTIONS)
