"""News articles from web pages saved as text or HTML."""
