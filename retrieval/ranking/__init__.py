"""From candidates to an order, a confidence and a highlight."""
