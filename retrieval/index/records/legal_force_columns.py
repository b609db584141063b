"""
What a document states of legal force, as columns of an index.
"""

from __future__ import annotations

import json
from datetime import date

from retrieval.reading.administrative.legal_force import ForceAct, ForceKind, LegalForce


def legal_force_columns(force: LegalForce) -> tuple[str | None, str]:
    """The day of coming into force, and the acts as JSON."""
    acts = [(act.kind, act.number, _text(act.dated), _text(act.since)) for act in force.acts]
    return _text(force.effective), json.dumps(acts, ensure_ascii=False)


def legal_force_from(effective: str | None, acts: str) -> LegalForce:
    """What these columns say."""
    return LegalForce(_day(effective), tuple(_act(*values) for values in json.loads(acts)))


def _act(kind: ForceKind, number: str, dated: str | None, since: str | None) -> ForceAct:
    return ForceAct(kind, number, _day(dated), _day(since))


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
