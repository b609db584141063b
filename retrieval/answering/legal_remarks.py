"""
What a citation says of a document's legal force.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.index.records.legal_status import ForceChange, LegalStatus
    from retrieval.reading.administrative.legal_force import ForceKind

_DONE: dict[ForceKind, str] = {
    "replaces": "được thay thế bởi {by}",
    "repeals": "hết hiệu lực theo {by}",
    "amends": "được sửa đổi, bổ sung bởi {by}",
}
_MOST = 3  # changes that are named


def legal_remarks(status: LegalStatus, today: date) -> Iterator[str]:
    """
    The remarks in the order in which a reader needs them.

    Example: "được thay thế bởi Nghị định 38/2022/NĐ-CP từ 01/07/2022", "hiệu lực từ 01/01/2020"
    """
    yield from (_remark(change, today) for change in status.changes[:_MOST])
    if len(status.changes) > _MOST:
        yield f"và {len(status.changes) - _MOST} văn bản khác"
    if status.effective:
        pending = "chưa có hiệu lực: " if status.effective > today else ""
        yield f"{pending}hiệu lực từ {status.effective:%d/%m/%Y}"


def _remark(change: ForceChange, today: date) -> str:
    since = f" từ {change.since:%d/%m/%Y}" if change.since else ""
    return ("" if change.is_due(today) else "sẽ ") + _DONE[change.kind].format(by=change.by) + since
