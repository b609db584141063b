"""The Telegram bot: who may ask, and how answers reach a chat."""
