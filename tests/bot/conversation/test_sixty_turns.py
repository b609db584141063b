"""
A conversation of sixty turns with the real bot and the bundled model, each with the verdict that a reader would give.

`sixty_turns.toml` holds the turns. The verdicts come from reading `seeds/`, not from the bot's answers.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.lifecycle import serving
from bot.storage.opening import open_state
from bot.storage.state import Person
from embeddings import load_encoder
from retrieval.retriever import Retriever
from tests.bot.conftest import ADMIN, Home, settings_for
from tests.support.bot.dialogue import SPEAKER, Dialogue, Said, Turn, read_turns
from tests.support.bot.server import BotApi
from tests.support.corpus import SEEDS, build_index

pytestmark = [pytest.mark.model, pytest.mark.slow, pytest.mark.bot]

TURNS = read_turns(Path(__file__).with_name("sixty_turns.toml"))


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[Said]]:
    """The messages that answered each turn, by the turn's number."""
    folder, model = tmp_path_factory.mktemp("dialogue"), load_encoder()
    build_index(SEEDS, folder / "index", model)
    return asyncio.run(hold(TURNS, Retriever(folder / "index", model), folder))


async def hold(turns: list[Turn], retriever: Retriever, folder: Path) -> dict[int, list[Said]]:
    """Talks to the bot and gives what it said."""
    with pytest.MonkeyPatch.context() as patch, BotApi() as api:
        patch.setattr("bot.transport.rate_limiter._CHAT", (1_000, 1.0))  # a person would wait a second a turn
        config = settings_for(api, Home(SEEDS, folder / "index"), folder)
        state = open_state(config.state)
        state.add(Person(SPEAKER, "staff", "An"), ADMIN)
        dialogue = Dialogue(api, state)
        try:
            async with serving(config, retriever, state):
                for turn in turns:
                    await dialogue.take(turn)
        finally:
            state.close()
        return dialogue.said


def marked(turn: Turn) -> object:
    """A turn as a parameter; one that the bot does not yet master is to fail."""
    marks = [pytest.mark.xfail(reason=turn.fails)] if turn.fails else []
    return pytest.param(turn, marks=marks, id=f"{turn.number} {turn.kind}")


def test_there_are_sixty_turns() -> None:
    """None is lost when one is mended."""
    assert len(TURNS) == 60


@pytest.mark.parametrize("turn", [marked(turn) for turn in TURNS])
def test_a_turn_gets_what_a_reader_would_call_right(turn: Turn, said: dict[int, list[Said]]) -> None:
    """As many messages as are wanted, each with its state, and what answers in sight."""
    answers = said[turn.number]

    lacking = [answer.lacks(wanted) for answer, wanted in zip(answers, turn.wants, strict=False)]

    assert (len(answers), lacking) == (len(turn.wants), [[] for _ in turn.wants])
