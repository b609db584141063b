"""Learning an index's own weights and confidence from marked questions."""
