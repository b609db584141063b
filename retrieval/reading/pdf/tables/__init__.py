"""Tables of a PDF: ruling lines, grids, cells, and rows as pieces."""
