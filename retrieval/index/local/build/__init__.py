"""Building a generation: collecting, comparing, reusing, encoding, writing."""
