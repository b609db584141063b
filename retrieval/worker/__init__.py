"""The program inside the sandbox: it reads untrusted files and analyzes their text."""
