"""
Print an Answer for `trichdan search`: a line per hit, or one JSON object.

Plain text without colours or columns, since programs read it too.
"""

from __future__ import annotations

import json

from retrieval.answering.answer import REMEDY, Answer, to_json
from retrieval.terminal.console import echo
from retrieval.terminal.exit_codes import print_to_stderr


def print_listing(answer: Answer, *, as_json: bool) -> None:
    """Print state and hits; notices go to standard error."""
    for notice in answer.notices:
        print_to_stderr(f"{notice} {REMEDY}")
    if as_json:
        echo(json.dumps(to_json(answer), ensure_ascii=False))
        return
    echo(f"{answer.question}  [{answer.state}, {answer.confidence:.2f}]")
    for hit in answer.hits:
        words = " ".join(hit.quote.text.split())
        start = words if len(words) <= 90 else f"{words[:89]}…"
        echo(f"{hit.rank:>3}  {hit.score:.4f}  {hit.quote.passage_id}  {start}")
        for copy in hit.duplicates:
            echo(f"     also in  {copy.passage_id}")
