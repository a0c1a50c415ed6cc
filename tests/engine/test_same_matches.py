"""Two tables matched by a plan have the same matches on DuckDB and on Spark."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from opencdi.engine import Engine, batch_of
from opencdi.linkage.matching import Plan, match

pytestmark = pytest.mark.slow

PLAN = Plan.model_validate(
    {
        "columns": {"surname": "text", "forename": "text", "born": "date", "sum": "number"},
        "comparisons": [
            {
                "name": "names",
                "columns": ["forename", "surname"],
                "levels": ["same", "crossed", "alike 0.9", "slips 1 of surname"],
                "frequencies": True,
            },
            {"name": "birth", "columns": ["born"], "levels": ["same", "slips 1", "days 31", "later 400"]},
            {"name": "money", "columns": ["sum"], "levels": ["same", "within 0.1"], "frequencies": True},
        ],
        "candidates": [{"same": ["surname"]}, {"start": {"surname": 2}, "near": {"born": 30, "sum": 5}}],
    }
)


def _people(rng: random.Random, people: int) -> list[dict[str, Any]]:
    return [
        {
            "record_id": f"p{number:04}",
            "surname": rng.choice(["Quill", "Hart", "Moss", "Penn", "Whaxfield", "Whixfield", "Clockman"]),
            "forename": rng.choice(["Ada", "Bea", "Cid", "Dot", "Hart", None]),
            "born": date(1960, 1, 1) + timedelta(days=rng.randrange(9000)),
            "sum": float(rng.randrange(10, 200)),
        }
        for number in range(people)
    ]


def test_both_engines_match_alike(duckdb: Engine, spark: Engine) -> None:
    left = _people(random.Random(3), 300)
    right = [
        row | {"born": row["born"] + timedelta(days=number % 3)} for number, row in enumerate(left[:200])
    ]
    right += [
        row | {"record_id": f"q{number:04}"} for number, row in enumerate(_people(random.Random(4), 40))
    ]
    found = []
    for engine in (duckdb, spark):
        tables = [PLAN.table("left_side"), PLAN.table("right_side")]
        sides = [
            engine.from_batches(table, [batch_of(table, rows)])
            for table, rows in zip(tables, (left, right), strict=True)
        ]
        found.append(match(*sides, PLAN).matches.rows("order by right_id"))
    assert len({row["match_class"] for row in found[0]}) > 1
    assert found[0] == found[1]
