"""PDF: characters to lines to columns to paragraphs; page images; OCR."""
