"""The bot's state: people, updates, answers, ratings, usage, and their retention."""
