"""Assemble the content that format readers return."""
