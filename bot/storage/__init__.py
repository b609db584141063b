"""The SQLite state file: people, updates, answers, ratings, usage, and their retention."""
