"""What the person who keeps the documents sees: the command line and the REPL."""
