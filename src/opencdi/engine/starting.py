"""The engine of an audit by its name."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from opencdi.engine.core import Engine
from opencdi.engine.duckdb import DuckDBEngine

EngineName = Literal["duckdb", "spark"]


def started(
    name: EngineName, memory_limit: str | None, threads: int | None, scratch: Path | str | None
) -> Engine:
    """An engine, ready; the caller closes it.

    ``scratch`` is a folder, or for Spark also the address of a place that its executors reach. Raises
    ``UserError`` where Spark is asked for and cannot be started.
    """
    if name == "spark":
        from opencdi.engine.spark import SparkEngine

        return SparkEngine(memory_limit, threads, scratch)
    return DuckDBEngine(memory_limit, threads, None if scratch is None else Path(scratch))
