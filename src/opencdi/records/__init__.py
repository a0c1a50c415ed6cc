"""A force's exports as the audit's first tables: incidents, crimes, parties, rejects."""

from opencdi.records.database import fetch
from opencdi.records.reading import database_tables, input_files, read, read_some
from opencdi.records.summary import summary

__all__ = ["database_tables", "fetch", "input_files", "read", "read_some", "summary"]
