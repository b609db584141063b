"""Building a generation in PostgreSQL: comparing, copying rows, counting, publishing, pruning."""
