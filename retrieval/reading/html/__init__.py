"""Web pages: clean-up, extraction, legacy fonts."""
