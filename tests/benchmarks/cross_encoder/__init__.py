"""Trains a cross-encoder to judge whether a passage answers, which is not part of the program."""
