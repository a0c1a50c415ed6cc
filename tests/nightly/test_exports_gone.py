"""Of an export that is away an audit says so, since its records go with it."""

from __future__ import annotations

from typing import Any

from opencdi.cli.exports_gone import exports_gone


def _read(incidents: dict[str, int], crimes: dict[str, int]) -> dict[str, Any]:
    """What is kept of reading, of files with so many rows each."""
    files = [
        *({"table": "incidents", "name": name} for name in incidents),
        *({"table": "crimes", "name": name} for name in crimes),
    ]
    return {"notes": {"files": files}, "rows_of": {"incidents": incidents, "crimes": crimes}}


def test_a_first_audit_and_one_with_more_files_say_nothing() -> None:
    first, more = _read({"a.csv": 5}, {"c.csv": 2}), _read({"a.csv": 5, "b.csv": 1}, {"c.csv": 2})
    assert exports_gone(None, first) is None
    assert exports_gone(first, first) is None
    assert exports_gone(first, more) is None


def test_a_file_that_is_gone_is_named_with_the_records_before_and_now() -> None:
    said = exports_gone(_read({"a.csv": 1200, "b.csv": 25}, {"c.csv": 2}), _read({"b.csv": 25}, {"c.csv": 2}))
    assert said is not None
    assert said.startswith("a.csv is not among the exports any more")
    assert "incidents 1,225 before, 25 now, crimes 2 before, 2 now" in said


def test_of_many_the_first_is_named_and_the_others_counted() -> None:
    said = exports_gone(_read({"a.csv": 1, "b.csv": 1}, {"c.csv": 2}), _read({}, {"d.csv": 1}))
    assert said is not None and said.startswith("c.csv and 2 more are not among")
