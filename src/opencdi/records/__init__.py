"""A force's exports as the audit's first tables: incidents, crimes, parties, rejects."""

from opencdi.records.reading import read

__all__ = ["read"]
