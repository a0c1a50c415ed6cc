"""What happens in the made-up force happens as often as its settings say."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binomtest, chisquare

from opencdi.simulation import taxonomy
from opencdi.simulation.events import AGAIN, CRIME, NOT_CRIME, Events
from opencdi.simulation.flags import flags_due
from opencdi.simulation.offences import ORGANISATION, PARTNER, PERSON, offences, rows_of
from opencdi.simulation.recording import Recording, Records
from opencdi.simulation.settings import Force
from opencdi.simulation.world import World

FORCE = Force(incidents=60_000, seed=5)
BY_CHANCE = 1e-6
"""A test fails by chance once in a million seeds; the seed is fixed."""

Events_ = tuple[Events, Records]


@pytest.fixture(scope="module")
def made() -> Events_:
    events = World(FORCE).events(np.arange(FORCE.incidents, dtype=np.int64))
    return events, Recording(FORCE).records(events)


def assert_rate(seen: NDArray[np.bool_], rate: float) -> None:
    assert binomtest(int(seen.sum()), len(seen), rate).pvalue > BY_CHANCE


def test_most_incidents_are_not_crimes(made: Events_) -> None:
    assert_rate(made[0].offence < 0, FORCE.reports.not_a_crime)


def test_second_logs_of_one_event_are_as_many_as_set(made: Events_) -> None:
    events, table = made[0], offences()
    weights = table.recorded_share / table.recording_rate(FORCE.errors)
    against_persons = weights[table.victim == PERSON].sum() / weights.sum()
    share = (events.verdict == AGAIN)[events.offence >= 0].mean()
    assert 0.9 < share / (FORCE.reports.same_event_again * against_persons) < 1.05


def test_volumes_by_subgroup_are_in_proportion_to_those_published(made: Events_) -> None:
    events, table = made[0], offences()
    rates = table.recording_rate(FORCE.errors)
    expected, seen = [], []
    own = (events.verdict == CRIME) | (events.offence >= 0)
    for row in rows_of("volumes.csv"):
        places = np.flatnonzero(table.of_subgroups((row["subgroup"],)))
        expected.append(float((table.recorded_share / rates)[places].sum()))
        seen.append(int(np.isin(events.offence[own & (events.event == events.rows)], places).sum()))
    scaled = np.array(expected) / sum(expected) * sum(seen)
    enough = scaled > 5
    kept = scaled[enough] * np.array(seen)[enough].sum() / scaled[enough].sum()
    assert chisquare(np.array(seen)[enough], kept).pvalue > BY_CHANCE


def test_recording_rates_are_those_of_the_settings(made: Events_) -> None:
    events, records = made
    facts, table, errors = events.at(records.at), offences(), FORCE.errors
    first = (records.record_as == taxonomy.AS_CRIME) & (records.slot == 0)
    offence = np.maximum(records.required, 0)
    violent = table.of_subgroups(
        ("Violence without injury", "Violence with injury", "Stalking and harassment")
    )
    plain = first & ~facts.domestic
    assert_rate(records.made[plain & violent[offence]], errors.recorded_violence)
    assert_rate(records.made[first & facts.domestic & violent[offence]], errors.recorded_domestic)
    sexual = table.of_subgroups(("Other sexual offences",))
    assert_rate(records.made[plain & sexual[offence]], errors.recorded_sexual)
    theft = table.of_subgroups(("Shoplifting", "Bicycle theft", "Theft from the person"))
    assert_rate(records.made[plain & theft[offence]], errors.recorded)


def test_late_records_are_as_many_as_set(made: Events_) -> None:
    records = made[1]
    assert_rate(records.late[records.made & (records.record_as == taxonomy.AS_CRIME)], FORCE.errors.late)


def test_references_are_good_damaged_wrong_and_missing_as_set(made: Events_) -> None:
    errors, reference = FORCE.errors, made[1].reference
    for state, rate in (
        ("damaged", errors.reference_damaged),
        ("wrong", errors.reference_wrong),
        ("missing", errors.reference_missing),
    ):
        assert_rate(reference == taxonomy.REFERENCES.index(state), rate)


def test_wrong_cancellations_and_untold_victims_are_as_many_as_set(made: Events_) -> None:
    records = made[1]
    required = (records.record_as == taxonomy.AS_CRIME) & records.made & (records.n100 == 0)
    cancelled = required & (records.cancellation > 0)
    assert_rate(cancelled[required], FORCE.errors.cancelled)
    wrongly = records.error == taxonomy.WRONGLY_CANCELLED
    assert_rate(wrongly[cancelled], FORCE.errors.cancelled_wrongly)
    assert_rate(~records.told[cancelled], FORCE.errors.victim_not_told)


def test_the_whole_force_lies_within_the_published_range(made: Events_) -> None:
    events, records = made
    required = records.record_as == taxonomy.AS_CRIME
    failed = (taxonomy.MISSING, taxonomy.ADDITIONAL, taxonomy.N100_FOR_CRIME, taxonomy.WRONGLY_CANCELLED)
    stands = ~np.isin(records.error, failed)
    domestic = events.at(records.at).domestic
    assert 0.87 < stands[required].mean() < 0.91
    assert 0.76 < stands[required & domestic].mean() < 0.85


def test_a_course_of_conduct_by_a_partner_is_never_harassment(made: Events_) -> None:
    events = made[0]
    harassment = np.isin(np.array(offences().class_codes), ("8L",)) & (offences().victim == PERSON)
    assert not (
        harassment[np.maximum(events.offence, 0)] & (events.offence >= 0) & (events.tie == PARTNER)
    ).any()


def test_sex_and_age_of_victims_fit_the_class(made: Events_) -> None:
    events, table = made[0], offences()
    known = (events.offence >= 0) & (events.victim_kind == PERSON)
    offence = events.offence[known]
    fixed = table.sex[offence] > 0
    assert (events.victim_sex[known][fixed] == table.sex[offence][fixed]).all()
    sexual = table.of_subgroups(("Rape", "Other sexual offences"))[offence]
    age = events.victim_age[known]
    assert ((age >= table.age_from[offence]) & (age <= table.age_to[offence]))[sexual].all()


def test_the_lesser_offence_of_a_finished_incident_is_never_required(made: Events_) -> None:
    events, records = made
    facts = events.at(records.at)
    lesser = (facts.companion >= 0) & (records.required == facts.companion) & (records.slot < 3)
    assert not lesser.any()


def test_a_breach_of_an_order_is_required_besides_the_crime_against_the_victim(made: Events_) -> None:
    events, records = made
    facts = events.at(records.at)
    told = (facts.extra >= 0) & (facts.verdict == CRIME)
    slots_of: dict[int, set[int]] = {}
    for row, slot in zip(records.at[told], records.slot[told], strict=True):
        slots_of.setdefault(int(row), set()).add(int(slot))
    assert slots_of
    assert all({0, 3} <= slots for slots in slots_of.values())


def test_the_same_facts_come_whatever_rows_are_asked_for_with_them() -> None:
    world = World(FORCE)
    everything = world.events(np.arange(200, dtype=np.int64))
    some = np.array([190, 3, 77], dtype=np.int64)
    alone = world.events(some)
    for name in ("offence", "verdict", "victim", "caller", "reported", "companion", "started"):
        assert (getattr(everything, name)[some] == getattr(alone, name)).all()


def test_a_flag_is_due_for_what_the_circumstances_call_for(made: Events_) -> None:
    events, _ = made
    due, table = flags_due(events), offences()
    known = np.maximum(events.offence, 0)
    crime = (events.offence >= 0) & (events.verdict != NOT_CRIME)
    breach = crime & table.among(("breach_restraining", "breach_molestation_order"))[known]
    assert breach.any() and due["domestic_abuse"][breach].all()
    assert not (events.tie[events.victim_kind == ORGANISATION] == PARTNER).any()
    assert not (due["domestic_abuse"] & (events.victim_kind == ORGANISATION)).any()
    online, acts = due["online"], np.array(table.acts)[known]
    assert_rate(online[crime & (acts == "stalk")], 0.17)
    assert online[crime & (acts == "groom")].all() and not online[crime & (acts == "hit")].any()
    assert not due["alcohol"][events.unseen].any()


def test_any_flag_that_is_due_may_be_missing_from_a_record(made: Events_) -> None:
    events, records = made
    lost = records.paper == taxonomy.PAPERS.index("flag")
    due = flags_due(events.at(records.at))
    assert np.logical_or.reduce(list(due.values()))[lost].all()
    assert {name for name, called in due.items() if called[lost].any()} >= {
        "domestic_abuse",
        "online",
        "alcohol",
    }
