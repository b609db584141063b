"""`python -m bot` with the tests' tiny encoder instead of the model, which takes seconds to load."""

from __future__ import annotations

import runpy

import retrieval.answering.query_encoder
from tests.support.encoders import BagEncoder

retrieval.answering.query_encoder.load_encoder = lambda *_, **__: BagEncoder()
runpy.run_module("bot", run_name="__main__")
