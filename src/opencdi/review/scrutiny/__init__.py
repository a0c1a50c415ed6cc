"""Scrutiny panels: redacted cases, declared conflicts, scores."""
