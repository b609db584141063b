"""`python -m retrieval` with the tests' tiny encoder instead of the model, as `with_bag` does for the bot."""

from __future__ import annotations

import runpy

import retrieval.terminal.commands.index
from tests.support.encoders import BagEncoder

retrieval.terminal.commands.index.load_encoder = lambda *_, **__: BagEncoder()
runpy.run_module("retrieval", run_name="__main__")
