"""The index on one machine: FAISS, Tantivy and SQLite in a folder."""
