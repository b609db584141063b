"""A Bot API server on loopback, updates, and the bot with the tests' encoder."""
