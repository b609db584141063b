"""Read the formats of office programs before 2007: .doc, .dot, .xls, .ppt and .rtf."""
