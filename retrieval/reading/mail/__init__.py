"""Messages in the format of mail: e-mails, and web pages saved in one file."""
