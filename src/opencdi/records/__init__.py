"""A force's exports as the audit's first tables: incidents, crimes, parties, rejects."""

from opencdi.records.reading import input_files, read

__all__ = ["input_files", "read"]
