"""Answering: verified quotes, citations and page images."""
