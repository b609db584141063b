"""The index: channels over passages, kept as immutable generations."""
