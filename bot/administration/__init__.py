"""What administrators do: people, uploads, the corpus folder, re-indexing, reports."""
