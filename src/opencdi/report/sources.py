"""Where the records that pages show stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from opencdi.report.summary import Tables


class Sources(Protocol):
    """Tables kept so that it is known, without reading them, whether a page's records may have changed.

    What pages rest on is asked once ``report_chosen`` and ``report_crimes`` say which records and crimes they
    show.
    """

    def rest_on(self) -> Mapping[str, str]:
        """What the page of each subject rests on, as a digest: while it stays, the page says the same."""

    def holding(self, subjects: Collection[str]) -> Tables:
        """The tables, of which at least the rows of some subjects' records."""


class AllOfTables:
    """Tables of which nothing else is known."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def rest_on(self) -> Mapping[str, str]:
        return {}

    def holding(self, _: Collection[str]) -> Tables:
        return self._tables
