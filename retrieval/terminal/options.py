"""
Options shared by several commands.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from embeddings.device import WantedDevice
from embeddings.engine import WantedEngine
from retrieval.index.address import IndexAddress

IndexOption = Annotated[
    IndexAddress,
    typer.Option(
        "--index",
        envvar="TRICHDAN_INDEX",
        metavar="DIR",
        help="The address of the index: its folder.",
        parser=IndexAddress.of,
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option("--model", envvar="TRICHDAN_MODEL", help="A model's folder or hub name instead of the bundled one."),
]
IndexModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        envvar="TRICHDAN_MODEL",
        help="A model's folder or hub name, or `bundled`.  [default: that of the index, else the bundled one]",
    ),
]
MarksOption = Annotated[
    Path | None,
    typer.Option(
        "--questions",
        envvar="TRICHDAN_QUESTIONS",
        metavar="FILE",
        help="Marked questions by which another model is judged.  [default: DIR.questions.jsonl]",
    ),
]
OTHER_ROOT = "--other-root"
OtherRootOption = Annotated[
    bool, typer.Option(OTHER_ROOT, help="Index another folder than before, whose subfolders become the collections.")
]
SecretOption = Annotated[
    list[str] | None,
    typer.Option(
        "--secret-collection",
        metavar="FOLDER",
        help="Take documents with a mark of secrecy (MẬT …) in this folder of the documents; may be repeated, "
        "remembered.",
    ),
]
ACCEPT_WORSE = "--accept-worse"
AcceptWorseOption = Annotated[
    bool, typer.Option(ACCEPT_WORSE, help="Let another model go live that answers more questions worse than better.")
]
EncoderOption = Annotated[
    WantedEngine,
    typer.Option("--encoder", envvar="TRICHDAN_ENCODER", help="What runs a model on the CPU; OpenVINO is the faster."),
]
DeviceOption = Annotated[
    WantedDevice,
    typer.Option("--device", envvar="TRICHDAN_DEVICE", help="Where a model runs; auto is a GPU where torch finds one."),
]
TrustOption = Annotated[
    bool,
    typer.Option(
        "--trust-remote-code",
        envvar="TRICHDAN_TRUST_REMOTE_CODE",
        help="Run the code that comes with a model, which may do anything that you may.",
    ),
]
DimensionsOption = Annotated[
    int | None,
    typer.Option(
        "--dimensions",
        min=1,
        metavar="N",
        help="Cut vectors to N dimensions, for models that were trained for it.  [default: as the index has them]",
    ),
]
KOption = Annotated[int, typer.Option("-k", min=1, max=100, help="How many paragraphs at most.")]
WithinOption = Annotated[
    list[str] | None,
    typer.Option("--within", metavar="NAME", help="Only this folder of the documents; may be repeated."),
]
WholeOption = Annotated[
    bool, typer.Option("--whole", help="Show long paragraphs whole, not what stands around the answering sentence.")
]
QuestionsOption = Annotated[
    Path | None,
    typer.Option(
        "--questions",
        envvar="TRICHDAN_QUESTIONS",
        metavar="FILE",
        help="Where :right, :wrong and :none write.  [default: DIR.questions.jsonl]",
    ),
]
DEFAULT_INDEX = IndexAddress(Path("index"))
