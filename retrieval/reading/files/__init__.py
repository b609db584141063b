"""Read a file's bytes and its metadata sidecar."""
