"""A Telegram chat to an answer in it; who may ask; nothing else."""
