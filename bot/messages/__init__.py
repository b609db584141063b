"""Everything the bot says, and quotes as Telegram HTML."""
