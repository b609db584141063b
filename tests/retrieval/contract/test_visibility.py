"""A view of some collections: as if the others were not there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from retrieval.errors import UnknownPassage
from retrieval.index.contract import Index, LexicalSearch
from retrieval.language.analyzer import analyze
from retrieval.language.document_number import parse_number
from tests.retrieval.answering.test_legal_force import NEW, OLD
from tests.retrieval.contract.engines import CorpusAndPlace

OPEN = frozenset({"", "noi-bo"})


@pytest.fixture
def view(built: CorpusAndPlace) -> Index:
    """Without the closed collection."""
    return built.place.open().restrict(OPEN)


@pytest.fixture
def alone(built: CorpusAndPlace) -> Index:
    """An index that never had the closed collection."""
    (built.corpus / "mat" / "c.txt").unlink()
    built.build()
    return built.place.open()


def test_a_view_is_named_after_its_generation(built: CorpusAndPlace) -> None:
    """All collections are no view; the same collections are the same view, also of a view."""
    index = built.place.open()

    assert index.collections == {"", "mat", "noi-bo"}
    assert index.restrict(None) is index
    assert index.restrict(index.collections) is index
    view = index.restrict(OPEN)
    assert (view.name, view.collections) == (index.name, OPEN)
    assert index.restrict(OPEN | {"không có"}) is view
    assert view.restrict(frozenset({"mat", ""})).collections == {""}


@pytest.mark.parametrize(
    "ask",
    [
        lambda index: index.passage("mat/c.txt#1"),
        lambda index: dict(index.stored_documents(["mat/c.txt"])),
        lambda index: index.full_document("mat/c.txt"),
    ],
)
def test_what_is_closed_is_unknown(view: Index, ask: Callable[[Index], object]) -> None:
    """By the same sentence as what is not there."""
    with pytest.raises(UnknownPassage, match=r"mat/c\.txt"):
        ask(view)


def test_a_view_is_an_index_without_the_others(built: CorpusAndPlace) -> None:
    """The same candidates with the same scores, counts, spellings, records and names."""
    encoder = built.encoder
    found = {}
    views = {"view": built.place.open().restrict(OPEN)}
    (built.corpus / "mat" / "c.txt").unlink()
    built.build()
    views["alone"] = built.place.open()
    for name, index in views.items():
        matches = index.lexical_matches(LexicalSearch(analyze("kho súng Hải Âu BTLHA")), 100)
        candidates = index.candidates(encoder.encode_queries(["kho súng"]), matches, 100)
        rarity = index.rarity(["kho súng"])
        found[name] = (
            [(each.passage.passage_id, each.scores) for each in candidates],
            (rarity.idf("folded", "kho"), rarity.knows("sung"), rarity.rarest_idf),
            (dict(index.vocabulary.of("kho")), dict(index.vocabulary.of("sung")), index.vocabulary.total),
            dict(index.vocabulary.of_pair("hai", "au")),
            index.abbreviations.expansions("BTLHA"),
            [record.doc_id for record in index.documents()],
            (index.catalogue.shared_titles, index.catalogue.annexes, index.collections),
        )

    assert found["view"][1:] == found["alone"][1:]
    assert [name for name, _ in found["view"][0]] == [name for name, _ in found["alone"][0]]
    for (_, ours), (_, theirs) in zip(found["view"][0], found["alone"][0], strict=True):
        assert ours.windows == pytest.approx(theirs.windows, abs=1e-6)
        assert (ours.exact, ours.folded, ours.title) == pytest.approx((theirs.exact, theirs.folded, theirs.title))


def test_a_named_document_that_is_closed_has_no_sections(view: Index) -> None:
    """Nothing of it is brought along."""
    matches = view.lexical_matches(LexicalSearch(analyze("kho"), documents=("b.txt", "mat/c.txt")), 10)

    assert set(matches.sections) == {"b.txt"}


ANNEXED = f"{NEW}PHỤ LỤC I\nMẪU CAM KẾT\nĐiều 1. Bên A\nBên A trồng rừng đúng hạn.\n"


@pytest.fixture
def decrees(site: CorpusAndPlace) -> CorpusAndPlace:
    """An open decree, and a closed one that ends it; a report of one title in both collections."""
    site.write("cu.txt", OLD)
    site.write("mat/moi.txt", ANNEXED)
    for name in ("bao-cao.txt", "mat/bao-cao.txt"):
        site.write(name, "Báo cáo quý", f"Trồng rừng ở {name}.")
    site.build()
    return site


def catalogue_of(index: Index) -> dict[str, object]:
    """Everything that a catalogue says."""
    found = index.catalogue
    number = parse_number("38/2022/NĐ-CP")
    assert number is not None
    return {
        "statute": found.only_statute.doc_id if found.only_statute else None,
        "annexes": [doc_id for doc_id, _ in found.annexes],
        "titles": sorted(found.shared_titles),
        "numbered": [record.doc_id for record in found.document_names.numbered(number)],
        "ends": [change.doc_id for change in found.legal_statuses.of("cu.txt").ends],
    }


def test_a_catalogue_tells_of_what_may_be_seen(decrees: CorpusAndPlace) -> None:
    """Of all: what ends the open decree, shared titles, annexes; of the open ones: nothing that is closed."""
    index = decrees.place.open()

    assert catalogue_of(index) == {
        "statute": None,
        "annexes": ["mat/moi.txt"],
        "titles": ["Báo cáo quý"],
        "numbered": ["mat/moi.txt"],
        "ends": ["mat/moi.txt"],
    }
    assert catalogue_of(index.restrict(frozenset({""}))) == {
        "statute": "cu.txt",
        "annexes": [],
        "titles": [],
        "numbered": [],
        "ends": [],
    }


def test_the_rarity_of_a_search_is_the_views(view: Index, alone: Index) -> None:
    """By which questions are weighed: a closed document's words change no number and are not known."""
    search = LexicalSearch(analyze("kho súng Hải Âu"), texts=("kho súng",))
    ours, theirs = view.lexical_matches(search, 10).rarity, alone.lexical_matches(search, 10).rarity

    assert [ours.idf("folded", term) for term in ("kho", "sung", "truc")] == [
        theirs.idf("folded", term) for term in ("kho", "sung", "truc")
    ]
    assert (ours.rarest_idf, ours.knows("sung")) == (theirs.rarest_idf, False)
