"""Files to Documents: what is text, what is the page around it, and what the page says of itself."""
