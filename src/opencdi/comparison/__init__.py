"""Required against recorded crimes: findings."""

from opencdi.comparison.compare import Compared, compare
from opencdi.comparison.practice import Practice

__all__ = ["Compared", "Practice", "compare"]
