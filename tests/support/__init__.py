"""What several tests stand on: encoders, makers of documents, a Bot API server, processes."""
