"""Shared data and small samples for the tests of estimation."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from opencdi.estimation.sample import Sample, Stratum

SHARED = Path(__file__).parents[2].parent / "shared" / "data"


@pytest.fixture
def shared_rows() -> Callable[[str], list[dict[str, str]]]:
    """Read a CSV (or .csv.gz) of the reference data; skip where it is absent."""

    def read(name: str) -> list[dict[str, str]]:
        path = SHARED / name
        if not path.exists():
            pytest.skip(f"the reference data {name} is not beside this repository")
        with gzip.open(path, "rt") if name.endswith(".gz") else path.open() as file:
            return list(csv.DictReader(file))

    return read


@pytest.fixture
def simple_sample() -> Callable[[int, int], Sample]:
    """A simple random sample of n incidents from N."""

    def make(drawn: int, population: int) -> Sample:
        return Sample(
            tuple(f"I{number:05d}" for number in range(drawn)),
            np.zeros(drawn, dtype=np.int64),
            np.full(drawn, drawn / population),
            (Stratum("all", population, drawn),),
        )

    return make
