"""Records as a force keeps them on a worse day, from those of a made-up force: for training and measuring.

A simulator's two systems agree too well. Here times of report on crimes are missing, rounded or typed from
memory, some crimes are recorded late, places are left out or are where the officer sat, dates of birth go
missing, fewer logs carry the crime's number and more crimes carry somebody else's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opencdi import schema
from opencdi.engine import Relation
from opencdi.linkage.accuracy import TRUTH

_MINUTE = 60_000_000
"""Microseconds."""

_DAY = 1440 * _MINUTE


@dataclass(frozen=True)
class Force:
    """A force's tables, and where each of its crimes came from."""

    incidents: Relation
    crimes: Relation
    parties: Relation
    truth: Relation


def worn(force: Force, seed: int) -> Force:
    """The same force, worse kept. The same seed wears the same way."""
    engine = force.crimes.engine
    crimes, truth = _whole(force.crimes), _whole(force.truth)
    incidents, parties = _whole(force.incidents), _whole(force.parties)
    random = np.random.default_rng(seed)
    strangers = random.random(len(crimes)) < 0.03
    tables = (
        (schema.INCIDENTS, _worn_incidents(incidents, random)),
        (schema.CRIMES, _worn_crimes(crimes, strangers, random)),
        (schema.PARTIES, _worn_parties(parties, truth, random)),
        (TRUTH, _retold(truth, crimes, strangers)),
    )
    made = [engine.from_batches(table, worse.to_batches()) for table, worse in tables]
    return Force(*made)


def recorded_late(force: Force, seed: int) -> Force:
    """The same force, of whose crimes one in ten is recorded one to ten months after it was: put right after
    a complaint or an audit. Its truth is of these crimes alone."""
    engine = force.crimes.engine
    crimes, truth = _whole(force.crimes), _whole(force.truth)
    random = np.random.default_rng(seed)
    late = random.random(len(crimes)) < 0.1
    delay = np.where(late, random.integers(29 * _DAY, 300 * _DAY, len(crimes)), 0)
    recorded = pc.cast(crimes["recorded_at"], pa.int64()).to_numpy() + delay
    shifted = _set(crimes, "recorded_at", pa.array(recorded).cast(pa.timestamp("us", tz="UTC")))
    named = pc.filter(crimes["crime_id"], pa.array(late))
    kept = truth.filter(pc.is_in(truth["crime_id"], value_set=named.combine_chunks()))
    tables = ((schema.CRIMES, shifted), (TRUTH, kept))
    made = [engine.from_batches(table, changed.to_batches()) for table, changed in tables]
    return Force(force.incidents, made[0], force.parties, made[1])


def _whole(relation: Relation) -> pa.Table:
    return pa.Table.from_batches(list(relation.batches(relation.contract.names)))


def _set(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    place = table.schema.get_field_index(name)
    return table.set_column(place, name, pc.cast(values, table.schema.field(name).type))


def _lost(table: pa.Table, share: float, random: np.random.Generator, *names: str) -> pa.Table:
    """The named columns emptied on a share of rows."""
    gone = pa.array(random.random(len(table)) < share)
    for name in names:
        table = _set(table, name, pc.if_else(gone, None, table[name].combine_chunks()))
    return table


def _worn_incidents(incidents: pa.Table, random: np.random.Generator) -> pa.Table:
    kept = random.random(len(incidents)) < 0.3
    references = [
        list(found) if keep else []
        for found, keep in zip(incidents["crime_references"].to_pylist(), kept, strict=True)
    ]
    worse = _set(incidents, "crime_references", pa.array(references, pa.list_(pa.string())))
    worse = _lost(worse, 0.08, random, "address", "postcode")
    return _lost(worse, 0.5, random, "latitude", "longitude")


def _worn_crimes(crimes: pa.Table, strangers: np.ndarray, random: np.random.Generator) -> pa.Table:
    borrowed = crimes["incident_reference"].combine_chunks().take(pa.array(random.permutation(len(crimes))))
    typed = pc.if_else(pa.array(strangers), borrowed, crimes["incident_reference"].combine_chunks())
    worse = _set(crimes, "incident_reference", typed)
    worse = _elsewhere(worse, random)
    worse = _lost(worse, 0.08, random, "address")
    worse = _lost(worse, 0.12, random, "postcode")
    worse = _lost(worse, 0.6, random, "latitude", "longitude")
    worse = _set(worse, "reported_at", _retyped_times(worse, random))
    return _set(worse, "recorded_at", _late_times(worse, random))


def _elsewhere(crimes: pa.Table, random: np.random.Generator) -> pa.Table:
    """A few crimes given the place of another: a station, a hospital, the wrong house."""
    away = pa.array(random.random(len(crimes)) < 0.05)
    other = pa.array(random.permutation(len(crimes)))
    for name in ("address", "postcode", "beat", "latitude", "longitude"):
        column = crimes[name].combine_chunks()
        crimes = _set(crimes, name, pc.if_else(away, column.take(other), column))
    return crimes


def _retyped_times(crimes: pa.Table, random: np.random.Generator) -> pa.Array:
    """Copied, some minutes out, to the day only, or not at all; never after the recording."""
    reported = pc.cast(crimes["reported_at"], pa.int64()).combine_chunks()
    known = pc.is_valid(reported).to_numpy(zero_copy_only=False)
    times = pc.fill_null(reported, 0).to_numpy(zero_copy_only=False)
    way = random.random(len(crimes))
    minutes_out = random.integers(2, 50, len(crimes)) * _MINUTE
    times = np.where((way >= 0.2) & (way < 0.4), times + minutes_out, times)
    times = np.where((way >= 0.4) & (way < 0.5), times // _DAY * _DAY, times)
    recorded = pc.cast(crimes["recorded_at"], pa.int64()).to_numpy()
    return pa.array(np.minimum(times, recorded), mask=~known | (way >= 0.5)).cast(
        pa.timestamp("us", tz="UTC")
    )


def _late_times(crimes: pa.Table, random: np.random.Generator) -> pa.Array:
    """A few crimes recorded three days to three weeks later than they were."""
    recorded = pc.cast(crimes["recorded_at"], pa.int64()).to_numpy()
    later = random.integers(3 * _DAY, 21 * _DAY, len(crimes))
    times = np.where(random.random(len(crimes)) < 0.04, recorded + later, recorded)
    return pa.array(times).cast(pa.timestamp("us", tz="UTC"))


def _worn_parties(parties: pa.Table, truth: pa.Table, random: np.random.Generator) -> pa.Table:
    """Fewer dates of birth; victims who called carry the number they called from."""
    worse = _lost(parties, 0.25, random, "born_on")
    callers = {
        (row["record_id"], row["surname"], row["forename"]): row["telephone"]
        for row in parties.filter(pc.equal(parties["record_kind"], "incident"))
        .select(["record_id", "surname", "forename", "telephone"])
        .to_pylist()
    }
    came_from = dict(zip(truth["crime_id"].to_pylist(), truth["incident_id"].to_pylist(), strict=True))
    asked = random.random(len(parties)) < 0.5
    telephones = [
        callers.get((came_from.get(row["record_id"]), row["surname"], row["forename"]))
        if row["record_kind"] == "crime" and ask
        else row["telephone"]
        for row, ask in zip(worse.to_pylist(), asked, strict=True)
    ]
    return _set(worse, "telephone", pa.array(telephones, pa.string()))


def _retold(truth: pa.Table, crimes: pa.Table, strangers: np.ndarray) -> pa.Table:
    """The truth, with the state of the references that were borrowed."""
    borrowing = set(pc.filter(crimes["crime_id"], pa.array(strangers)).to_pylist())
    states = [
        "wrong" if crime in borrowing else state
        for crime, state in zip(
            truth["crime_id"].to_pylist(), truth["reference_state"].to_pylist(), strict=True
        )
    ]
    return _set(truth, "reference_state", pa.array(states))
