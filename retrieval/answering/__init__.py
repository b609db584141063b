"""From a ranking to verified quotes."""
