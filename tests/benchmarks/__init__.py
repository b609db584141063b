"""Speed and memory, measured by command and never by a timed test."""
