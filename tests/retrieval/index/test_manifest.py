"""Manifests as text: what was written is read, by this version and by the one before."""

from __future__ import annotations

import json
from dataclasses import replace

from retrieval.index.manifest import Manifest, manifest_from, manifest_text
from retrieval.index.scoring.search_plan import SearchPlan

FINGERPRINT = "model/float32/1"
MANIFEST = Manifest(
    created="2026-11-30T08:00:00+00:00",
    program="1",
    model=None,
    precision="float32",
    fingerprint=FINGERPRINT,
    token_fingerprint=FINGERPRINT,
    root=None,
    documents=1,
    passages=2,
    windows=3,
    files={},
    search=SearchPlan("float16", cells=64, probes=8, compared=200, recall=0.99, sample=500),
)


def test_a_manifest_comes_back_as_it_was_written() -> None:
    """By cells, by links, and of a generation that says nothing of its search."""
    plans = (MANIFEST.search, SearchPlan("float32", recall=0.995, sample=500, links=32, explored=200), None)
    manifests = [replace(MANIFEST, search=plan) for plan in plans]

    found = [manifest_from(manifest_text(each), "here", lambda: None) for each in manifests]

    assert found == manifests


def test_a_plan_without_links_names_nothing_that_the_version_before_does_not_know() -> None:
    """Else going back to it after an update would take a rebuild."""
    stored = json.loads(manifest_text(MANIFEST))

    assert stored["search"].keys() == {"precision", "cells", "probes", "compared", "recall", "sample"}
