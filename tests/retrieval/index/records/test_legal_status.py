"""Statements of legal force, resolved among the documents that may be seen."""

from __future__ import annotations

from datetime import date

from retrieval.index.records.document_record import DocumentRecord
from retrieval.index.records.legal_status import ForceChange, LegalStatuses
from retrieval.reading.administrative.legal_force import ForceAct, LegalForce

TODAY = date(2031, 6, 1)


def record(number: str, published: date | None, title: str = "", doc_id: str = "") -> DocumentRecord:
    title = title or f"Nghị định {number}: quy định mức hỗ trợ"
    return DocumentRecord(doc_id or number, number, title, "Chính phủ", "", published, "", number=number)


OLD = record("90/2019/NĐ-CP", date(2019, 11, 15))
NEW = record("38/2022/NĐ-CP", date(2022, 6, 12))
NEWEST = record("12/2031/NĐ-CP", date(2031, 5, 1))
REPLACES = {NEW.doc_id: LegalForce(date(2022, 7, 1), (ForceAct("replaces", OLD.number, OLD.published),))}


def test_the_older_one_names_the_newer_one() -> None:
    """By kind and number, and from when; the newer one only says from when it is in force."""
    statuses = LegalStatuses([OLD, NEW], REPLACES)

    change = ForceChange("replaces", NEW.doc_id, "Nghị định 38/2022/NĐ-CP", date(2022, 7, 1))
    assert (statuses.of(OLD.doc_id).effective, statuses.of(OLD.doc_id).changes) == (None, (change,))
    assert (statuses.of(NEW.doc_id).effective, statuses.of(NEW.doc_id).changes) == (date(2022, 7, 1), ())


def test_replaced_twice_over() -> None:
    """Each names the one that replaced it; two documents that replace each other are no endless chain."""
    forces = {
        **REPLACES,
        NEWEST.doc_id: LegalForce(date(2031, 7, 1), (ForceAct("replaces", NEW.number), ForceAct("amends", OLD.number))),
    }
    statuses = LegalStatuses([OLD, NEW, NEWEST], forces)

    assert [change.kind for change in statuses.of(OLD.doc_id).changes] == ["replaces", "amends"]
    assert [change.doc_id for change in statuses.of(OLD.doc_id).ends] == [NEW.doc_id]
    assert [change.is_due(TODAY) for change in statuses.of(NEW.doc_id).ends] == [False]
    assert [change.is_due(date(2031, 7, 1)) for change in statuses.of(NEW.doc_id).ends] == [True]


def test_a_document_that_is_not_seen_states_nothing() -> None:
    """Nor does one that names what is not there."""
    assert LegalStatuses([OLD], REPLACES).of(OLD.doc_id).changes == ()
    assert LegalStatuses([NEW], REPLACES).of(OLD.doc_id).changes == ()


def test_numbers_that_come_again_are_told_by_their_day() -> None:
    """Offices count anew each year: the decision of that day is meant, without a day none of several."""
    first = record("12/QĐ-VP", date(2019, 3, 5), "Quyết định 12/QĐ-VP: A", "a")
    other = record("12/QĐ-VP", date(2020, 3, 5), "Quyết định 12/QĐ-VP: B", "b")
    later = record("12/QĐ-VP", date(2032, 3, 5), "Quyết định 12/QĐ-VP: C", "c")
    acting = record("40/QĐ-VP", date(2021, 1, 1), "Quyết định 40/QĐ-VP: D", "d")
    dated = LegalForce(None, (ForceAct("replaces", "12/QĐ-VP", date(2019, 3, 5)),))
    undated = LegalForce(None, (ForceAct("replaces", "12/QĐ-VP"), ForceAct("replaces", "40/QĐ-VP")))
    records = [first, other, later, acting]

    with_day = LegalStatuses(records, {"d": dated})
    without = LegalStatuses(records, {"d": undated})

    assert [bool(with_day.of(each).changes) for each in "abcd"] == [True, False, False, False]
    assert [bool(without.of(each).changes) for each in "abcd"] == [False, False, False, False]
    assert LegalStatuses([first, later, acting], {"d": undated}).of("a").changes != ()


def test_laws_are_named_with_their_numbers() -> None:
    """Their titles do not hold them."""
    law = record("25/2008/QH12", date(2008, 11, 14), "Luật Trồng rừng")
    newer = record("51/2030/QH16", date(2030, 11, 27), "Luật Lâm nghiệp")

    statuses = LegalStatuses([law, newer], {newer.doc_id: LegalForce(None, (ForceAct("repeals", law.number),))})

    assert statuses.of(law.doc_id).changes[0].by == "Luật Lâm nghiệp (số 51/2030/QH16)"
