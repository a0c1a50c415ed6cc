"""Blind judgements: one person's answers to one case, until both are locked."""
