"""Messages in the format of mail: e-mails, and web pages that browsers saved in one file."""
