"""Whether the first passages answer, as a cross-encoder judges them."""
