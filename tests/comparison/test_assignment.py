"""Pairing outwards, class by class, is the best assignment: held against exhaustive search."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories import crime, incident, link, required, tables

from opencdi.comparison import compare
from opencdi.comparison.assignment import answers
from opencdi.counting import classification
from opencdi.engine import DuckDBEngine

CLASSES = st.sampled_from(["8N", "5D", "105A", "8L", "8Q", "46", "49", "39"])


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine() as made:
        yield made


def _nearness(described: str, recorded: str) -> int:
    """3 for one class, 2 for one subgroup, 1 for one group, 0 else."""
    listed = classification.load()
    if described == recorded:
        return 3
    if listed.subgroup_of(described) == listed.subgroup_of(recorded):
        return 2
    return 1 if listed.group_of(described) == listed.group_of(recorded) else 0


def _counts(pairs: list[tuple[str, str]]) -> tuple[int, ...]:
    """Pairs of one class, then of one subgroup, then of one group."""
    found = [_nearness(*pair) for pair in pairs]
    return tuple(found.count(nearness) for nearness in (3, 2, 1))


def _best(described: list[str], recorded: list[str]) -> tuple[int, ...]:
    size = max(len(described), len(recorded))
    padded = recorded + [""] * (size - len(recorded))
    return max(
        _counts([(want, have) for want, have in zip(described, order, strict=False) if have])
        for order in permutations(padded)
    )


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CLASSES, min_size=1, max_size=4), st.lists(CLASSES, min_size=1, max_size=4))
def test_no_assignment_pairs_more_crimes_of_one_class_then_subgroup_then_group(
    engine: DuckDBEngine, described: list[str], recorded: list[str]
) -> None:
    made = tables(
        engine,
        incidents=[incident("I1")],
        required_crimes=[required("I1", n, code) for n, code in enumerate(described, start=1)],
        crimes=[crime(f"C{n}", code) for n, code in enumerate(recorded)],
        links=[link(f"C{n}", "I1") for n in range(len(recorded))],
    )
    compared = compare(
        made["required_crimes"],
        made["offence_decisions"],
        made["disclosed_offences"],
        made["links"],
        made["crimes"],
        made["incidents"],
        made["parties"],
    )
    matches: list[dict[str, Any]] = compared.matches.rows()
    pairs = [
        (described[row["required_no"] - 1], recorded[int(row["crime_id"][1:])])
        for row in matches
        if row["required_no"] and row["crime_id"]
    ]
    assert _counts(pairs) == _best(described, recorded)
    assert len(pairs) == min(len(described), len(recorded))


def test_a_required_crime_has_one_answer_and_a_record_is_one_wherever_the_pairs_are_cut_into_batches() -> (
    None
):
    pairs = pa.table(
        {
            "incident_id": ["I1", "I1", "I1", "I1", "I2"],
            "required_no": [1, 1, 2, 2, 1],
            "crime_id": ["C1", "C2", "C1", "C2", "C1"],
        }
    )
    for size in (1, 2, 5):
        made = pa.Table.from_batches(answers(pairs.to_batches(size)))
        assert made.to_pylist() == [
            {"incident_id": "I1", "required_no": 1, "crime_id": "C1"},
            {"incident_id": "I1", "required_no": 2, "crime_id": "C2"},
            {"incident_id": "I2", "required_no": 1, "crime_id": "C1"},
        ]
