"""Every recorded crime gets exactly one row: the incident it came from, how sure, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from linkage_world import FAMILIES, World, crime, incident, incident_number, make_world

from opencdi import schema
from opencdi.engine import DuckDBEngine, Relation
from opencdi.errors import UserError
from opencdi.linkage import link, link_with_cuts, reach
from opencdi.settings import Linkage

_AT = datetime(2026, 1, 12, 20, 0, tzinfo=UTC)


def _links(engine: DuckDBEngine, world: World) -> dict[str, dict[str, Any]]:
    linked = link(*world.relations(engine), Linkage(), FAMILIES)
    rows = linked.rows()
    assert len(rows) == len({row["crime_id"] for row in rows}) == len(world.crimes)
    return {row["crime_id"]: row for row in rows}


def _with_neighbours(world: World, also: list[dict[str, Any]]) -> World:
    """The given incidents among those of a busy world, whose numbers teach the format."""
    return replace(world, incidents=world.incidents + also, crimes=list(world.crimes))


@pytest.fixture(scope="module")
def busy() -> World:
    return make_world(1200, seed=5)


def test_most_crimes_find_their_incident_and_keep_why(engine: DuckDBEngine, busy: World) -> None:
    links = _links(engine, busy)
    linked = [row for row in links.values() if row["link_class"] in ("clear", "ambiguous")]
    right = [row for row in linked if row["incident_id"] == busy.truth[row["crime_id"]][0]]
    assert len(right) >= 0.85 * len(linked)
    assert len(right) >= 0.9 * sum(1 for incident_id, _ in busy.truth.values() if incident_id)
    for row in linked:
        parts = [row[f"{name}_weight"] for name in schema.LINK_COMPARISONS]
        assert None not in parts and row["via"] and 0 <= row["probability"] <= 1


@pytest.mark.parametrize(
    "written",
    [
        "WS-20260112-9001",
        "ws20260112 9001",
        "WS/20260112/9001",
        "9001 of 12/01/26",
        "9001 12 JAN 2026",
        "LOG 9001 DATED 12.01.2026",
        "202601129001",
    ],
)
def test_a_reference_is_known_in_any_dress(engine: DuckDBEngine, busy: World, written: str) -> None:
    world = _with_neighbours(busy, [incident(9001, _AT)])
    world.crimes.append(crime(900_001, _AT + timedelta(hours=5), incident_reference=written))
    row = _links(engine, world)["43/900001/26"]
    assert (row["incident_id"], row["reference_level"]) == ("WS-20260112-9001", "typed")


@pytest.mark.parametrize("written", ["WS-20260112-9061", "WS-20260112-9010", "WS-20261012-9001"])
def test_a_reference_with_one_slip_is_forgiven(engine: DuckDBEngine, busy: World, written: str) -> None:
    world = _with_neighbours(busy, [incident(9001, _AT)])
    world.crimes.append(crime(900_001, _AT + timedelta(hours=5), incident_reference=written))
    row = _links(engine, world)["43/900001/26"]
    assert (row["incident_id"], row["reference_level"]) == ("WS-20260112-9001", "slip")


def test_a_serial_without_its_day_is_found_near_in_time(engine: DuckDBEngine, busy: World) -> None:
    world = _with_neighbours(busy, [incident(9001, _AT), incident(9001, _AT - timedelta(days=9))])
    world.crimes.append(crime(900_001, _AT + timedelta(hours=5), incident_reference="9001"))
    row = _links(engine, world)["43/900001/26"]
    assert (row["incident_id"], row["reference_level"]) == (incident_number(_AT, 9001), "serial")


def test_an_incident_number_quoted_in_the_circumstances_is_found(engine: DuckDBEngine, busy: World) -> None:
    world = _with_neighbours(busy, [incident(9001, _AT)])
    text = "Window broken overnight. Log 9001 of 12/01/2026 refers, seen by neighbour on 07700 900123."
    world.crimes.append(crime(900_001, _AT + timedelta(hours=5), summary=text))
    row = _links(engine, world)["43/900001/26"]
    assert (row["incident_id"], row["reference_level"]) == ("WS-20260112-9001", "quoted")
    assert "quoted" in row["via"]


def test_a_crime_number_quoted_in_the_log_is_found(engine: DuckDBEngine, busy: World) -> None:
    text = "OFFICERS ATTENDED. CRIMED AS 43/900001/26. NFA FOR CONTROL."
    world = _with_neighbours(busy, [incident(9001, _AT, narrative=text)])
    world.crimes.append(crime(900_001, _AT + timedelta(hours=5)))
    row = _links(engine, world)["43/900001/26"]
    assert (row["incident_id"], row["reference_level"]) == ("WS-20260112-9001", "quoted")


def test_numbers_given_on_both_records_say_more_than_on_one(engine: DuckDBEngine, busy: World) -> None:
    noted = incident(9001, _AT, crime_references=["43 900001 26"])
    world = _with_neighbours(busy, [noted, incident(9002, _AT)])
    world.crimes.append(crime(900_001, _AT + timedelta(hours=5), incident_reference="WS-20260112-9001"))
    world.crimes.append(crime(900_002, _AT + timedelta(hours=5), incident_reference="WS-20260112-9002"))
    links = _links(engine, world)
    both, one = links["43/900001/26"], links["43/900002/26"]
    assert (both["reference_level"], one["reference_level"]) == ("both_ways", "typed")
    assert both["reference_weight"] > one["reference_weight"]


def test_a_typed_reference_is_evidence_that_name_place_and_time_can_defeat(
    engine: DuckDBEngine, busy: World
) -> None:
    victim = {"surname": "QUILLFEATHER", "forename": "OTTOLINE", "born_on": _AT.date().replace(year=1980)}
    home = {"address": "7 ORCHARD RISE", "postcode": "WS20 1ZZ", "beat": "B07"}
    away = {"address": "90 FAR STREET", "postcode": "WS2 9XX", "beat": "B20"}
    right = incident(9001, _AT, opening_group="burglary", closing_group="burglary", **home)
    wrong = incident(
        9002, _AT - timedelta(days=11), opening_group="transport", closing_group="transport", **away
    )
    world = _with_neighbours(busy, [right, wrong])
    world.crimes.append(
        crime(
            900_001,
            _AT + timedelta(hours=2),
            incident_reference=wrong["incident_id"],
            class_code="28E",
            reported_at=_AT,
            **home,
        )
    )
    person = {"role": "victim", "party_no": 1, "organisation": False}
    world = replace(
        world,
        parties=[
            *world.parties,
            person | victim | {"record_kind": "incident", "record_id": right["incident_id"]},
            person
            | {
                "record_kind": "incident",
                "record_id": wrong["incident_id"],
                "surname": "OTHER",
                "forename": "JO",
            },
            person | victim | {"record_kind": "crime", "record_id": "43/900001/26"},
        ],
    )
    row = _links(engine, world)["43/900001/26"]
    assert (row["incident_id"], row["reference_level"]) == (right["incident_id"], "elsewhere")
    assert row["runner_up_incident_id"] == wrong["incident_id"]


def test_several_crimes_may_share_an_incident(engine: DuckDBEngine, busy: World) -> None:
    world = _with_neighbours(busy, [incident(9001, _AT)])
    for number in (900_001, 900_002, 900_003):
        world.crimes.append(crime(number, _AT + timedelta(hours=3), incident_reference="WS-20260112-9001"))
    links = _links(engine, world)
    found = {links[f"43/{number}/26"]["incident_id"] for number in (900_001, 900_002, 900_003)}
    assert found == {"WS-20260112-9001"}


def test_two_incidents_alike_in_everything_are_ambiguous_and_the_lower_number_is_named(
    engine: DuckDBEngine, busy: World
) -> None:
    home = {"address": "7 ORCHARD RISE", "postcode": "WS20 1ZZ", "beat": "B07", "closing_group": "burglary"}
    world = _with_neighbours(busy, [incident(9002, _AT, **home), incident(9001, _AT, **home)])
    home.pop("closing_group")
    world.crimes.append(crime(900_001, _AT + timedelta(hours=2), class_code="28E", reported_at=_AT, **home))
    row = _links(engine, world)["43/900001/26"]
    assert (row["incident_id"], row["runner_up_incident_id"]) == ("WS-20260112-9001", "WS-20260112-9002")
    assert (row["link_class"], row["margin"]) == ("ambiguous", 0.0)
    assert row["probability"] <= 0.5


def test_many_weak_candidates_do_not_make_a_link(engine: DuckDBEngine, busy: World) -> None:
    place = {"beat": "B07", "postcode": "WS20 1ZZ"}
    near = [incident(9001 + n, _AT - timedelta(hours=n), closing_group="damage", **place) for n in range(60)]
    world = _with_neighbours(busy, near)
    world.crimes.append(crime(900_001, _AT + timedelta(hours=40), class_code="28E", **place))
    row = _links(engine, world)["43/900001/26"]
    assert row["candidates"] > 20
    assert (row["link_class"], row["margin"]) == ("weak", 0.0)


def test_an_incident_reported_after_the_crime_was_recorded_is_no_candidate(
    engine: DuckDBEngine, busy: World
) -> None:
    world = _with_neighbours(busy, [incident(9001, _AT)])
    world.crimes.append(crime(900_001, _AT - timedelta(hours=2), incident_reference="WS-20260112-9001"))
    assert _links(engine, world)["43/900001/26"]["incident_id"] != "WS-20260112-9001"


def test_the_same_tables_give_the_same_links(busy: World) -> None:
    runs = []
    for _ in range(2):
        with DuckDBEngine() as engine:
            runs.append(link(*busy.relations(engine), Linkage(), FAMILIES).rows("order by crime_id"))
    assert runs[0] == runs[1]


def test_the_order_of_rows_does_not_matter(busy: World) -> None:
    turned = World(busy.incidents[::-1], busy.crimes[::-1], busy.parties[::-1], busy.truth)
    with DuckDBEngine() as engine:
        straight = link(*busy.relations(engine), Linkage(), FAMILIES).rows("order by crime_id")
        back = link(*turned.relations(engine), Linkage(), FAMILIES).rows("order by crime_id")
    assert straight == back


def test_crimes_reach_back_to_where_the_blocks_of_their_windows_begin_and_no_further() -> None:
    day, window, hour = 86_400, 28 * 86_400, 3_600
    for start in range(1_768_000_000, 1_768_000_000 + 3 * window, 5 * day):
        first, last = reach(Linkage(), start, start + day)
        assert first % (window + hour) == 0
        assert start - window - (window + hour) < first <= start - window
        assert last == start + day + hour


def test_linking_by_stretches_of_time_gives_the_same_links(engine: DuckDBEngine, busy: World) -> None:
    late = crime(900_001, _AT + timedelta(days=90), incident_reference=busy.incidents[0]["incident_id"])
    world = replace(busy, crimes=[*busy.crimes, late])
    relations = world.relations(engine)
    settings = Linkage(window_after_days=6)
    whole = link(*relations, settings, FAMILIES).rows("order by crime_id")
    sliced = link_with_cuts(*relations, settings, FAMILIES, incidents_a_slice=300)
    assert sliced.links.rows("order by crime_id") == whole
    found = {row["crime_id"]: row["incident_id"] for row in whole}
    assert found[late["crime_id"]] == late["incident_reference"]


# Unusual input -------------------------------------------------------------------------------------


def _stripped(world: World, fields: tuple[str, ...], parties: bool) -> World:
    def without(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{key: value for key, value in row.items() if key not in fields} for row in rows]

    kept = world.parties if parties else []
    return World(without(world.incidents), without(world.crimes), kept, world.truth)


_PLACE = ("address", "postcode", "beat", "latitude", "longitude")
_REFERENCES = ("incident_reference", "crime_references", "narrative", "summary")


def test_without_parties_places_and_references_still_link(engine: DuckDBEngine, busy: World) -> None:
    links = _links(engine, _stripped(busy, (), parties=False))
    assert {row["person_level"] for row in links.values() if row["incident_id"]} == {"unknown"}
    assert sum(row["link_class"] == "clear" for row in links.values()) > 0.5 * len(links)


def test_without_references_people_and_places_still_link(engine: DuckDBEngine, busy: World) -> None:
    links = _links(engine, _stripped(busy, _REFERENCES, parties=True))
    assert {row["reference_level"] for row in links.values() if row["incident_id"]} == {"missing"}


def test_with_only_times_and_codes_little_is_said(engine: DuckDBEngine, busy: World) -> None:
    links = _links(engine, _stripped(busy, (*_PLACE, *_REFERENCES), parties=False))
    named = [row for row in links.values() if row["link_class"] == "clear"]
    assert all(row["delay_level"].startswith("report_") for row in named)


def test_with_only_recording_times_nothing_is_said(engine: DuckDBEngine, busy: World) -> None:
    bare = _stripped(busy, (*_PLACE, *_REFERENCES), parties=False)
    bare.crimes[:] = [
        {key: value for key, value in row.items() if key != "reported_at"} for row in bare.crimes
    ]
    assert {row["link_class"] for row in _links(engine, bare).values()} == {"none"}


def test_no_incidents_gives_every_crime_none(engine: DuckDBEngine, busy: World) -> None:
    links = _links(engine, World([], busy.crimes, [], {}))
    assert {(row["link_class"], row["incident_id"], row["candidates"]) for row in links.values()} == {
        ("none", None, 0)
    }


def test_no_crimes_gives_no_links(engine: DuckDBEngine, busy: World) -> None:
    assert _links(engine, World(busy.incidents, [], [], {})) == {}


def test_a_class_nobody_mapped_is_an_unknown_offence(engine: DuckDBEngine, busy: World) -> None:
    relations = busy.relations(engine)
    linked = link(*relations, Linkage(), {})
    assert {row["offence_level"] for row in linked.rows() if row["incident_id"]} == {"unknown"}


def test_a_place_that_everybody_gives_is_cut_counted_and_does_not_explode(engine: DuckDBEngine) -> None:
    hospital = {"address": "WESTSHIRE HOSPITAL", "postcode": "WS1 1AA", "beat": "B01"}
    world = World(
        [incident(number, _AT + timedelta(minutes=number), **hospital) for number in range(400)],
        [crime(number, _AT + timedelta(minutes=number + 600), **hospital) for number in range(200)],
    )
    linked = link_with_cuts(*world.relations(engine), Linkage(), FAMILIES)
    cuts = {cut.rule: cut for cut in linked.cuts}
    assert cuts["postcode"].blocks_cut >= 1
    assert cuts["postcode"].crimes_affected == 200
    assert sum(row["candidates"] for row in linked.links.rows()) < 200 * 100


def test_what_is_reported_after_a_crime_was_recorded_changes_no_link(engine: DuckDBEngine) -> None:
    hospital = {"address": "WESTSHIRE HOSPITAL", "postcode": "WS1 1AA", "beat": "B01"}
    minute = timedelta(minutes=1)
    early = [incident(number, _AT + number * minute, **hospital) for number in range(60)]
    later = [incident(number, _AT + (700 + number) * minute, **hospital) for number in range(60, 400)]
    crimes = [crime(number, _AT + (600 + number) * minute, **hospital) for number in range(40)]
    last = crime(900, _AT + 1101 * minute, **hospital)

    def linked(
        incidents: list[dict[str, Any]], also: list[dict[str, Any]]
    ) -> tuple[set[str], list[tuple[Any, ...]]]:
        world = World(incidents, [*crimes, *also], [], {})
        found = link_with_cuts(*world.relations(engine), Linkage(), FAMILIES)
        told = ("crime_id", "incident_id", "candidates", "via")
        rows = (row for row in found.links.rows() if row["crime_id"] != last["crime_id"])
        return {cut.rule for cut in found.cuts}, sorted(tuple(row[name] for name in told) for row in rows)

    (none, before), (cut, after) = linked(early, []), linked([*early, *later], [last])
    assert not none and "postcode" in cut
    assert before == after and all(row[2] for row in before)


def test_a_missing_weights_file_is_a_sentence(engine: DuckDBEngine, busy: World) -> None:
    with pytest.raises(UserError, match="no weights file"):
        link(*busy.relations(engine), Linkage(weights="nowhere.json"), FAMILIES)


def test_links_follow_their_contract(engine: DuckDBEngine, busy: World, tmp_path: Any) -> None:
    linked: Relation = link(*busy.relations(engine), Linkage(), FAMILIES)
    assert engine.write(linked, tmp_path / "links.parquet") == len(busy.crimes)
    rows = linked.rows()
    assert set(rows[0]) == set(schema.LINKS.names)
    for row in rows:
        assert (row["incident_id"] is None) == (row["link_class"] == "none")
        assert (row["margin"] is None) == (row["runner_up_incident_id"] is None)
