"""Counting: which crimes a report requires, how many, under which class, by when, and why."""

from opencdi.counting.batch import BY_DATE, Counted, count

__all__ = ["BY_DATE", "Counted", "count"]
