"""Many incidents at once disclose what each discloses by itself."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opencdi import schema
from opencdi.disclosure import READ, disclosed_batch
from opencdi.disclosure.book import the_book
from opencdi.disclosure.circumstances import (
    ACT_TAGS,
    LOG_TAGS,
    Context,
    flags_due,
    flags_of_the_act,
    flags_said,
)
from opencdi.disclosure.classes import CLASS_TAGS, OWNER_TAGS, Facts, class_of, victim_kind_of
from opencdi.disclosure.columns import _OF_BAND, _bands
from opencdi.disclosure.disclosing import the_discloser
from opencdi.disclosure.records import folded_column
from opencdi.disclosure.tags import TagBook
from opencdi.disclosure.words import folded
from opencdi.engine import batch_of

LOGS = (
    *("Husband punched her and smashed her phone", "he punched two males. his brother got it as well"),
    *("Her ex with a knife, aged 15. Drunk. Bike stolen from shed", "15 yo girl raped by her uncle"),
    *("£50 taken from café, victim’s bag, she is 12 years old", "not stolen. Retracts. Lost keys", ""),
    *("Susp aged 30 tried to break into the shop w/ w/ a crowbar", "Officer assaulted. Found cannabis"),
    *("Racially abused by neighbour. Refuses to confirm", "a\x1c1\x0by aged\x1f7 punched her", None),
)
_TYPES = {"flags": pa.list_(pa.string()), "victim_age": pa.int32()}
GROUPS = st.sampled_from([*schema.INCIDENT_GROUPS, "a group nobody knows", None])
RECORDS = st.fixed_dictionaries(
    {
        "narrative": st.lists(st.sampled_from(LOGS), max_size=3).map(
            lambda logs: None if None in logs else ". ".join(logs)
        ),
        "caller_role": st.sampled_from([*schema.CALLER_ROLES, "a role nobody knows", None]),
        "opening_group": GROUPS,
        "closing_group": GROUPS,
        "flags": st.none() | st.lists(st.sampled_from([*schema.FLAGS, "vulnerable", "youth"]), max_size=3),
        "other_force": st.sampled_from([None, "", "Othershire"]),
        "victim_sex": st.sampled_from([None, "F", "M", "X"]),
        "victim_age": st.none() | st.integers(-2, 120),
    }
)


def alone(incident_id: str, record: dict[str, Any]) -> list[dict[str, Any]]:
    known = {**record, "flags": tuple(record["flags"] or ())}
    narrative = known.pop("narrative")
    return list(the_discloser().rows(incident_id, narrative, Context(**known)))


def reading_list(records: list[dict[str, Any]]) -> pa.RecordBatch:
    numbered = [{**record, "incident_id": f"I{place}"} for place, record in enumerate(records)]
    columns = [pa.array([each[name] for each in numbered], _TYPES.get(name, pa.string())) for name in READ]
    return pa.RecordBatch.from_arrays(columns, names=list(READ))


def held_equal(records: list[dict[str, Any]]) -> None:
    expected = [row for place, record in enumerate(records) for row in alone(f"I{place}", record)]
    batch = disclosed_batch(reading_list(records))
    batch.validate(full=True)
    assert batch.to_pylist() == batch_of(schema.DISCLOSED_OFFENCES, expected).to_pylist()


@given(st.lists(RECORDS, max_size=8))
@settings(max_examples=150, deadline=None)
def test_any_incidents_disclose_together_what_each_discloses_alone(records: list[dict[str, Any]]) -> None:
    held_equal(records)


@given(st.lists(RECORDS, min_size=3, max_size=8))
@settings(max_examples=20, deadline=None)
def test_a_part_of_a_batch_discloses_what_it_discloses_by_itself(records: list[dict[str, Any]]) -> None:
    part = disclosed_batch(reading_list(records).slice(1, 2))
    whole = disclosed_batch(reading_list(records)).to_pylist()
    assert part.to_pylist() == [row for row in whole if row["incident_id"] in ("I1", "I2")]


def test_text_of_either_width_and_what_a_missing_list_still_holds_make_no_difference() -> None:
    records = [
        {
            **dict.fromkeys(READ),
            "narrative": LOGS[0],
            "caller_role": "victim",
            "flags": ["youth", "vulnerable"],
            "victim_age": age,
        }
        for age in (12, None, 30)
    ]
    batch = reading_list(records)
    flags = batch["flags"]
    hidden = pa.ListArray.from_arrays(flags.offsets, flags.values, mask=pa.array([True, False, False]))
    wide = {
        name: column.cast(pa.large_string()) if column.type == pa.string() else column
        for name, column in zip(READ, batch.columns, strict=True)
    }
    found = disclosed_batch(pa.RecordBatch.from_pydict({**wide, "flags": hidden}))
    records[0]["flags"] = None
    assert found.equals(disclosed_batch(reading_list(records)))
    assert {row["incident_id"] for row in found.to_pylist() if "youth" in row["flags_due"]} == {"I1", "I2"}


@given(st.lists(st.none() | st.text("aÉ W w/\r’½²ﬁİ", max_size=12), max_size=6))
def test_logs_are_folded_in_a_column_as_they_are_folded_alone(texts: list[str | None]) -> None:
    column = folded_column(pa.array(texts, pa.string()))
    assert column.to_pylist() == [folded(text or "") for text in texts]


@pytest.mark.parametrize("kind", sorted(the_book().kinds))
def test_class_victim_and_flags_hang_on_no_tag_but_those_they_are_remembered_by(kind: str) -> None:
    """A tag that is not among them may not even be asked for."""
    known = the_book().kinds[kind]
    for asked in (CLASS_TAGS, OWNER_TAGS, ACT_TAGS, LOG_TAGS):
        tags = TagBook(asked)
        for mask in (0, *tags.bit.values(), sum(tags.bit.values())):
            held = tags.tags(mask)
            if asked is CLASS_TAGS:
                class_of(known, Facts("M", 12, True, held))
            elif asked is OWNER_TAGS:
                victim_kind_of(known, held)
            elif asked is ACT_TAGS:
                flags_of_the_act(known, held)
            else:
                flags_due(known, flags_said(held, ()), held, "family", None)


@pytest.mark.parametrize("kind", sorted(the_book().kinds))
def test_no_two_ages_of_one_band_differ_in_class_or_flags(kind: str) -> None:
    known, none = the_book().kinds[kind], the_discloser().tags.tags(0)
    ages = pa.array([None, *range(-1, 121)], pa.int64())
    for age, band in zip(ages.to_pylist(), _bands(ages).tolist(), strict=True):
        of_band = _OF_BAND[band]
        for sex in ("F", "M", "X", None):
            counted = "M" if sex == "M" else None
            assert class_of(known, Facts(sex, age, False, none)) == class_of(
                known, Facts(counted, of_band, False, none)
            )
        for suspect in ("family", None):
            assert flags_due(known, frozenset(), none, suspect, age) == flags_due(
                known, frozenset(), none, suspect, of_band
            )
