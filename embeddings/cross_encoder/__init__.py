"""A cross-encoder: how surely a short text answers a question, both read in one pass."""
