"""Statistical disclosure control: which counts may be shown, and proof that the others cannot be worked out.

Counts are withheld where they are small (primary) and where a withheld count could otherwise be worked out
from what is shown (complementary). Whoever attacks is taken to know every relation between the counts.
"""
