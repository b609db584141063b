"""`python -m retrieval`: the command line without Telegram."""

from retrieval.terminal.cli import main

main()
