"""Ranking candidates: features, scores, duplicates, confidence, highlights."""
