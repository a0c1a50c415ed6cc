"""What is true of the made-up force: links, offences told, crimes required, errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opencdi.simulation.calendar import HOUR
from opencdi.simulation.draws import Integers, Truths
from opencdi.simulation.events import (
    AGAIN,
    CONTRARY,
    CRIME,
    CRIME_RELATED,
    NO_MENTION,
    OTHER_FORCE,
    SCHOOL,
    Events,
)
from opencdi.simulation.numbers import Numbers
from opencdi.simulation.offences import FEMALE, PERSON, STATE, VICTIMS, offences
from opencdi.simulation.recording import Records
from opencdi.simulation.taxonomy import (
    ADDITIONAL,
    AS_N100,
    CAUSES,
    ERRORS,
    LATE,
    MISSING,
    NONE,
    NOTHING,
    PAPERS,
    PAPERWORK,
    RECORD_AS,
    REFERENCES,
    cause_place,
)
from opencdi.simulation.truth_tables import (
    ERRORS_FOUND,
    INSTANT,
    LINKS,
    OFFENCES,
    REQUIRED,
    UNREGISTERED_CRIMES,
)

_RELATIONSHIPS = ("partner", "family", "acquaintance", "stranger")
_ASSERTIONS = ("", "negated", "hypothetical", "past", "other_incident", "retracted")
"""By how a log mentions a crime that it does not disclose."""
_N100 = ("", "N100/1", "N100/2", "N100/3")
_UNTOLD = PAPERS.index("victim_not_told")


@dataclass(frozen=True)
class Truth:
    """Writes the truth of one force."""

    numbers: Numbers
    incidents: int
    """How many logs there are; rows from there on have none."""

    def links(self, places: Integers, events: Events, records: Records) -> pa.Table:
        """Of each recorded crime: the log it came from and what its typed number is worth."""
        direct = events.rows >= self.incidents
        return pa.table(
            {
                "crime_id": self.numbers.crime(places),
                "incident_id": self._log(events),
                "reference_state": _of(REFERENCES, records.reference),
                "origin": pc.if_else(pa.array(direct), pa.scalar("none"), pa.scalar("incident")),
            },
            schema=LINKS,
        )

    def required(self, events: Events, records: Records, places: Integers) -> pa.Table:
        """Of each event: the crimes, N100 and crime-related incidents it calls for."""
        keep = records.record_as != NOTHING
        records, places = records.of(keep), places[keep]
        facts, table = events.at(records.at), offences()
        n100 = np.where(records.record_as == AS_N100, facts.n100, 0)
        return pa.table(
            {
                "incident_id": self._log(facts),
                "required_no": _number_within(records.at),
                "record_as": _of(RECORD_AS, records.record_as),
                "class_code": _of(table.class_codes, records.required),
                "subcode": _of(table.subcodes, records.required),
                "offence_subgroup": _of(table.subgroups, records.required),
                "victim_no": records.victim_no,
                "suspect_group": np.where(facts.unseen, 0, 1),
                "n100_code": _of(_N100, n100),
                "crime_id": self._crime(records, places),
                "error": _of(ERRORS, records.error),
                "cause": _of(CAUSES, records.cause),
                "domestic_abuse": facts.domestic,
                "deadline": _instant(facts.reported + 24 * HOUR),
            },
            schema=REQUIRED,
        )

    def errors(self, events: Events, records: Records, places: Integers) -> pa.Table:
        """Every error, one a row; a record that is late and wrong has two."""
        at, kind = _errors_of(records)
        some, facts, table = records.of(at), events.at(records.at[at]), offences()
        paper = np.where(kind == PAPERWORK, some.paper, 0)
        second = np.where(kind == LATE, cause_place("workload"), cause_place("recording_fields_incomplete"))
        cause = np.where(kind == some.error, some.cause, second)
        cause = np.where(paper == _UNTOLD, cause_place("victim_not_told"), cause)
        unclassed = np.isin(kind, (MISSING, ADDITIONAL)) | (some.n100 > 0)
        return pa.table(
            {
                "kind": _of(ERRORS, kind),
                "incident_id": self._log(facts),
                "crime_id": self._crime(some, places[at]),
                "class_required": _of(table.class_codes, some.required),
                "class_recorded": _of(table.class_codes, np.where(unclassed, -1, some.recorded)),
                "cause": _of(CAUSES, cause),
                "details": _of(PAPERS, paper),
            },
            schema=ERRORS_FOUND,
        )

    def unregistered(self, events: Events) -> pa.Table:
        """Crimes that left no trace in any export."""
        table = offences()
        return pa.table(
            {
                "reported": _instant(events.reported),
                "class_code": _of(table.class_codes, events.offence),
                "subcode": _of(table.subcodes, events.offence),
                "offence_subgroup": _of(table.subgroups, events.offence),
                "domestic_abuse": events.domestic,
                "cause": pa.array(["never_registered"] * len(events)),
            },
            schema=UNREGISTERED_CRIMES,
        )

    def offences(self, events: Events) -> pa.Table:
        """Every offence that a log speaks of, and how."""
        told = _told_in(events)
        facts, table = events.at(told.at), offences()
        named = np.maximum(told.offence, 0)
        own = np.select(
            [facts.verdict == AGAIN, facts.verdict == CONTRARY], ["other_incident", "retracted"], "asserted"
        )
        # Of the second and third victim, and of whoever a mention is about, the log tells nothing.
        known = ~told.mentioned & (table.victim[named] == PERSON) & (told.victim_no <= 1)
        related = facts.verdict == CRIME_RELATED
        confirms = np.select(
            [related & facts.traced, (facts.verdict == CRIME) & ~told.mentioned], ["no", "yes"], "unknown"
        )
        return pa.table(
            {
                "incident_id": self._log(facts),
                "offence_no": _number_within(told.at),
                "class_code": _of(table.class_codes, told.offence),
                "subcode": _of(table.subcodes, told.offence),
                "victim_no": told.victim_no,
                "suspect_group": np.where(facts.unseen, 0, 1),
                "assertion": pc.if_else(
                    pa.array(told.mentioned), _of(_ASSERTIONS, facts.mention), pa.array(own)
                ),
                "attempted": table.attempted[named] & (told.offence >= 0),
                "victim_kind": _of(VICTIMS, np.where(told.offence < 0, -1, table.victim[named])),
                "victim_sex": _unless(~known, _of(("M", "F"), (facts.victim_sex == FEMALE).astype(np.int64))),
                "victim_age": pa.array(facts.victim_age, mask=~known),
                "relationship": _of(_RELATIONSHIPS, facts.tie),
                "victim_confirms": pa.array(confirms),
                "victim_traced": _yes_no(facts.traced),
                "evidence_to_contrary": _yes_no((facts.verdict == CONTRARY) & ~told.mentioned),
                "other_force_records": _yes_no((facts.verdict == OTHER_FORCE) & ~told.mentioned),
                "school_deals": _yes_no((facts.verdict == SCHOOL) & ~told.mentioned),
            },
            schema=OFFENCES,
        )

    def _log(self, events: Events) -> pa.Array:
        """The log's number; null for a row that has no log."""
        numbers = self.numbers.incident(np.minimum(events.rows, self.incidents - 1))
        return _unless(events.rows >= self.incidents, numbers)

    def _crime(self, records: Records, places: Integers) -> pa.Array:
        return _unless(~records.made, self.numbers.crime(places))


@dataclass(frozen=True)
class _Told:
    """Offences told, by event; ``offence`` is -1 where a mention names none."""

    at: Integers
    offence: Integers
    victim_no: Integers
    mentioned: Truths


def _told_in(events: Events) -> _Told:
    crime = events.offence >= 0
    against = np.where(events.victims == 0, 0, 1)
    found = [
        (crime, events.offence, against, False),
        (crime & (events.victims > 1), events.offence, np.full(len(events), 2), False),
        (crime & (events.victims > 2), events.offence, np.full(len(events), 3), False),
        (events.companion >= 0, events.companion, np.full(len(events), 1), False),
        (events.extra >= 0, events.extra, np.full(len(events), 0), False),
        (events.mention != NO_MENTION, events.mentioned, np.full(len(events), 1), True),
    ]
    at = np.concatenate([np.flatnonzero(told) for told, *_ in found])
    order = np.argsort(at, kind="stable")
    offence = np.concatenate([kinds[told] for told, kinds, *_ in found])[order]
    victim_no = np.concatenate([victims[told] for told, _, victims, _ in found])[order]
    mentioned = np.concatenate([np.full(int(told.sum()), mention) for told, *_, mention in found])[order]
    state = (offence >= 0) & (offences().victim[np.maximum(offence, 0)] == STATE)
    return _Told(at[order], offence, np.where(state, 0, victim_no), mentioned)


def _errors_of(records: Records) -> tuple[Integers, Integers]:
    """Places of the records with an error, and its kind; once for each error."""
    due = records.made & (records.record_as != NOTHING)
    found = [
        (np.flatnonzero(records.error != NONE), None),
        (np.flatnonzero(records.late & due & (records.error != LATE)), LATE),
        (np.flatnonzero((records.paper > 0) & due & (records.error != PAPERWORK)), PAPERWORK),
    ]
    at = np.concatenate([places for places, _ in found])
    kind = np.concatenate(
        [records.error[places] if kind is None else np.full(len(places), kind) for places, kind in found]
    )
    order = np.lexsort((kind, at))
    return at[order], kind[order]


def _of(words: Sequence[str], places: Integers) -> pa.Array:
    """The word at each place; null for place -1 and for an empty word."""
    values = pa.array([word or None for word in words], pa.string())
    return values.take(pa.array(places, mask=places < 0))


def _unless(absent: Truths, values: pa.Array) -> pa.Array:
    return pc.if_else(pa.array(absent), pa.scalar(None, values.type), values)


def _yes_no(values: Truths) -> pa.Array:
    return pc.if_else(pa.array(values), pa.scalar("yes"), pa.scalar("no"))


def _instant(instants: Integers) -> pa.Array:
    return pa.array(instants * 1_000_000).cast(INSTANT)


def _number_within(at: Integers) -> Integers:
    """1, 2, ... within each run of equal places; ``at`` ascends."""
    return np.arange(len(at)) - np.searchsorted(at, at, side="left") + 1
