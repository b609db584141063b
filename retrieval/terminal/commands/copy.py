"""
`trichdan index --copy-to`: a live index to another address, without encoding a document again.
"""

from __future__ import annotations

from rich.console import Console

from embeddings import LoadOptions, load_encoder
from retrieval.index.copying import copy_index
from retrieval.index.place import Place
from retrieval.ranking.learned.stored_calibrations import ATTACHMENT
from retrieval.terminal.progress_bars import ProgressBars


def run_copy(console: Console, source: Place, target: Place, options: LoadOptions) -> None:
    """Copy the live generation, and print what is live there now; raises as `copy_index`."""
    manifest = source.manifest()
    with ProgressBars() as bars:
        encoder = load_encoder(
            manifest.model, options=options, precision=manifest.precision, dimensions=manifest.dimensions
        )
        summary = copy_index(source, target, encoder, attachments=(ATTACHMENT,), progress=bars)
    console.print(
        f"Live in {target.address} is {summary.generation}: {summary.documents} documents, {summary.passages} "
        "passages, each compared with its source",
        markup=False,
        soft_wrap=True,
    )
