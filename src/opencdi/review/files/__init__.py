"""Files that people send: recognised by their bytes, kept sealed, given out as attachments."""
