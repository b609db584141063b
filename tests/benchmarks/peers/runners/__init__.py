"""Runners: one per system, each run by the Python of its own environment."""
