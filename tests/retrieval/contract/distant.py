"""
A place and its indexes as if they stood behind a network: every crossing is counted.

Only what a batch has brought is known here; anything else is fetched by itself, which counts too. What is loaded once
for a generation (its manifest, its catalogue, its abbreviations) is not a question's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from retrieval.index.candidate import Candidate
from retrieval.index.contract import Index, LexicalMatches, LexicalSearch, Rarity, SectionedPassage, Shortlist
from retrieval.index.place import Place
from retrieval.index.records.stored_document import StoredDocument
from retrieval.index.scoring.field_query import Field
from retrieval.language.analyzer import WORD, analyze
from retrieval.language.diacritic_restoration import Spellings
from retrieval.language.spelling import fold, folded_key
from retrieval.passage import Passage


@dataclass
class Traffic:
    """The crossings, each by what it fetched."""

    crossings: list[str] = field(default_factory=list)
    spellings: set[str] = field(default_factory=set)  # that were fetched

    def cross(self, what: str) -> None:
        """One more."""
        self.crossings.append(what)

    def take(self) -> list[str]:
        """Those since the last call; what they fetched is forgotten."""
        taken, self.crossings = self.crossings, []
        self.spellings.clear()
        return taken


class DistantPlace:
    """Opens indexes whose traffic is counted."""

    def __init__(self, place: Place, traffic: Traffic) -> None:
        self._place = place
        self._traffic = traffic

    def open(self, name: str | None = None) -> DistantIndex:
        return DistantIndex(self._place.open(name), self._traffic)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._place, name)


class DistantIndex:
    """An index of which nothing is known but what was fetched."""

    def __init__(self, index: Index, traffic: Traffic) -> None:
        self._index = index
        self._traffic = traffic
        self._near: dict[Any, Candidate] = {}
        self.vocabulary = DistantSpellings(index.vocabulary, traffic)

    def __getattr__(self, name: str) -> Any:
        assert name in {"name", "manifest", "abbreviations", "collections", "scale", "catalogue"}, name
        return getattr(self._index, name)

    def restrict(self, within: frozenset[str] | None) -> DistantIndex:
        view = self._index.restrict(within)
        return self if view is self._index else DistantIndex(view, self._traffic)

    def rarity(self, texts: Iterable[str]) -> DistantRarity:
        texts = tuple(texts)
        self._traffic.cross("rarity")
        return DistantRarity(self._index.rarity(texts), self._traffic, _terms(texts))

    def lexical_matches(self, search: LexicalSearch, k: int) -> DistantMatches:
        self._traffic.cross("words")
        found = self._index.lexical_matches(search, k)
        wordings = [search.terms, *(w for concept in (*search.concepts, *search.synonyms) for w in concept)]
        known = _terms(search.texts) | {term for terms in wordings for term in (*terms.exact, *terms.folded)}
        sections = {doc_id: list(map(_with_text, its)) for doc_id, its in found.sections.items()}
        return DistantMatches(found, DistantRarity(found.rarity, self._traffic, known), sections)

    def candidates(self, vectors, found: DistantMatches, k: int, also=frozenset()) -> list[Candidate]:
        self._traffic.cross("candidates")
        near = self._index.candidates(vectors, found.found, k, also)
        self._near |= {candidate.key: candidate for candidate in near}
        return [Candidate(self._fetch_passage, candidate.scores, candidate.key) for candidate in near]

    def read_shortlist(self, vectors, candidates: Sequence[Candidate]) -> Shortlist:
        self._traffic.cross("shortlist")
        read = self._index.read_shortlist(vectors, [self._near[candidate.key] for candidate in candidates])
        for candidate in candidates:  # only if it was brought along; otherwise it is fetched by itself
            if "passage" in vars(self._near[candidate.key]):
                candidate.passage = self._near[candidate.key].passage
        return read

    def stored_documents(self, doc_ids: Iterable[str], *, with_passages=frozenset()) -> Mapping[str, StoredDocument]:
        self._traffic.cross("documents")
        found = self._index.stored_documents(tuple(doc_ids), with_passages=with_passages)
        return {doc_id: self._brought(doc_id, each, with_passages) for doc_id, each in found.items()}

    def passage(self, passage_id: str) -> Passage:
        self._traffic.cross(f"passage {passage_id}")
        return self._index.passage(passage_id)

    def _brought(self, doc_id: str, stored: StoredDocument, with_passages: frozenset[str]) -> StoredDocument:
        text = stored.text
        if doc_id in with_passages:
            passages = stored.passages
            return replace(stored, read_text=lambda: text, read_passages=lambda: passages)

        def fetch() -> list[Passage]:
            self._traffic.cross(f"passages of {doc_id}")
            return stored.passages

        return replace(stored, read_text=lambda: text, read_passages=fetch)

    def _fetch_passage(self, key: object) -> Passage:
        self._traffic.cross("passage of a candidate")
        return self._near[key].passage


@dataclass(frozen=True)
class DistantMatches:
    """What the lexical channel found, with what it brought along."""

    found: LexicalMatches
    rarity: DistantRarity
    sections: Mapping[str, Sequence[SectionedPassage]]


class DistantRarity:
    """How rare the terms are that were asked for."""

    def __init__(self, rarity: Rarity, traffic: Traffic, known: set[str]) -> None:
        self._rarity = rarity
        self._traffic = traffic
        self._known = known
        self.rarest_idf = rarity.rarest_idf

    def idf(self, name: Field, term: str) -> float:
        self._know(term)
        return self._rarity.idf(name, term)

    def knows(self, folded_term: str) -> bool:
        self._know(folded_term)
        return self._rarity.knows(folded_term)

    def _know(self, term: str) -> None:
        if term not in self._known:
            self._traffic.cross(f"rarity of {term}")
            self._known.add(term)


class DistantSpellings:
    """The counts of the syllables and pairs that were fetched."""

    def __init__(self, spellings: Spellings, traffic: Traffic) -> None:
        self._spellings = spellings
        self._traffic = traffic
        self.total = spellings.total

    def prefetch(self, texts: Iterable[str]) -> None:
        keys = set()
        for text in texts:
            words = [fold(word) for word in WORD.findall(text)]
            keys |= {*words, *(f"{one} {other}" for one, other in pairwise(words))}
        if not keys <= self._traffic.spellings:
            self._traffic.cross("spellings")
            self._traffic.spellings |= keys

    def of(self, folded: str) -> Mapping[str, int]:
        self._know(folded)
        return self._spellings.of(folded)

    def of_pair(self, first: str, second: str) -> Mapping[tuple[str, str], int]:
        self._know(f"{first} {second}")
        return self._spellings.of_pair(first, second)

    def _know(self, key: str) -> None:
        if key not in self._traffic.spellings:
            self._traffic.cross(f"spelling of {key}")
            self._traffic.spellings.add(key)


def _terms(texts: Iterable[str]) -> set[str]:
    """The terms of texts, and the keys of their words."""
    found: set[str] = set()
    for text in texts:
        terms = analyze(text)
        found |= {*terms.exact, *terms.folded, *(folded_key(word) for word in WORD.findall(text))}
    return found


def _with_text(passage: SectionedPassage) -> SectionedPassage:
    text = passage.text
    return replace(passage, read_text=lambda _: text)
