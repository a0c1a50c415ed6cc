"""Every step of an audit makes the same tables on DuckDB and on Spark, row by row.

``make conformance`` does the same with 100,000 incidents and keeps what it found.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from opencdi.engine import Engine

pytestmark = pytest.mark.slow


def _conformance() -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks" / "conformance.py"
    spec = importlib.util.spec_from_file_location("conformance", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


conformance = _conformance()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return conformance.made_audit(tmp_path_factory.mktemp("audit"), 2_000, 2026)


@pytest.mark.parametrize("step", conformance.STEPS)
def test_a_step_makes_the_same_rows(step: str, workspace: Any, spark: Engine, tmp_path: Path) -> None:
    for tables, _ in conformance.compared_steps(workspace, spark, tmp_path, [step]):
        for table in tables:
            assert table.rows > 0
            assert table.equal, conformance._line(table)
