"""The registrar's report of one audit."""

from opencdi.report.summary import SUMMARY_TABLES, Summary, summary

__all__ = ["SUMMARY_TABLES", "Summary", "summary"]
