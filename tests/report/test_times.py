"""Clock times in London for many instants at once are those of each instant alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from opencdi.report.times import london, london_microseconds

_EPOCH = datetime(1970, 1, 1)
_CHANGES = [datetime(2025, 3, 30, 1), datetime(2025, 10, 26, 1), datetime(1971, 10, 31, 2)]
_NEAR_A_CHANGE = st.builds(
    lambda change, seconds: change + timedelta(seconds=seconds),
    st.sampled_from(_CHANGES),
    st.integers(-100_000, 100_000),
)


@given(st.lists(st.datetimes(datetime(1960, 1, 1), datetime(2050, 1, 1)) | _NEAR_A_CHANGE, max_size=8))
def test_many_instants_are_told_as_one_by_one(instants: list[datetime]) -> None:
    numbers = np.array([(each - _EPOCH) // timedelta(microseconds=1) for each in instants], np.int64)
    told = [_EPOCH + timedelta(microseconds=int(each)) for each in london_microseconds(numbers)]
    assert told == [london(each.replace(tzinfo=UTC)) for each in instants]
