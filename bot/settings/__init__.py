"""The configuration, and which collections each reader may see."""
