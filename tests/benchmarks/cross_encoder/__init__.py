"""Trains the cross-encoder that judges whether a passage answers."""
