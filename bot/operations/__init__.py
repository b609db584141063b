"""What keeps the process observable: incidents, metrics, answer times, logs, systemd, child processes."""
