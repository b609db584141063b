"""The retriever behind the event loop, with a queue and a deadline."""
