"""Two tables and a plan in, matches out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from opencdi.engine import Engine, Relation, Step
from opencdi.engine.core import arrow_schema
from opencdi.linkage.matching.comparing import candidate_steps, prepared_steps, random_step, vector_step
from opencdi.linkage.matching.estimating import Shares, Vectors, learn
from opencdi.linkage.matching.plan import Plan
from opencdi.linkage.matching.resolving import Weighed, best, weigh
from opencdi.schema import Column, Table

_RANDOM_PAIRS = 1_000_000

MATCHES = Table(
    "matches",
    "one right record, and the left record it most likely belongs to",
    ("right_id",),
    (
        Column("right_id", "text", "The right record", required=True),
        Column("left_id", "text", "Its best candidate; null where it has none"),
        Column(
            "match_class",
            "text",
            "As of links",
            required=True,
            allowed=("clear", "ambiguous", "weak", "none"),
        ),
        Column("probability", "number", "That the best candidate is right"),
        Column("weight", "number", "Bits of evidence for it, with the start"),
        Column("runner_up_id", "text", "The next best candidate"),
    ),
)
_CLEAR_MARGIN = 4.0


@dataclass(frozen=True)
class Matched:
    """Matches (``MATCHES``), and the shares they were weighed by."""

    matches: Relation
    shares: Shares


def match(left: Relation, right: Relation, plan: Plan) -> Matched:
    """Match every right record with the left one it most likely belongs to.

    Both relations follow ``plan.table``. Memory grows with the candidate pairs, about 100 bytes each.
    """
    engine = left.engine
    engine.run(prepared_steps(left, right, plan))
    records = (left.count(), right.count())
    every = max(1, records[0] * records[1] // _RANDOM_PAIRS)
    random = _vectors(engine, plan, [random_step(plan, every)])
    candidates = _vectors(engine, plan, candidate_steps(plan))
    shares = learn(candidates, random, plan)
    wanted = sum(1 << place for place, rule in enumerate(plan.rules()) if rule in plan.candidates)
    proposed = candidates.where((candidates.via & wanted) > 0)
    rows = _rows(engine, proposed, shares, plan, records)
    engine.drop(("match_left", "match_right", "match_pair", "match_vector"))
    return Matched(engine.from_batches(MATCHES, rows.to_batches()), shares)


def _vectors(engine: Engine, plan: Plan, steps: Sequence[Step]) -> Vectors:
    engine.run([*steps, vector_step(engine.dialect, plan)])
    names = [comparison.name for comparison in plan.comparisons]
    weighed = [comparison.name for comparison in plan.comparisons if comparison.frequencies]
    columns = ("left_no", "right_no", "via", *names, *(f"{name}_share" for name in weighed))
    query = f"select {', '.join(columns)} from match_vector order by right_no, left_no"
    parts: dict[str, list[NDArray[Any]]] = {name: [] for name in columns}
    for batch in engine.batches(query):
        for name, part in parts.items():
            part.append(batch.column(name).to_numpy(zero_copy_only=False))
    whole = {name: np.concatenate(part) if part else np.empty(0) for name, part in parts.items()}
    numbers = {name: whole[name].astype(np.int64) for name in ("left_no", "right_no", "via", *names)}
    return Vectors(
        numbers["left_no"],
        numbers["right_no"],
        numbers["via"],
        {name: numbers[name] for name in names},
        {name: whole[f"{name}_share"].astype(np.float64) for name in weighed},
    )


def _rows(engine: Engine, pairs: Vectors, shares: Shares, plan: Plan, records: tuple[int, int]) -> pa.Table:
    """One row a right record, in key order."""
    weighed = weigh(pairs, shares, plan, *records)
    first, second = best(pairs, weighed)
    ids = {side: _ids(engine, f"match_{side}") for side in ("left", "right")}
    place = np.full(records[1], -1)
    place[pairs.right[first] - 1] = np.arange(len(first))
    left = pairs.left - 1
    columns: dict[str, list[Any]] = {name: [] for name in MATCHES.names}
    for right_id, at in zip(ids["right"], place.tolist(), strict=True):
        values: tuple[Any, ...] = (None, "none", None, None, None)
        if at >= 0:
            one, other = int(first[at]), int(second[at])
            values = (
                ids["left"][left[one]],
                _class(weighed, one, other, plan.linked),
                round(float(weighed.probability[one]), 4),
                round(float(weighed.bits[one]), 3),
                ids["left"][left[other]] if other >= 0 else None,
            )
        for name, value in zip(MATCHES.names, (right_id, *values), strict=True):
            columns[name].append(value)
    return pa.table(columns, schema=arrow_schema(MATCHES))


def _class(weighed: Weighed, one: int, other: int, linked: float) -> str:
    if weighed.any_probability[one] < linked:
        return "weak"
    leads = other < 0 or weighed.bits[one] - weighed.bits[other] >= _CLEAR_MARGIN
    return "clear" if leads else "ambiguous"


def _ids(engine: Engine, table: str) -> list[str]:
    batches = engine.batches(f"select record_id from {table} order by record_no")
    return [found for batch in batches for found in batch.column("record_id").to_pylist()]
