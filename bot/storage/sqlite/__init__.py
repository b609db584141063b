"""The state in a file of SQLite: tables, lock, backups, rights."""
