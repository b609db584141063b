"""The bot's texts in two languages, and quotes as Telegram HTML."""
