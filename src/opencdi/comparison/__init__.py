"""Required against recorded crimes: findings."""

from opencdi.comparison.compare import Compared, compare

__all__ = ["Compared", "compare"]
