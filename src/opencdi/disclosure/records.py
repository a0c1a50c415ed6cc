"""A batch of the reading list in columns: logs folded, ages read, and what the records say in numbers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from opencdi.disclosure.circumstances import CARRIED_OVER
from opencdi.disclosure.parties import age_in
from opencdi.disclosure.words import folded
from opencdi.schema import CALLER_ROLES, INCIDENT_GROUPS

Ints = NDArray[np.int64]

CARRIED = tuple(sorted(CARRIED_OVER))
"""The flags of a record that are taken over, each a bit of ``Records.carried``."""

_MAY_GIVE_AN_AGE = r"age(?:d| of)?[^a-z0-9]*[0-9]|[0-9][^a-z0-9]{0,3}y"
"""Found in every folded log in which ``age_in`` finds an age, if the log is plain ASCII."""


class Records(NamedTuple):
    """What the records of a batch say, a value a log: roles and groups as places in the schema's lists."""

    callers: Ints
    opened: Ints
    closed: Ints
    elsewhere: Ints
    """1 where another force is named."""
    carried: Ints
    sexes: pa.Array
    ages: pa.Array


def records_of(incidents: pa.RecordBatch) -> Records:
    """The records of a batch of the reading list."""
    return Records(
        _places(incidents["caller_role"], CALLER_ROLES),
        _places(incidents["opening_group"], INCIDENT_GROUPS),
        _places(incidents["closing_group"], INCIDENT_GROUPS),
        pc.fill_null(pc.not_equal(incidents["other_force"].cast(pa.string()), ""), False)
        .to_numpy(zero_copy_only=False)
        .astype(np.int64),
        _carried(incidents["flags"]),
        incidents["victim_sex"].cast(pa.string()),
        incidents["victim_age"].cast(pa.int64()),
    )


def folded_column(narratives: pa.Array) -> pa.LargeStringArray:
    """Logs folded as ``words.folded`` does; a missing one is empty."""
    # Copied, since Arrow's functions on text go astray (and out of bounds) in a part of an array.
    whole = pa.concat_arrays([narratives.cast(pa.large_string()), pa.array([], pa.large_string())])
    texts = pc.fill_null(whole, "")
    low = pc.ascii_lower(texts)
    # Not " w/ ": blanks are everywhere, and the first letter is what is looked for.
    odd = pc.or_(pc.invert(pc.string_is_ascii(texts)), pc.match_substring_regex(low, "w/ "))
    others = [folded(text) for text in texts.filter(odd).to_pylist()]
    return pc.replace_with_mask(low, odd, pa.array(others, pa.large_string())) if others else low


def ages_in(low: pa.LargeStringArray, logs: Ints) -> pa.Array:
    """What ``age_in`` finds in each of the logs named by number."""
    distinct, which = np.unique(logs, return_inverse=True)
    texts = low.take(pa.array(distinct))
    may = pc.or_(pc.match_substring_regex(texts, _MAY_GIVE_AN_AGE), pc.invert(pc.string_is_ascii(texts)))
    ages: list[int | None] = [None] * len(distinct)
    for place in np.flatnonzero(may.to_numpy(zero_copy_only=False)).tolist():
        ages[place] = age_in(texts[place].as_py())
    return pa.array(ages, pa.int64()).take(pa.array(which))


def _places(values: pa.Array, known: tuple[str, ...]) -> Ints:
    """The place of each value in a list of words; one that is not in it is unknown."""
    places = pc.index_in(values.cast(pa.string()), pa.array(known))
    found: Ints = pc.fill_null(places, known.index("unknown")).to_numpy().astype(np.int64)
    return found


def _carried(flags: pa.ListArray) -> Ints:
    held = np.zeros(len(flags), np.int64)
    # Not by Arrow's list_parent_indices, which counts what a missing list may still hold; flatten does not.
    lengths = pc.fill_null(pc.list_value_length(flags), 0).to_numpy()
    values, logs = flags.flatten(), np.repeat(np.arange(len(flags)), lengths)
    for place, flag in enumerate(CARRIED):
        has = pc.fill_null(pc.equal(values, flag), False).to_numpy(zero_copy_only=False)
        held[logs[has]] |= 1 << place
    return held
