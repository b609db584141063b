"""What each system does when told to index or to answer; each file is run by the Python of its own environment."""
