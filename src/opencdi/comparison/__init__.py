"""Required against recorded crimes: findings."""

from opencdi.comparison.beside import Beside
from opencdi.comparison.compare import READ, Compared, compare
from opencdi.comparison.practice import Practice

__all__ = ["READ", "Beside", "Compared", "Practice", "compare"]
