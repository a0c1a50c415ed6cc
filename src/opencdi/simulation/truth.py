"""What is true of the made-up force: links, offences told, crimes required, errors."""

from __future__ import annotations

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
    DENIED,
    FEARED,
    LONG_PAST,
    NO_MENTION,
    OTHER_FORCE,
    OTHERS,
    SCHOOL,
    WITHDRAWN,
    Events,
)
from opencdi.simulation.numbers import Numbers
from opencdi.simulation.offences import FAMILY, FEMALE, KNOWN, PARTNER, STATE, STRANGER, VICTIMS, offences
from opencdi.simulation.recording import Records
from opencdi.simulation.taxonomy import (
    ADDITIONAL,
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
)

INSTANT = pa.timestamp("us", tz="UTC")
_TEXT, _WHOLE, _TRUTH = pa.string(), pa.int64(), pa.bool_()

LINKS = pa.schema(
    [("crime_id", _TEXT), ("incident_id", _TEXT), ("reference_state", _TEXT), ("origin", _TEXT)]
)
OFFENCES = pa.schema(
    [
        ("incident_id", _TEXT),
        ("offence_no", _WHOLE),
        ("class_code", _TEXT),
        ("subcode", _TEXT),
        ("victim_no", _WHOLE),
        ("suspect_group", _WHOLE),
        ("assertion", _TEXT),
        ("attempted", _TRUTH),
        ("victim_kind", _TEXT),
        ("victim_sex", _TEXT),
        ("victim_age", _WHOLE),
        ("relationship", _TEXT),
        ("victim_confirms", _TEXT),
        ("victim_traced", _TEXT),
        ("evidence_to_contrary", _TEXT),
        ("other_force_records", _TEXT),
        ("school_deals", _TEXT),
    ]
)
REQUIRED = pa.schema(
    [
        ("incident_id", _TEXT),
        ("required_no", _WHOLE),
        ("record_as", _TEXT),
        ("class_code", _TEXT),
        ("subcode", _TEXT),
        ("offence_subgroup", _TEXT),
        ("victim_no", _WHOLE),
        ("suspect_group", _WHOLE),
        ("n100_code", _TEXT),
        ("crime_id", _TEXT),
        ("error", _TEXT),
        ("cause", _TEXT),
        ("domestic_abuse", _TRUTH),
        ("deadline", INSTANT),
    ]
)
ERRORS_FOUND = pa.schema(
    [
        ("kind", _TEXT),
        ("incident_id", _TEXT),
        ("crime_id", _TEXT),
        ("class_required", _TEXT),
        ("class_recorded", _TEXT),
        ("cause", _TEXT),
        ("details", _TEXT),
    ]
)
UNREGISTERED_CRIMES = pa.schema(
    [
        ("reported", INSTANT),
        ("class_code", _TEXT),
        ("subcode", _TEXT),
        ("offence_subgroup", _TEXT),
        ("domestic_abuse", _TRUTH),
        ("cause", _TEXT),
    ]
)
TABLES = {
    "unregistered": UNREGISTERED_CRIMES,
    "links": LINKS,
    "offences": OFFENCES,
    "required": REQUIRED,
    "errors": ERRORS_FOUND,
}

_RELATIONSHIPS = {PARTNER: "partner", FAMILY: "family", KNOWN: "acquaintance", STRANGER: "stranger"}
_ASSERTIONS = {
    NO_MENTION: "",
    DENIED: "negated",
    FEARED: "hypothetical",
    LONG_PAST: "past",
    OTHERS: "other_incident",
    WITHDRAWN: "retracted",
}


def links(numbers: Numbers, places: Integers, events: Events, records: Records, incidents: int) -> pa.Table:
    """Of each recorded crime: the log it came from and what its typed number is worth."""
    direct = events.rows >= incidents
    own = numbers.incident(np.minimum(events.rows, incidents - 1))
    return pa.table(
        [
            numbers.crime(places),
            _blank(direct, own),
            pa.array(REFERENCES).take(pa.array(records.reference)),
            pc.if_else(pa.array(direct), "none", "incident"),
        ],
        schema=LINKS,
    )


def required(numbers: Numbers, events: Events, records: Records, places: Integers) -> pa.Table:
    """Of each event: the crimes, N100 and crime-related incidents it calls for."""
    keep = records.record_as != NOTHING
    records, places = records.of(keep), places[keep]
    facts = events.at(records.at)
    table = offences()
    n100 = pa.array(["N100/1", "N100/2", "N100/3"])
    due_n100 = np.where(records.record_as == RECORD_AS.index("n100"), facts.n100, 0)
    return pa.table(
        [
            numbers.incident(facts.rows),
            pa.array(_number_within(records.at)),
            pa.array(RECORD_AS).take(pa.array(records.record_as)),
            pa.array(table.class_codes).take(pa.array(records.required)),
            _code(table.subcodes, records.required),
            pa.array(table.subgroups).take(pa.array(records.required)),
            pa.array(records.victim_no),
            pa.array(np.where(facts.unseen, 0, 1)),
            n100.take(pa.array(due_n100 - 1, mask=due_n100 == 0)),
            _blank(~records.made, numbers.crime(places)),
            pa.array(ERRORS).take(pa.array(records.error)),
            _cause(records),
            pa.array(facts.domestic),
            _instant(facts.reported + 24 * HOUR),
        ],
        schema=REQUIRED,
    )


def errors(numbers: Numbers, events: Events, records: Records, places: Integers, incidents: int) -> pa.Table:
    """Every error, one a row; a record that is late and wrong has two."""
    wrong = np.flatnonzero(records.error != NONE)
    late = np.flatnonzero(
        records.late & (records.error != LATE) & records.made & (records.record_as != NOTHING)
    )
    untold = np.flatnonzero(
        (records.paper > 0) & (records.error != PAPERWORK) & records.made & (records.record_as != NOTHING)
    )
    at = np.concatenate([wrong, late, untold])
    kind = np.concatenate([records.error[wrong], np.full(len(late), LATE), np.full(len(untold), PAPERWORK)])
    order = np.lexsort((kind, at))
    at, kind = at[order], kind[order]
    some, facts = records.of(at), events.at(records.at[at])
    table = offences()
    direct = facts.rows >= incidents
    gone = np.isin(kind, (MISSING, ADDITIONAL))
    paper = np.where(kind == PAPERWORK, some.paper, 0)
    detail = pc.if_else(pa.array(paper > 0), pa.array(PAPERS).take(pa.array(paper)), pa.scalar(None, _TEXT))
    cause = np.where(
        kind == some.error,
        some.cause,
        np.where(kind == LATE, CAUSES.index("workload"), CAUSES.index("victim_not_told")),
    )
    cause = np.where((paper == 4), CAUSES.index("victim_not_told"), cause)
    return pa.table(
        [
            pa.array(ERRORS).take(pa.array(kind)),
            _blank(direct, numbers.incident(np.minimum(facts.rows, incidents - 1))),
            _blank(~some.made, numbers.crime(places[at])),
            _blank(
                some.required < 0, pa.array(table.class_codes).take(pa.array(np.maximum(some.required, 0)))
            ),
            _blank(gone, pa.array(table.class_codes).take(pa.array(some.recorded))),
            pa.array(CAUSES).take(pa.array(cause)),
            detail,
        ],
        schema=ERRORS_FOUND,
    )


def unregistered(events: Events) -> pa.Table:
    """Crimes that left no trace in any export."""
    table = offences()
    return pa.table(
        [
            _instant(events.reported),
            pa.array(table.class_codes).take(pa.array(events.offence)),
            _code(table.subcodes, events.offence),
            pa.array(table.subgroups).take(pa.array(events.offence)),
            pa.array(events.domestic),
            pa.array(["never_registered"] * len(events)),
        ],
        schema=UNREGISTERED_CRIMES,
    )


def offences_told(numbers: Numbers, events: Events) -> pa.Table:
    """Every offence that a log speaks of, and how."""
    table = offences()
    everyone = np.arange(len(events))
    crime = events.offence >= 0
    parts = [
        (crime, np.maximum(events.offence, 0), np.where(events.victims == 0, 0, 1), 0),
        (crime & (events.victims > 1), np.maximum(events.offence, 0), np.full(len(events), 2), 0),
        (crime & (events.victims > 2), np.maximum(events.offence, 0), np.full(len(events), 3), 0),
        (events.companion >= 0, np.maximum(events.companion, 0), np.ones(len(events), dtype=np.int64), 0),
        (events.extra >= 0, np.maximum(events.extra, 0), np.zeros(len(events), dtype=np.int64), 0),
        (events.mention != NO_MENTION, events.mentioned, np.ones(len(events), dtype=np.int64), 1),
    ]
    at = np.concatenate([everyone[mask] for mask, *_ in parts])
    kind = np.concatenate([kinds[mask] for mask, kinds, *_ in parts])
    victim = np.concatenate([numbers_[mask] for mask, _, numbers_, _ in parts])
    said = np.concatenate([np.full(int(mask.sum()), value) for mask, *_, value in parts])
    order = np.argsort(at, kind="stable")
    at, kind, victim, said = at[order], kind[order], victim[order], said[order]
    facts = events.at(at)
    mentioned = said == 1
    assertion = pa.array([_ASSERTIONS[place] for place in range(len(_ASSERTIONS))]).take(
        pa.array(facts.mention)
    )
    own = np.where(
        facts.verdict == AGAIN, "other_incident", np.where(facts.verdict == CONTRARY, "retracted", "asserted")
    )
    known = np.maximum(kind, 0)
    person = (table.victim[known] != STATE) & ~mentioned
    return pa.table(
        [
            numbers.incident(facts.rows),
            pa.array(_number_within(at)),
            _blank(kind < 0, pa.array(table.class_codes).take(pa.array(known))),
            _blank(kind < 0, _code(table.subcodes, known)),
            pa.array(victim),
            pa.array(np.where(facts.unseen, 0, 1)),
            pc.if_else(pa.array(mentioned), assertion, pa.array(own)),
            pa.array(table.attempted[known] & (kind >= 0)),
            pa.array(VICTIMS).take(pa.array(table.victim[known])),
            _blank(
                ~person | (victim > 1) | (facts.victim_kind != 0),
                pc.if_else(pa.array(facts.victim_sex == FEMALE), "F", "M"),
            ),
            pa.array(facts.victim_age, mask=~person | (victim > 1) | (facts.victim_kind != 0)),
            pa.array([_RELATIONSHIPS[place] for place in range(4)]).take(pa.array(facts.tie)),
            _answer(facts.verdict == CRIME_RELATED, facts.traced, facts.verdict == CRIME),
            pc.if_else(pa.array(facts.traced), "yes", "no"),
            _yes_no((facts.verdict == CONTRARY) & ~mentioned),
            _yes_no((facts.verdict == OTHER_FORCE) & ~mentioned),
            _yes_no((facts.verdict == SCHOOL) & ~mentioned),
        ],
        schema=OFFENCES,
    )


def _answer(related: Truths, traced: Truths, crime: Truths) -> pa.Array:
    return pc.if_else(
        pa.array(related),
        pc.if_else(pa.array(traced), "no", "unknown"),
        pc.if_else(pa.array(crime), "yes", "unknown"),
    )


def _yes_no(values: Truths) -> pa.Array:
    return pc.if_else(pa.array(values), "yes", "no")


def _cause(records: Records) -> pa.Array:
    return _blank(records.cause == 0, pa.array(CAUSES).take(pa.array(records.cause)))


def _code(codes: tuple[str, ...], kinds: Integers) -> pa.Array:
    return pa.array([code or None for code in codes]).take(pa.array(kinds))


def _blank(absent: Truths, values: pa.Array) -> pa.Array:
    return pc.if_else(pa.array(absent), pa.scalar(None, values.type), values)


def _instant(instants: Integers) -> pa.Array:
    return pa.array(instants * 1_000_000, pa.timestamp("us")).cast(pa.int64()).cast(INSTANT)


def _number_within(at: Integers) -> Integers:
    """1, 2, ... within each run of equal places; ``at`` ascends."""
    starts = np.searchsorted(at, at, side="left")
    return np.arange(len(at)) - starts + 1
