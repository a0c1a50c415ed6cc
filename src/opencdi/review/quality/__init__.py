"""Watching the readers: seeded cases whose answer is known, and third readings drawn in advance."""
