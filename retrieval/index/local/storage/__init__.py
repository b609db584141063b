"""SQLite: documents, passages, the vocabulary, abbreviations."""
