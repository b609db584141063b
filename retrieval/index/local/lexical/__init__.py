"""The lexical channel: BM25 over Tantivy, and the forward index."""
