"""Judging models: an index's change to another, and several on a question set."""
