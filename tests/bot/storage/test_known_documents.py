"""Which documents are new to whom."""

from __future__ import annotations

import pytest

from bot.storage.known_documents import KnownDocuments
from bot.storage.retention import Retention
from bot.storage.state import Person


@pytest.fixture
def known(state):
    """Two documents that 5 has seen."""
    known = KnownDocuments(state)
    known.record([("a", "1"), ("b", "2")], are_all=True)
    known.visit(5, known.new_for(5).batch)
    return known


def test_nothing_is_new_to_whom_was_never_here(known):
    """All of it would be."""
    assert known.new_for(6).ids == frozenset()


def test_what_came_later_is_new_until_it_was_seen(known):
    """Also after a second batch."""
    known.record([("a", "1"), ("b", "2"), ("c", "3")], are_all=True)
    known.record([("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")], are_all=True)
    new = known.new_for(5)
    known.visit(5, new.batch)

    assert (new.ids, known.new_for(5).ids) == ({"c", "d"}, frozenset())


def test_what_came_between_the_list_and_the_note_of_it_is_new(known):
    """A visit counts for what was there when the list was made."""
    before = known.new_for(5)
    known.record([("a", "1"), ("c", "3")], are_all=True)
    known.visit(5, before.batch)

    assert known.new_for(5).ids == {"c"}


def test_a_renamed_or_changed_document_is_not_new(known):
    """It is known by its content, or by its name."""
    known.record([("renamed", "1"), ("b", "changed")], are_all=True)

    assert known.new_for(5).ids == frozenset()


def test_documents_without_a_digest_are_not_taken_for_each_other(known):
    """An old index has none."""
    known.record([("a", "1"), ("c", "")], are_all=True)
    known.visit(5, known.new_for(5).batch)
    known.record([("a", "1"), ("c", ""), ("d", "")], are_all=True)

    assert known.new_for(5).ids == {"d"}


def test_what_replaces_the_newest_documents_is_new(known):
    """Though no batch is left that was later."""
    known.record([], are_all=True)
    known.record([("c", "3")], are_all=True)

    assert known.new_for(5).ids == {"c"}


def test_documents_that_are_gone_are_forgotten(known, state):
    """The table is never longer than the index."""
    known.record([("b", "2")], are_all=True)

    with state.transaction() as db:
        assert db.execute("SELECT document FROM known_documents").fetchall() == [("b",)]


def test_documents_that_are_out_of_reach_are_not_new_when_they_are_back(known):
    """A folder may be unmounted for a while."""
    known.record([("b", "2")], are_all=False)
    known.record([("a", "1"), ("b", "2")], are_all=True)

    assert known.new_for(5).ids == frozenset()


@pytest.mark.parametrize("forget", ["erase", "remove"])
def test_a_visit_is_forgotten_with_the_visitor(known, state, forget):
    """On their own wish, or when their access is withdrawn."""
    state.add(Person(5, "staff", "An"), by=412)
    known.record([("c", "3")], are_all=True)
    if forget == "erase":
        Retention(state, days=90).erase(5)
    else:
        state.remove(5, by=412)

    assert known.new_for(5).ids == frozenset()
