"""What an index knows of each document: its record, its names, its legal status."""
