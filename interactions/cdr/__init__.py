"""Call detail records of Asterisk and FreePBX: rows of a file, gathered into calls, turned into interactions."""
