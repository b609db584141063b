"""What staff do: ask, press buttons, browse, search inline, rate answers, erase their data."""
