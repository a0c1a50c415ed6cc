"""Settings and addresses of the whole application."""
