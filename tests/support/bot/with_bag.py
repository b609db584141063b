"""`python -m bot` with the tests' tiny encoder instead of the model, which takes seconds to load."""

from __future__ import annotations

import runpy

import bot.lifecycle
from tests.support.bot.bag_retriever import bag_retriever

bot.lifecycle.Retriever = bag_retriever  # also that of the search processes, which are started with it
runpy.run_module("bot", run_name="__main__")
