"""What an operator is told of the servers and of their index."""
