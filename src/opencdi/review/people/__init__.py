"""Who may work here, in which role, and where they have an interest."""
