"""Coverage-guided fuzzing of what takes text from anywhere: readers of files, and understanding of questions."""
