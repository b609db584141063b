"""`python -m bot` with the tests' tiny encoder instead of the model, which takes seconds to load."""

from __future__ import annotations

import os
import runpy

import bot.lifecycle
from bot.transport.shared_inbox import SharedInbox
from tests.support.bot.bag_retriever import bag_retriever

bot.lifecycle.Retriever = bag_retriever  # also that of the search processes, which are started with it
if lease := os.environ.get("LEASE"):  # seconds for which an update that was claimed is held
    SharedInbox.__init__.__kwdefaults__["lease"] = float(lease)
runpy.run_module("bot", run_name="__main__")
