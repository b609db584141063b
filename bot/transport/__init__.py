"""Between Telegram and the handlers: inbox, redelivery, webhook, rate limits and delivery."""
