"""The index in PostgreSQL: pgvector and pg_textsearch propose, the client scores."""
