"""
`trichdan index --report`: the verdict on every file, without building.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path, PurePosixPath

from rich.console import Console
from rich.table import Table
from rich.text import Text

from retrieval.index.place import Place
from retrieval.inspection.remarks import confidence_text, unread_text
from retrieval.reading.corpus import Refusal, walk
from retrieval.reading.files.sidecar import SUFFIX
from retrieval.reading.quality.near_duplicates import DuplicateDetector
from retrieval.reading.quality.verdict import Level, Problem, Verdict, verdict_of, verdict_of_refusal
from retrieval.reading.sandbox.ocr_cache import ocr_cache_in
from retrieval.terminal.output.refusal import refusal_text
from retrieval.terminal.progress_bars import ProgressBars

_LEVELS: dict[Level, tuple[str, str]] = {
    "good": ("tốt", "green"),
    "check": ("cần xem", "yellow"),
    "unusable": ("không dùng được", "red"),
}
_PROBLEMS: dict[Problem, str] = {
    "refused": "không đọc được: {reason}",
    "kept": "bản trước vẫn được trích dẫn; muốn gỡ bỏ, hãy xóa tệp hoặc chuyển tệp đi",
    "letters": "chữ không phải tiếng Việt, có thể là phông chữ cũ",
    "spacing": "chữ bị tách rời hoặc dính liền",
    "strange": "có ký tự lạ",
    "short": "quá ngắn",
    "converted": "đã chuyển từ phông chữ cũ",
    "ocr": "nhận dạng từ ảnh{confidence}",
    "unsure": "nhận dạng kém ở trang {page}, cần đối chiếu với bản gốc",
    "unread": "có phần không đọc: {unread}",
    "no-title": "thiếu tiêu đề",
    "no-date": "thiếu ngày",
    "same-bytes": "trùng tệp {copy_of}",
    "same-text": "trùng nội dung {copy_of}",
    "near-copy": "gần giống {copy_of}",
}
_ADVICE = "Tiêu đề hoặc ngày còn thiếu: ghi vào tệp TÊN{suffix} cạnh tài liệu, ví dụ {example}:"
_EXAMPLE = ('  title = "Quy chế chi tiêu nội bộ"', "  published = 2024-03-01")
_WIDE = 400  # columns when not a terminal: programs read whole lines


def run_report(paths: Sequence[Path], place: Place, *, ocr: bool = False) -> list[Verdict]:
    """
    Judge the files of the paths, in order.

    `place` tells which refused files have a retained version.
    """
    entries: list[Verdict | Refusal] = []
    opened = frozenset(place.settings().secret)
    with ProgressBars() as bars, tempfile.TemporaryDirectory(prefix="trichdan-report-") as temporary:
        # Without an index there is no folder for what OCR finds, and a report makes none.
        ocr_cache = ocr_cache_in(place.caches if place.caches.exists() else Path(temporary), runs_ocr=ocr)
        corpus, copies = walk(paths, ocr_cache=ocr_cache, secret_collections=opened), DuplicateDetector()
        bars.start("reading", len(corpus.files))
        for entry in corpus.read(bars.advance):
            entries.append(entry if isinstance(entry, Refusal) else verdict_of(entry, copies))  # noqa: PERF401 - too long
    refused = [entry for entry in entries if isinstance(entry, Refusal)]
    retained = {
        part
        for document in place.last_versions(corpus.root, refused, opened)
        for part in _source_and_parents(document.source)
    }
    return [
        verdict_of_refusal(entry, kept=entry.source in retained) if isinstance(entry, Refusal) else entry
        for entry in entries
    ]


def is_usable(verdicts: Sequence[Verdict]) -> bool:
    """Whether every file can be searched and quoted."""
    return all(verdict.level != "unusable" for verdict in verdicts)


def report_json(verdicts: Sequence[Verdict]) -> dict[str, object]:
    """The contract of `trichdan index --report --json`: counts by level, and every file."""
    levels = Counter(verdict.level for verdict in verdicts)
    return {
        "levels": {level: levels[level] for level in _LEVELS},
        "files": [_file_json(verdict) for verdict in verdicts],
    }


def show_report(console: Console, verdicts: Sequence[Verdict]) -> None:
    """Print a line for each file, those with problems first, then advice."""
    table = Table("Mức", "Tệp", "Số từ", "Âm tiết", "Ghi chú", box=None, pad_edge=False)
    severity = list(_LEVELS)
    for verdict in sorted(verdicts, key=lambda verdict: -severity.index(verdict.level)):
        level, style = _LEVELS[verdict.level]
        figures = (f"{verdict.words}", f"{verdict.syllables:.0%}") if verdict.words else ("", "")
        table.add_row(Text(level, style=style), Text(verdict.source), *figures, Text(_notes(verdict)))
    if console.is_terminal:
        console.print(table)
    else:
        Console(file=console.file, width=_WIDE).print(table)
    counts = Counter(verdict.level for verdict in verdicts)
    line = ", ".join(f"{counts[level]} {name}" for level, (name, _) in _LEVELS.items())
    console.print(f"{len(verdicts)} tệp: {line}", soft_wrap=True)
    _advise(console, verdicts)


def _advise(console: Console, verdicts: Sequence[Verdict]) -> None:
    lacking = next((verdict for verdict in verdicts if _sidecar(verdict)), None)
    if lacking is not None:
        advice = _ADVICE.format(suffix=SUFFIX, example=_sidecar(lacking))
        for line in (advice, *_EXAMPLE):
            console.print(line, markup=False, soft_wrap=True)


def _notes(verdict: Verdict) -> str:
    reason = refusal_text(verdict.refusal, verdict.reason, verdict.secrecy)
    sure = verdict.ocr_confidence
    values = {
        "reason": reason,
        "copy_of": verdict.copy_of,
        "unread": unread_text(verdict.unread),
        "confidence": f", {confidence_text(sure)}" if sure else "",
        "page": str(sure.page) if sure else "",
    }
    return "; ".join(_PROBLEMS[problem].format(**values) for problem in verdict.problems)


def _file_json(verdict: Verdict) -> dict[str, object]:
    plain = asdict(verdict)
    shares = ("syllables", "english", "broken", "strange")
    published = verdict.published.isoformat() if verdict.published else None
    return {
        **plain,
        **{name: round(plain[name], 4) for name in shares},
        "problems": list(verdict.problems),
        "unread": [asdict(unread) for unread in verdict.unread],
        "published": published,
        "sidecar": _sidecar(verdict) or None,
    }


def _sidecar(verdict: Verdict) -> str:
    """The sidecar to write where title or date is missing, else ""."""
    return f"{verdict.source}{SUFFIX}" if {"no-title", "no-date"} & set(verdict.problems) else ""


def _source_and_parents(source: str) -> list[str]:
    """The sources whose refusal retains a document: itself, its archive, its folders."""
    return [source, *(parent.as_posix() for parent in PurePosixPath(source).parents)]
