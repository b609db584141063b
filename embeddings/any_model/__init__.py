"""What every model but the bundled one needs, whatever runs it."""
