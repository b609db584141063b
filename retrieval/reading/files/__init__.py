"""A file's bytes and its metadata sidecar."""
