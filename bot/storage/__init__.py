"""The SQLite state file: people, updates, answers, ratings, usage, and what is deleted when."""
