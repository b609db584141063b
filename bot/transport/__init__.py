"""Between Telegram and the handlers: the inbox, redelivery, the webhook, rate limits, delivery."""
