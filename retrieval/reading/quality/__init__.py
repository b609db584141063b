"""How well a file was read, and near-duplicates among files."""
