"""What commands and the REPL print."""
