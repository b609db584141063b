"""Understanding a question: from what was typed to what is searched for."""
