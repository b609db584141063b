"""Encoders that run through torch and sentence-transformers."""
