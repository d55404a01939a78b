"""A real Asterisk in a folder, telephones and a carrier of a few lines of Python, and calls between them."""
