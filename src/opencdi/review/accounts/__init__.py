"""Signing in: passwords, second factors, the force's identity provider, sessions and invitations."""
