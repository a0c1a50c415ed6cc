"""Laws that hold of every report, whatever it discloses."""

from __future__ import annotations

from datetime import UTC, date, datetime
from graphlib import TopologicalSorter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.counting.reports import Row, as_rows, decided_alone, offences, reports

from opencdi.counting import traits
from opencdi.counting.editions import EDITIONS
from opencdi.counting.placing import merging_rules, takes_in

Offence = tuple[str, str | None]
Report = tuple[Row, list[Row]]

MANY = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))

MAY_2026 = {"reported_at": datetime(2026, 5, 4, 9, tzinfo=UTC), "caller_role": "victim"}


def crimes(report: Report) -> int:
    """Crimes that certainly must be recorded."""
    required, _ = as_rows("I", decided_alone(*report))
    return sum(row["record_as"] == "crime" and row["certainty"] == "required" for row in required)


def plain(class_code: str, victim: int = 1, suspects: int = 1, **values: Any) -> Row:
    """An offence that a victim confirms, nothing special about it."""
    return {
        "offence_no": 1,
        "class_code": class_code,
        "subcode": None,
        "assertion": "asserted",
        "attempted": False,
        "victim_no": victim,
        "victim_kind": "person",
        "suspect_group": suspects,
        "victim_confirms": "yes",
        "victim_traced": "yes",
        "evidence_to_contrary": "no",
        "other_force_records": "no",
        "school_deals": "no",
        "facts": [],
        "flags_due": [],
        "strength": 1.0,
        **values,
    }


def numbered(rows: list[Row]) -> list[Row]:
    return [{**row, "offence_no": number} for number, row in enumerate(rows, start=1)]


@MANY
@given(reports(), st.sampled_from(["8N", "105A", "20A", "34B", "39", "48", "58C", "3B", "8Q"]))
def test_adding_a_victim_never_lowers_the_count(report: Report, class_code: str) -> None:
    incident, disclosed = report
    more = numbered([*disclosed, plain(class_code, victim=9, suspects=9)])
    assert crimes((incident, more)) > crimes(report)


@MANY
@given(reports())
def test_merging_never_loses_an_offence_from_the_explanation(report: Report) -> None:
    required, outcomes = as_rows("I", decided_alone(*report))
    told = [number for row in required for number in row["offence_nos"]]
    recorded = {row["offence_no"] for row in outcomes if row["outcome"] != "not_recorded"}
    unknown = {row["offence_no"] for row in outcomes if row["outcome"] == "not_recorded"}
    assert set(told) == recorded
    assert recorded | unknown == {offence["offence_no"] for offence in report[1]}
    assert all(row["rules"] for row in outcomes if row["outcome"] in ("not_recorded", "merged"))


@MANY
@given(reports(), st.randoms(use_true_random=False))
def test_the_order_in_which_offences_are_told_never_matters(report: Report, chance: Any) -> None:
    incident, disclosed = report
    shuffled = list(disclosed)
    chance.shuffle(shuffled)

    def answer(rows: list[Row]) -> list[tuple[Any, ...]]:
        required, _ = as_rows("I", decided_alone(incident, numbered(rows)))
        keys = ("record_as", "n100_code", "class_code", "subcode", "victim_no", "suspect_group", "certainty")
        return sorted(tuple(str(row[key]) for key in keys) for row in required)

    assert answer(disclosed) == answer(shuffled)


@MANY
@given(st.lists(offences(1), min_size=2, max_size=6))
def test_since_2023_the_class_recorded_is_never_less_serious_than_a_merged_one(drawn: list[Row]) -> None:
    """But for a course of conduct, which takes precedence by its rank over the offences it is named for."""
    rows = numbered(
        [{**row, "assertion": "asserted", "victim_confirms": "yes", "facts": []} for row in drawn]
    )
    decision = decided_alone(MAY_2026, rows)
    by_number = {int(one.offence["offence_no"]): one.traits for one in decision.considered}
    for crime in decision.required:
        if crime.record_as != "crime" or not crime.certain:
            continue
        taken_in = {rule for rule in crime.rules if rule.startswith("merge-")}
        for number in crime.offence_nos:
            merged = by_number[number]
            precedes = crime.traits.rank <= merged.rank
            by_conduct = crime.traits.conduct_rank > 0 and (
                merged.conduct_rank > 0 or merged.beaten_by >> (crime.traits.conduct_rank - 1) & 1
            )
            assert precedes or by_conduct or taken_in, (crime.traits, merged)


@MANY
@given(reports())
def test_removing_every_offence_gives_no_crime(report: Report) -> None:
    assert as_rows("I", decided_alone(report[0], [])) == ([], [])


@MANY
@given(reports())
def test_a_negated_offence_never_requires_a_crime(report: Report) -> None:
    incident, disclosed = report
    assert crimes((incident, [{**row, "assertion": "negated"} for row in disclosed])) == 0


@MANY
@given(reports())
def test_the_deadline_is_24_hours_of_elapsed_time_after_the_report(report: Report) -> None:
    decision = decided_alone(*report)
    assert (decision.deadline_at - report[0]["reported_at"]).total_seconds() == 24 * 3600


def test_every_class_of_the_offence_list_can_require_a_crime() -> None:
    """No class is lost: each, confirmed or made out, with a call for service, stands on record."""
    made_out = ["points_to_prove=yes", "call_for_service=yes", "investigation_confirms=yes"]
    made_out += ["disorder_continuing=yes", "victim_died=yes"]
    for class_code, subcode in traits.table():
        if subcode is not None or class_code in (traits.DEATH, traits.NOT_NOTIFIABLE):
            continue
        rows = [plain(class_code, facts=made_out)]
        assert crimes((MAY_2026, rows)) == 1, class_code


def test_no_offences_can_take_each_other_in() -> None:
    """Else no record would be left of them: each would count in the other."""
    for start in {edition.valid_from for edition in EDITIONS}:
        ordered = TopologicalSorter(_hosts_by_offence(start)).static_order()
        assert sum(1 for _ in ordered) > 50


def _hosts_by_offence(day: date) -> dict[Offence, set[Offence]]:
    """The offences that each may count in by the merging rules of a day, whatever else is known of them."""
    known = traits.table()
    hosts: dict[Offence, set[Offence]] = {}
    for _, version in merging_rules(day):
        holds = {
            (name, code): version.holds({"class": name, "subcode": code or "", "group": found.group})
            for (name, code), found in known.items()
        }
        may_host = {each for each, found in known.items() if takes_in(version, found) and not holds[each]}
        for each, answer in holds.items():
            if answer is not False:
                hosts.setdefault(each, set()).update(may_host)
    return hosts
