"""What `make run` does: every part of Deskline and the local Zoho on this machine, ended together."""
