"""Both engines, once for all tests here: starting Spark takes longer than most questions to it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from opencdi.engine import DuckDBEngine, Engine
from opencdi.engine.spark import SparkEngine

_FOR_SHORT_RUNS = '--driver-java-options "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC" pyspark-shell'


@pytest.fixture(scope="session")
def duckdb() -> Iterator[Engine]:
    with DuckDBEngine() as engine:
        yield engine


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("There is no Java here, which Spark needs (apt-get install default-jre-headless).")
    os.environ.setdefault("PYSPARK_SUBMIT_ARGS", _FOR_SHORT_RUNS)
    scratch: Path = tmp_path_factory.mktemp("spark")
    with SparkEngine("2GB", 2, scratch) as engine:
        yield engine
