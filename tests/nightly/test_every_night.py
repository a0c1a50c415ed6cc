"""An audit brought up to date night by night holds the same bytes as one made from nothing."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from nights import Nights, tables

WHAT_A_NIGHT_BRINGS = (Nights.new_rows, Nights.amended_rows, Nights.deleted_rows, Nights.nothing)


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """Two months of 600 incidents, in parts of a week."""
    nights = Nights(tmp_path_factory.mktemp("force"), 600, 60, seed=11, incidents_a_part=40)
    nights.run()
    return nights


def test_new_and_amended_rows_night_by_night_end_in_the_same_bytes(force: Nights) -> None:
    for night, brings in enumerate((Nights.new_rows, Nights.amended_rows, Nights.new_rows)):
        brings(force, 6)
        force.run()
        assert tables(force.audit) == tables(force.from_nothing(f"new-{night}"))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_any_sequence_of_nights_ends_in_the_same_bytes(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    nights = Nights(tmp_path, 500, 60, seed=seed, incidents_a_part=40)
    for _ in range(4):
        chance.choice(WHAT_A_NIGHT_BRINGS)(nights, chance.randrange(1, 12))
        nights.run()
    assert tables(nights.audit) == tables(nights.from_nothing("from-nothing"))
