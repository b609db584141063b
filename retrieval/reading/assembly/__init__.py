"""The content that a format's reader hands over, put together from its pieces."""
