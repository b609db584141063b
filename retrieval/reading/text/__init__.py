"""Plain text: encodings, legacy fonts, lines, headings, footnotes."""
