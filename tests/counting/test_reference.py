"""Outcomes, cancellations, flags, reported incidents and categories: complete, and who may decide what."""

from __future__ import annotations

import pytest

from opencdi import schema
from opencdi.counting import reference
from opencdi.counting.classification import load
from opencdi.errors import UserError


def test_outcomes_one_to_twenty_two_are_there_and_those_of_2026() -> None:
    expected = [str(number) for number in range(1, 25)] + ["1A", "2A", "3A"]
    assert sorted(reference.outcomes()) == sorted(expected)


def test_outcomes_that_name_a_suspect_differ_by_whether_the_victim_supports() -> None:
    known = reference.outcomes()
    assert [known[number].victim_supports for number in ("14", "15", "16")] == ["no", "yes", "no"]
    assert [known[number].suspect_identified for number in ("14", "15", "16", "18")] == [
        "no",
        "yes",
        "yes",
        "no",
    ]


@pytest.mark.parametrize("offence", ["19C", "019/08", "1", "4.1"])
def test_only_the_registrar_cancels_a_rape_or_a_homicide_for_new_information(offence: str) -> None:
    ground = reference.cancelling("C2", offence)
    assert ground is not None
    assert ground.decided_by == "registrar on the professional register"


def test_other_crimes_are_cancelled_by_a_designated_decision_maker() -> None:
    ground = reference.cancelling("C2", "8N")
    assert ground is not None
    assert ground.decided_by == "designated decision maker or registrar"
    assert ground.independent
    assert ground.victim_told


@pytest.mark.parametrize(
    ("offence", "may"), [("008/06", True), ("104", True), ("105/01", True), ("008/01", False)]
)
def test_self_defence_cancels_only_some_assaults(offence: str, may: bool) -> None:
    assert (reference.cancelling("C5", offence) is not None) is may


def test_victims_are_told_of_a_transfer_and_of_c2_and_c5_only() -> None:
    told = {ground.code for ground in reference.cancellations() if ground.victim_told}
    assert told == {"C1", "C2", "C5"}


def test_every_ground_is_for_a_known_crime() -> None:
    listed = load()
    names = {*listed.codes, *listed.classes, *(found.subgroup for found in listed.classes.values()), "all"}
    assert {ground.applies_to for ground in reference.cancellations()} <= names


def test_a_cancellation_code_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UserError, match="no cancellation code `C6`"):
        reference.cancelling("C6", "8N")


def test_flags_are_words_every_room_shares_and_ten_kinds_are_mandatory() -> None:
    assert set(reference.flags()) == set(schema.FLAGS)
    kinds = {flag.partition("_")[0] if flag.startswith("hate") else flag for flag in mandatory()}
    assert len(kinds) == 10


def mandatory() -> list[str]:
    return [name for name, flag in reference.flags().items() if flag.mandatory]


def test_reported_incidents_cover_rape_slavery_and_death() -> None:
    codes = reference.reported_incidents()
    assert {code.partition("/")[0] for code in codes} == {"N100", "N200", "N300"}
    assert codes["N200"].status == "unverified"


def test_incident_categories_speak_the_shared_words() -> None:
    assert len(reference.incident_categories()) == 35
    assert {found.incident_family for found in reference.incident_categories()} <= set(schema.INCIDENT_GROUPS)
    assert {found.flag for found in reference.incident_qualifiers()} <= {*schema.FLAGS, ""}


def test_every_row_is_sourced() -> None:
    for row in (
        *reference.outcomes().values(),
        *reference.cancellations(),
        *reference.flags().values(),
        *reference.reported_incidents().values(),
        *reference.incident_categories(),
        *reference.incident_qualifiers(),
    ):
        assert row.source
        assert row.status == "unverified" or row.page
