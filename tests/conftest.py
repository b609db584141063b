"""What holds for every test: no premise on the machine's pace, and Ctrl-C as on a terminal."""

from __future__ import annotations

import signal

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is, and nothing about the code.
settings.register_profile("any pace", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any pace")

# A background job of a shell ignores SIGINT, and so would the programs that tests start and interrupt. A handler of our
# own is reset to the default when a program is started; an ignored signal would stay ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Whoever asks for one of these fixtures loads the bundled model, in this process or in a program of its own.
_MODEL_FIXTURES = {"model", "seeds", "own_seeds", "answering", "environment", "invoke"}
_MODEL_FOLDER = "tests/embeddings/"  # where fixtures of other names do


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what needs the bundled model, and what runs the bot against the Bot API server."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & _MODEL_FIXTURES or item.nodeid.startswith(_MODEL_FOLDER):
            item.add_marker("model")
        if "api" in fixtures:
            item.add_marker("bot")
