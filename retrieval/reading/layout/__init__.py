"""Where the words of a page stand, read or not, and how it looks."""
