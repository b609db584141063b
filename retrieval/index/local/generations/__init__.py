"""Generations on disk: publishing, history, leases, an index folder's settings."""
