"""Read files into documents: formats, metadata, corpus, sandbox and quality checks."""
