"""The published tables, in the order in which files and metadata list them."""

from __future__ import annotations

from typing import Any

from opencdi.publication.tables.columns import AUDITS, COUNTS, FIGURES, PublishedTable
from opencdi.publication.tables.together import POOLED, YEARS

TABLES: tuple[PublishedTable[Any], ...] = (FIGURES, AUDITS, COUNTS, POOLED, YEARS)
