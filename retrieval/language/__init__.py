"""Vietnamese text as search needs it: spelling, sentences, terms."""
