"""Arrow without pandas, which no step of an audit uses.

Whenever Arrow is given a list, it loads pandas, if it is there, to see whether the list is one of pandas'
own. That takes a third of a second of every process. It looks once and remembers the answer.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from opencdi.engine.starting import EngineName


class _NoPandas:
    """Says of pandas that it is not there."""

    @classmethod
    def find_spec(
        cls, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name == "pandas":
            raise ModuleNotFoundError("pandas is left out here", name=name)
        return None


def suit_arrow_to(engine: EngineName) -> None:
    """Let Arrow find no pandas in this process where DuckDB computes; Spark's own use of Arrow needs it."""
    if engine == "duckdb":
        arrow_without_pandas()


def arrow_without_pandas() -> None:
    """Let Arrow find no pandas in this process, unless it is loaded. Others load it as they like."""
    if "pandas" in sys.modules:
        return
    sys.meta_path.insert(0, _NoPandas)
    try:
        pa.array([0])
    finally:
        sys.meta_path.remove(_NoPandas)
