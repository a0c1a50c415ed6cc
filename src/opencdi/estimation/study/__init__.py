"""The public simulation harness: made-up populations, draws, and the coverage and level they show."""
