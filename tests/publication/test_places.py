"""The forces' codes."""

from __future__ import annotations

import csv

import pytest

from opencdi.errors import UserError
from opencdi.publication.places import force, forces


def test_the_codes_are_those_of_the_register_without_a_gap():
    english = [f"E230000{n:02d}" for n in range(1, 40)]
    welsh = [f"W150000{n:02d}" for n in range(1, 5)]
    assert [each.gss_code for each in forces()] == english + welsh


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Thames Valley", "E23000029"),
        ("thames valley police", "E23000029"),
        ("Devon & Cornwall Police", "E23000035"),
        ("London, City of", "E23000034"),
        ("Dyfed Powys Police", "W15000004"),
        ("Hampshire Constabulary", "E23000030"),
        ("Hampshire and Isle of Wight", "E23000030"),
        ("Metropolitan Police Service", "E23000001"),
        ("W15000002", "W15000002"),
    ],
)
def test_a_force_is_found_however_its_name_is_written(written, code):
    assert force(written).gss_code == code


def test_no_two_forces_share_a_name():
    names = [name for each in forces() for name in {each.name, each.full_name, each.statistical_name}]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("wrong", ["E23000040", "Thames Vally", "British Transport", "", "E23000029; drop"])
def test_an_unknown_force_is_refused_by_name(wrong):
    with pytest.raises(UserError, match="no police force") as refused:
        force(wrong)
    assert repr(wrong) in str(refused.value)
    if wrong == "Thames Vally":
        assert "Did you mean Thames Valley?" in str(refused.value)


@pytest.mark.shared_data
def test_every_force_of_the_published_lists_has_a_code(shared_data):
    no_territory = {"British Transport Police", "England and Wales (43 forces)"}
    for path, column in (
        ("uk-crime-outcomes/forces.csv", "Label"),
        ("hmicfrs-cdi-published/published_recording_rates.csv", "force"),
    ):
        with (shared_data / path).open(encoding="utf-8", newline="") as file:
            names = {row[column] for row in csv.DictReader(file)} - no_territory
        assert names and {force(name) for name in names} <= set(forces())
