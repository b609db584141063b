"""From what was typed to what is searched for."""
