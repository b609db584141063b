"""What every build shares, whatever it writes: progress, summary, vectors already computed."""
