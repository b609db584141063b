"""What staff do: ask, press buttons, browse the catalogue, search inline, rate, erase."""
