"""
Write a small corpus, index and state file with the current code, as test data.

    .venv/bin/python -m tests.compatibility.write tests/compatibility/COMMIT

Run it before a commit that changes a format, and let `test_upgrade.py` open what it wrote. The encoder is the tests'
own, so that the files are small and no model is needed to ask them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bot.storage.opening import open_state
from bot.storage.ratings import Ratings
from bot.storage.state import AnswerSummary, Person, StoredPassage
from bot.storage.usage import Usage
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder

ADMIN, STAFF, LEFT, NOW = 412, 77, 78, 1_790_000_000.0
QUESTION = "Thời hạn nộp báo cáo quý là khi nào?"
RULES = """# Quy chế nộp báo cáo

Điều 1. Báo cáo quý được nộp trước ngày 15 của tháng đầu quý sau, theo mẫu của Văn phòng (VP).

Điều 2. Báo cáo năm được nộp trước ngày 31 tháng 01.
"""
HOSPITAL = """Bệnh viện dã chiến

Bệnh viện dã chiến cấp 2 có 70 người.

Bệnh viện được triển khai ở Nam Sudan vào đầu năm 2018.
"""


def main() -> None:
    """Writes into the folder that was named."""
    folder = Path(sys.argv[1])
    write_index(folder)
    write_state(folder / "state.sqlite")


def write_index(folder: Path) -> None:
    """A corpus with a collection and a sidecar, indexed twice: two generations."""
    corpus = folder / "corpus"
    (corpus / "quy-che").mkdir(parents=True)
    (corpus / "quy-che" / "bao-cao.md").write_text(RULES, encoding="utf-8")
    (corpus / "quy-che" / "bao-cao.md.meta.toml").write_text(
        'publisher = "Văn phòng"\npublished = 2024-03-01\n', "utf-8"
    )
    build_index(corpus, folder / "index", BagEncoder())
    (corpus / "benh-vien.txt").write_text(HOSPITAL, encoding="utf-8")
    build_index(corpus, folder / "index", BagEncoder())


def write_state(path: Path) -> None:
    """One row of everything that the bot remembers."""
    state = open_state(path, now=lambda: NOW)
    state.add(Person(ADMIN, "admin", "Quản trị"), ADMIN)
    state.add(Person(STAFF, "staff", "Nhân viên"), ADMIN)
    state.add(Person(LEFT, "staff", "Đã nghỉ"), ADMIN)
    state.remove(LEFT, ADMIN)
    state.invite("staff", ADMIN, 3600.0)
    state.accept(1, '{"update_id": 1}')
    state.mark_answered(1)
    state.accept(2, '{"update_id": 2}')
    state.count_attempt(2)
    shown = [StoredPassage("quy-che/bao-cao.md#1", "0123456789ab", 0, 12, 1.5)]
    answer_id = state.store_answer(STAFF, shown, QUESTION, AnswerSummary("found", 0.9, 1))
    Ratings(state).rate(answer_id, STAFF, "down", "outdated")
    Usage(state).record(STAFF, "private", "found", {"total": 61.0})
    state.may_refuse(5555, 3600.0)
    state.scrub()
    state.close()


if __name__ == "__main__":
    main()
