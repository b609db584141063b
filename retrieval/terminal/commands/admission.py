"""
Whether a new generation goes live: smoke questions, and marked ones for a new model.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from embeddings import Encoder, LoadOptions
from embeddings.load_options import DEFAULT_OPTIONS
from retrieval.errors import IndexFault, WorseModel
from retrieval.evaluation.models.marked_questions import marked_questions
from retrieval.evaluation.models.model_change import ModelChange, ModelTrial
from retrieval.evaluation.smoke import check_smoke, read_smoke_file
from retrieval.index.build.progress import Progress
from retrieval.index.index_model import IndexModel
from retrieval.index.place import Place
from retrieval.retriever import Retriever
from retrieval.terminal.options import ACCEPT_WORSE


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """
    The model that the operator asks for, and how a change to it is judged.

    `model` and `dimensions` are None for the index's own; `marks` is the file of marked questions, None for the one
    beside the index.
    """

    model: str | None = None
    dimensions: int | None = None
    marks: Path | None = None
    accept_worse: bool = False
    options: LoadOptions = DEFAULT_OPTIONS


class Admission:
    """
    Admits generations of an index.

    Made before the new model is loaded, since it may ask the live index.

    `change` is what a new model changed, once a generation of one has been asked.

    Raises:
        QuestionSetError: the smoke or the marked questions cannot be read.
    """

    def __init__(
        self, place: Place, model: IndexModel, request: ModelRequest, smoke: Path | None, progress: Progress
    ) -> None:
        self.change: ModelChange | None = None
        self._place = place
        self._accept_worse = request.accept_worse
        self._smoke = read_smoke_file(smoke) if smoke else []
        self._progress = progress
        self._trial = _trial(place, model, request, smoke, progress)

    def check(self, encoder: Encoder, generation: str) -> None:
        """
        Ask a generation what it must answer.

        Raises:
            SmokeFailed: it does not answer the smoke questions.
            WorseModel: its model is new, and answers more questions worse than better.
        """
        retriever = Retriever(self._place, encoder, generation=generation)
        if self._trial:
            self.change = self._trial.compare(encoder, retriever, self._progress)
        if self._smoke:
            check_smoke(retriever, self._smoke)
        if self.change and self.change.is_worse and not self._accept_worse:
            raise WorseModel(_refusal(self.change))


def _trial(
    place: Place, model: IndexModel, request: ModelRequest, smoke: Path | None, progress: Progress
) -> ModelTrial | None:
    try:
        return ModelTrial(
            place,
            model,
            lambda: marked_questions(place.caches, smoke=smoke, marks=request.marks),
            options=request.options,
            progress=progress,
        )
    except IndexFault:  # the first build, or one that repairs the index
        return None


def _refusal(change: ModelChange) -> str:
    better, worse = (len(changes) for changes in (change.better, change.worse))
    return (
        f"a new model goes live when it answers no more of the marked questions worse than better, {change.after} "
        f"answers {worse} of {change.questions} worse and {better} better: the index stays with {change.before}, and "
        f"what was computed is kept, so that the same command with {ACCEPT_WORSE} is quick"
    )
