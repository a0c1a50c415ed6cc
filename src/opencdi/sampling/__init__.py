"""A sample nobody could steer: frame, tickets, designs, planner."""
