"""matching: any two tables of records, and a plan of how to compare them, to matches."""

from opencdi.linkage.matching.matching import MATCHES, Matched, match
from opencdi.linkage.matching.plan import Candidates, Comparison, Plan, load_plan

__all__ = ["MATCHES", "Candidates", "Comparison", "Matched", "Plan", "load_plan", "match"]
