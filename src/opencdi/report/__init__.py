"""The registrar's report of one audit."""

from opencdi.report.drill import Limits
from opencdi.report.figures import reach
from opencdi.report.kept_pages import Kept, KeptPages
from opencdi.report.pieces import KeptPieces
from opencdi.report.summary import Summary, summary
from opencdi.report.write import REPORT_TABLES, write

__all__ = [
    "REPORT_TABLES",
    "Kept",
    "KeptPages",
    "KeptPieces",
    "Limits",
    "Summary",
    "reach",
    "summary",
    "write",
]
