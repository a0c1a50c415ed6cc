"""A force's exports as the audit's first tables: incidents, crimes, parties, rejects."""

from opencdi.records.reading import input_files, read, read_some
from opencdi.records.summary import summary

__all__ = ["input_files", "read", "read_some", "summary"]
