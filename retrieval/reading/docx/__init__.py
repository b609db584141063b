"""Word: paragraphs, numbering, notes, tables, legacy fonts."""
