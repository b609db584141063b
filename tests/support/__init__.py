"""Shared test helpers: encoders, document writers, a Bot API server, processes."""
