"""Errors by cause, recommendations, actions, and the force's explanation."""
