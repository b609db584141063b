"""What kind of answer a question asks for: a definition, an office, a sum."""
