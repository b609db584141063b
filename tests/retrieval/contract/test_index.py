"""An opened generation: what it proposes, scores, counts and stores."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import product

import numpy as np
import pytest

from retrieval.answering.open_generation import OpenGeneration
from retrieval.answering.quote import SourceWatch
from retrieval.errors import DamagedIndex, IndexMismatch, StaleQuote, UnknownPassage
from retrieval.index.build.encoder_input import window_texts
from retrieval.index.candidate import Candidate
from retrieval.index.contract import Index, LexicalSearch
from retrieval.language.analyzer import Terms, analyze
from retrieval.retriever import Retriever
from tests.retrieval.contract.engines import CorpusAndPlace, document
from tests.support.encoders import BagEncoder

K1, B = 1.2, 0.75  # BM25's, as Lucene and Tantivy have them
NOWHERE = np.zeros((0, BagEncoder.dim), np.float32)


def lexical(index: Index, text: str, k: int = 100, **also: Sequence[Sequence[Terms]]) -> list[Candidate]:
    """The candidates of the lexical channel alone."""
    return index.candidates(NOWHERE, index.lexical_matches(LexicalSearch(analyze(text), **also), k), k)


def by_id(candidates: Sequence[Candidate]) -> dict[str, Candidate]:
    """The candidates by the ids of their passages."""
    return {candidate.passage.passage_id: candidate for candidate in candidates}


@pytest.fixture
def index(built: CorpusAndPlace) -> Index:
    """All collections."""
    return built.place.open()


def test_every_passage_lies_in_its_document(index: Index) -> None:
    """At its offsets, in reading order, and is found by its id."""
    records = index.documents()
    stored = index.stored_documents([r.doc_id for r in records], with_passages={r.doc_id for r in records})

    assert [record.doc_id for record in records] == ["a.txt", "b.txt", "mat/c.txt", "noi-bo/d.txt"]
    for record in records:
        found = stored[record.doc_id]
        assert found.record == record
        assert [passage.paragraph for passage in found.passages] == [*range(1, len(found.passages) + 1)]
        for passage in found.passages:
            assert found.text[passage.start : passage.end] == passage.text
            assert index.passage(passage.passage_id) == passage


@pytest.mark.parametrize("name", ["a.txt#1\0", "'; --", "%s"])
def test_an_id_that_nothing_can_have_is_unknown(index: Index, name: str) -> None:
    """Whoever writes to a bot can send any."""
    for ask in (index.passage, index.full_document, lambda asked: index.stored_documents([asked])):
        with pytest.raises(UnknownPassage):
            ask(name)


def test_a_document_comes_back_as_it_was_read(site: CorpusAndPlace) -> None:
    """With its blocks, which the next build may need."""
    given = document("x", "Đoạn thứ nhất dài hơn.", "Đoạn thứ hai dài hơn nữa.", title="Tên")
    site.build(entries=[given])

    assert site.place.open().full_document("x") == given


@pytest.mark.parametrize("unknown", ["", "a.txt", "a.txt#99", "khong-co.txt#1"])
def test_an_unknown_passage_is_said(index: Index, unknown: str) -> None:
    """By the same error, whatever is wrong with the id."""
    with pytest.raises(UnknownPassage):
        index.passage(unknown)


def test_an_unknown_document_is_said(index: Index) -> None:
    """Also beside one that is there."""
    with pytest.raises(UnknownPassage):
        dict(index.stored_documents(["a.txt", "khong-co.txt"]))
    with pytest.raises(UnknownPassage):
        index.full_document("khong-co.txt")


def test_candidates_are_those_of_an_exhaustive_search(site: CorpusAndPlace) -> None:
    """Every passage scored by every channel as if it were computed by hand."""
    words = ("kho", "gạo", "súng", "đạn", "quân", "dân")
    pairs = enumerate(product(words, words[:4], words[:2]))
    texts = [" ".join((one, other, *[third] * (n % 12))) for n, (one, other, third) in pairs]
    titles = [f"Tên {words[n % 6]}" for n in range(len(texts))]
    numbered = enumerate(zip(texts, titles, strict=True))
    site.build(entries=[document(f"d{n:02}", text, title=title) for n, (text, title) in numbered])
    index, asked = site.place.open(), analyze("kho súng")
    vectors = site.encoder.encode_queries(["kho súng"])
    found = index.candidates(vectors, index.lexical_matches(LexicalSearch(asked), len(texts)), len(texts))

    assert [each.passage.text for each in found] == texts
    terms = [analyze(text) for text in texts]
    for name, passages, wanted in (
        ("exact", [each.exact for each in terms], asked.exact),
        ("folded", [each.folded for each in terms], asked.folded),
        ("title", [analyze(f"{title} ").folded for title in titles], asked.folded),
    ):
        assert [getattr(each.scores, name) for each in found] == pytest.approx(_bm25(passages, wanted), rel=1e-5)
    windows = [
        site.encoder.encode_passages(window_texts(title, each.passage)) @ vectors[0]
        for title, each in zip(titles, found, strict=True)
    ]
    for each, cosines in zip(found, windows, strict=True):
        assert each.scores.windows == pytest.approx(tuple(cosines), abs=1e-6)


def _bm25(passages: Sequence[Sequence[str]], terms: Sequence[str]) -> list[float]:
    """Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework", as Lucene computes the idf."""
    counts = [Counter(passage) for passage in passages]
    mean = sum(map(len, passages)) / len(passages)
    holding = {term: sum(term in count for count in counts) for term in terms}
    idf = {term: math.log(1 + (len(passages) - held + 0.5) / (held + 0.5)) for term, held in holding.items()}
    return [
        sum(
            idf[term] * count[term] * (K1 + 1) / (count[term] + K1 * (1 - B + B * len(passage) / mean))
            for term in terms
        )
        for passage, count in zip(passages, counts, strict=True)
    ]


def test_the_best_window_of_the_best_reading_counts(index: Index, built: CorpusAndPlace) -> None:
    """Three readings score as the best of three questions does."""
    readings = built.encoder.encode_queries(["kho gạo", "tập sự bao lâu", "trực ban"])
    matches = index.lexical_matches(LexicalSearch(analyze("kho")), 100)

    together = by_id(index.candidates(readings, matches, 100))
    apart = [by_id(index.candidates(reading[None], matches, 100)) for reading in readings]

    assert together.keys() == apart[0].keys()
    for name, found in together.items():
        best = np.max([own[name].scores.windows for own in apart], axis=0)
        assert found.scores.windows == pytest.approx(tuple(best), abs=1e-6)


def test_without_vectors_words_alone_propose(index: Index) -> None:
    """And no passage has a cosine."""
    found = lexical(index, "trực ban")

    assert [each.passage.passage_id for each in found] == ["noi-bo/d.txt#1"]
    assert (found[0].scores.windows, found[0].scores.dense) == ((), -1.0)


def test_without_words_vectors_alone_propose(index: Index, built: CorpusAndPlace) -> None:
    """A passage finds itself first."""
    text = "Kho số 8 có 90 tấn gạo."
    matches = index.lexical_matches(LexicalSearch(Terms((), ())), 100)
    found = index.candidates(built.encoder.encode_queries([text]), matches, 1)

    assert [each.passage.text for each in found] == [text]


def test_more_are_asked_for_than_there_are(index: Index, built: CorpusAndPlace) -> None:
    """All that match come, each once."""
    matches = index.lexical_matches(LexicalSearch(analyze("kho")), 10_000)
    found = index.candidates(built.encoder.encode_queries(["kho"]), matches, 10_000)

    names = [each.passage.passage_id for each in found]
    assert len(names) == len(set(names)) == index.manifest.passages


def test_at_least_the_best_are_proposed(index: Index) -> None:
    """With k 1 the best of each field, with its score unchanged."""
    everything, best = by_id(lexical(index, "kho số 7")), by_id(lexical(index, "kho số 7", 1))

    assert "b.txt#1" in best
    assert all(found.scores == everything[name].scores for name, found in best.items())


def test_candidates_come_in_reading_order(index: Index) -> None:
    """Of a document its paragraphs in order; keys sort alike."""
    found = lexical(index, "kho số có tập sự")
    names = [each.passage.passage_id for each in found]

    assert names == sorted(names)
    assert [each.key for each in found] == sorted(each.key for each in found)


def test_equal_passages_score_equally(site: CorpusAndPlace) -> None:
    """In every channel, whichever document they are in; ties keep reading order."""
    site.build(entries=[document(f"d{n}", "Kho số 7 có gạo.", "Khác hẳn thế.", title="Một tên") for n in range(5)])
    index, vectors = site.place.open(), site.encoder.encode_queries(["kho gạo"])
    found = index.candidates(vectors, index.lexical_matches(LexicalSearch(analyze("kho gạo")), 5), 5)

    assert len({each.scores for each in found if each.passage.text.startswith("Kho")}) == 1
    assert [each.passage.doc_id for each in found if each.passage.text.startswith("Kho")] == [f"d{n}" for n in range(5)]


def test_a_title_alone_proposes_nothing(index: Index) -> None:
    """But counts for a passage that is proposed."""
    assert lexical(index, "nội quy") == []
    by_both = by_id(lexical(index, "nội quy trực ban"))["noi-bo/d.txt#1"]
    assert by_both.scores.title > 0


def test_of_a_concept_the_best_wording_counts(index: Index) -> None:
    """As if only that had been asked; a synonym's later wordings count for less."""
    nothing = Terms((), ())
    alone = by_id(lexical(index, "trực ban"))["noi-bo/d.txt#1"].scores.folded
    matches = {
        name: index.lexical_matches(LexicalSearch(nothing, **{name: [[analyze("gác cổng"), analyze("trực ban")]]}), 10)
        for name in ("concepts", "synonyms")
    }
    found = {name: by_id(index.candidates(NOWHERE, each, 10)) for name, each in matches.items()}

    assert found["concepts"]["noi-bo/d.txt#1"].scores.folded == pytest.approx(alone, rel=1e-5)
    assert 0 < found["synonyms"]["noi-bo/d.txt#1"].scores.folded < alone


def test_named_passages_are_candidates(index: Index) -> None:
    """By the keys of their sections, though no word of theirs was asked."""
    matches = index.lexical_matches(LexicalSearch(analyze("trực ban"), documents=("b.txt",)), 10)
    named = matches.sections["b.txt"]
    found = index.candidates(NOWHERE, matches, 10, also={named[1].key})

    assert [each.text for each in named] == ["Kho số 7 có 200 tấn gạo.", "Kho số 8 có 90 tấn gạo."]
    assert [each.passage.passage_id for each in found] == ["b.txt#2", "noi-bo/d.txt#1"]


def test_rarity_counts_passages(index: Index) -> None:
    """A term that one passage holds is the rarest, one that none holds is not known."""
    rarity = index.rarity(["kho trực ban xyz"])

    assert (rarity.knows("kho"), rarity.knows("truc"), rarity.knows("xyz")) == (True, True, False)
    assert rarity.idf("folded", "truc") == pytest.approx(rarity.rarest_idf)
    assert rarity.idf("folded", "kho") < rarity.rarest_idf
    searched = index.lexical_matches(LexicalSearch(analyze("kho")), 3).rarity
    assert searched.idf("folded", "kho") == rarity.idf("folded", "kho")


def test_the_vocabulary_counts_syllables_and_pairs(index: Index) -> None:
    """By their bare spelling, with titles, and what is fetched beforehand reads the same."""
    index.vocabulary.prefetch(["tap su", "kho"])

    assert index.vocabulary.of("tap")["tập"] >= 3
    assert index.vocabulary.of_pair("tap", "su")["tập", "sự"] >= 3
    assert index.vocabulary.of("xyzw") == {}
    assert index.vocabulary.total > 40


def test_a_shortlist_is_read_whole(site: CorpusAndPlace) -> None:
    """Passages, the records of their documents, their footnotes, and how near their tokens are."""
    site.write("n.md", "# Báo cáo", "Kho có gạo[^1] và muối.", "[^1]: Theo sổ kho năm 2023.")
    site.write("a.txt", "Khác", "Đơn vị có 10 người.")
    site.build()
    index = site.place.open()
    tokens = site.encoder.encode_query_tokens("kho gạo")
    candidates = lexical(index, "kho gạo người")
    read = index.read_shortlist(tokens.vectors, candidates)
    cited = next(each.passage for each in candidates if each.passage.notes)

    assert read.records.keys() == {each.passage.doc_id for each in candidates}
    assert read.footnotes[cited.notes[0]].text == "Theo sổ kho năm 2023."
    assert len(read.similarities.counts) == len(candidates)
    assert read.similarities.blocks.shape[1] == len(tokens.vectors)
    nearest = {each.passage.passage_id: block.max() for each, block in zip(candidates, _blocks(read), strict=True)}
    assert nearest[cited.passage_id] == pytest.approx(1, abs=0.1)
    assert nearest["a.txt#1"] < 0.7


def _blocks(read) -> list[np.ndarray]:
    ends = np.cumsum(read.similarities.counts)
    return np.split(read.similarities.blocks, ends[:-1])


def test_the_catalogue_knows_all_documents(site: CorpusAndPlace) -> None:
    """By name, by shared title, by what they say of each other's force; which one alone has articles."""
    site.write(
        "luat.md", "# Luật Kho tàng", "## Điều 1. Phạm vi", "Luật này nói về kho.", "## Điều 2. Mở cửa", "Lúc 7 giờ."
    )
    site.write("a.txt", "Báo cáo", "Đơn vị có 10 người.")
    site.write("b.txt", "Báo cáo", "Đơn vị có 20 người.")
    site.build()
    catalogue = site.place.open().catalogue
    titled = catalogue.document_names.titled(["luat", "kho", "tang"])

    assert titled is not None
    assert [record.doc_id for record in titled.records] == ["luat.md"]
    assert catalogue.only_statute is not None
    assert catalogue.only_statute.doc_id == "luat.md"
    assert catalogue.shared_titles == {"Báo cáo"}
    assert catalogue.annexes == ()


def test_a_quote_is_proven(built: CorpusAndPlace) -> None:
    """A passage that is not at its offset, or a stored text that was changed, is never quoted."""
    place = built.place
    generation = OpenGeneration(place.open(), SourceWatch(None), today=date(2026, 1, 1))
    passage = generation.index.passage("b.txt#1")
    stored = generation.index.stored_documents(["b.txt"])["b.txt"]

    assert generation.quote(passage, stored).text == "Kho số 7 có 200 tấn gạo."
    with pytest.raises(StaleQuote):
        generation.quote(generation.index.passage("a.txt#1"), stored)
    built.engine.change_text(place.live(), "b.txt", "Thông báo\n\nKho số 7 có 900 tấn gạo.\n\nKho số 8 có 90 tấn gạo.")
    with pytest.raises(DamagedIndex):
        OpenGeneration(built.place.open(), SourceWatch(None)).whole_quote(passage)


def test_another_model_is_refused(built: CorpusAndPlace) -> None:
    """Its vectors mean nothing here."""
    with pytest.raises(IndexMismatch):
        Retriever(built.place, BagEncoder("bag/2")).ask("Kho số 7 có gì?")
