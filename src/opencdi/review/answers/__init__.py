"""What the force says to an adverse verdict, and what becomes of it."""
