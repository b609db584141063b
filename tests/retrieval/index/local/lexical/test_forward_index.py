"""The forward index against counting by hand, and BM25 over it against Tantivy's own."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.errors import DamagedIndex
from retrieval.index.local.lexical.channel import LexicalChannel
from retrieval.index.local.lexical.forward_files import ENDS, FILE, LENGTHS, ForwardWriter, open_forward_index
from retrieval.index.scoring.bm25 import stored_length
from retrieval.index.scoring.field_query import FIELDS, FieldQuery
from retrieval.index.scoring.forward_index import ForwardIndex
from retrieval.index.scoring.passage_terms import PassageTerms
from retrieval.language.analyzer import analyze

SYLLABLES = st.lists(st.sampled_from(["quân", "đội", "đổi", "mới", "29/7/2022", "104/2012/NĐ-CP", "-"]), max_size=12)
TEXTS = st.lists(SYLLABLES.map(" ".join), min_size=1, max_size=8)


def written(folder: Path, texts: list[str]) -> ForwardIndex:
    with closing(ForwardWriter(folder, 2)) as writer:
        for text in texts:
            writer.add(analyze(text).exact, analyze(text).folded)
    return open_forward_index(folder)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(TEXTS, SYLLABLES.map(" ".join))
def test_terms_are_counted(tmp_path: Path, texts: list[str], question: str) -> None:
    """Each term of the question, pairs and dates too, as often as the analyzer gives it for the passage."""
    forward, rows = written(tmp_path, texts), list(range(len(texts)))[::-1]
    terms = analyze(question).folded

    for field, name in enumerate(("exact", "folded")):
        field_queries = [getattr(analyze(texts[row]), name) for row in rows]
        assert forward.counts(field, terms, rows).tolist() == [
            [own.count(term) for own in field_queries] for term in terms
        ]
        assert forward.lengths(field, rows).tolist() == [len(own) for own in field_queries]


@settings(max_examples=20)
@given(TEXTS, SYLLABLES, SYLLABLES, SYLLABLES)
def test_chosen_passages_score_as_found_ones(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], one: list[str], other: list[str], third: list[str]
) -> None:
    """Terms, concepts and synonyms come to Tantivy's own sums in every field; what it does not find scores nothing."""
    folder = tmp_path_factory.mktemp("lexical")
    LexicalChannel.write(folder, (PassageTerms.of(f"{t} {t * i}", t) for i, t in enumerate(texts)))
    channel = LexicalChannel.open(folder)
    bags = tuple(analyze(" ".join(words)).folded for words in (one, other, third))
    words = FieldQuery(bags[0], (bags[:2],), ((bags[1], bags[2], bags[0]),))

    found = {field: channel.search(field, words, len(texts)) for field in FIELDS}

    scores = channel.score(dict.fromkeys(FIELDS, words), range(len(texts)))

    assert scores == {
        row: pytest.approx([found[field].get(row, 0.0) for field in FIELDS], rel=1e-5) for row in range(len(texts))
    }


def test_lengths_are_kept_as_lucene_keeps_them() -> None:
    """The first values of its table beyond the exact ones, and two further on."""
    kept = stored_length(np.array([0, 23, 24, 39, 40, 41, 42, 43, 54, 55, 57, 60, 281, 2000]))

    assert kept.tolist() == [0, 23, 24, 39, 40, 40, 42, 42, 54, 54, 56, 60, 280, 1944]


@pytest.mark.parametrize("name", [FILE, ENDS, LENGTHS])
def test_a_damaged_file_is_named(tmp_path: Path, name: str) -> None:
    """Half a file is an error of ours, with the remedy."""
    written(tmp_path, ["quân đội", "đổi mới"])
    path = tmp_path / name
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    with pytest.raises(DamagedIndex, match="--rebuild"):
        open_forward_index(tmp_path)
