"""The state in PostgreSQL, which several processes of a bot share."""
