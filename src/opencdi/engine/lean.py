"""Arrow without pandas and Numba without SciPy, which no step of an audit uses.

Whenever Arrow is given a list, it loads pandas, if it is there, to see whether the list is one of pandas'
own. Numba loads SciPy's linear algebra to see whether kernels could call it. Either takes a third of a second
of every process. Both look once and remember the answer.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from opencdi.engine.starting import EngineName


class _Without:
    """Says of a package that it is not there."""

    def __init__(self, package: str) -> None:
        self._package = package

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] == self._package:
            raise ModuleNotFoundError(f"{self._package} is left out here", name=name)
        return None


@contextmanager
def _left_out(package: str) -> Iterator[None]:
    finder = _Without(package)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


def suit_arrow_to(engine: EngineName) -> None:
    """Let Arrow find no pandas in this process where DuckDB computes; Spark's own use of Arrow needs it."""
    if engine == "duckdb":
        arrow_without_pandas()


def arrow_without_pandas() -> None:
    """Let Arrow find no pandas in this process, unless it is loaded. Others load it as they like."""
    if "pandas" not in sys.modules:
        with _left_out("pandas"):
            pa.array([0])


def numba_without_scipy() -> None:
    """Let Numba find no SciPy in this process, unless it is loaded: kernels here do no linear algebra. Others
    load it as they like."""
    if "scipy.linalg" not in sys.modules:
        with _left_out("scipy"):
            import_module("numba.np.arraymath")
