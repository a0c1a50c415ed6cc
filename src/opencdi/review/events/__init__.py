"""What was done, by whom and when: append-only, hash-chained, never a word of free text."""
