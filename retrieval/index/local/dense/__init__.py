"""The dense channel: window vectors in FAISS, token vectors for late interaction."""
