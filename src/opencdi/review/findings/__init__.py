"""What the machine found in the sampled incidents; shown to nobody before a verdict stands."""
