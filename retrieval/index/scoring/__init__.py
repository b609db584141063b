"""The arithmetic of scores, the same whichever engine proposed the passages."""
