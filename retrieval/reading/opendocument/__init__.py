"""OpenDocument files: texts, spreadsheets and presentations, read from their XML."""
