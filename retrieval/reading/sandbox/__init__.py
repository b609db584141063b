"""The child process that reads untrusted files, its limits and its caches."""
