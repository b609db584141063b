"""What the engine in PostgreSQL promises beside the contract."""
