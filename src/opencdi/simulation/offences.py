"""The offences and the other topics that the made-up force hears of, as columns.

Classes, codes and titles follow the list of notifiable offences and the Crime Recording Rules of
April 2026; volumes are those published for the year ending March 2025.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from opencdi.simulation.channels import MIX_NAMES
from opencdi.simulation.draws import Integers, Numbers, Truths
from opencdi.simulation.settings import Errors

PARTNER, FAMILY, KNOWN, STRANGER = range(4)
TIES = {
    "violence": (0.27, 0.13, 0.25, 0.35),
    "domestic": (0.78, 0.22, 0.0, 0.0),
    "known": (0.20, 0.10, 0.55, 0.15),
    # A course of conduct by a former partner is stalking, not harassment (page 55).
    "nuisance": (0.0, 0.15, 0.65, 0.20),
    "ex": (1.0, 0.0, 0.0, 0.0),
    "sexual": (0.35, 0.08, 0.37, 0.20),
    "sexual_child": (0.0, 0.45, 0.45, 0.10),
    "parent": (0.0, 1.0, 0.0, 0.0),
    "stranger": (0.0, 0.0, 0.05, 0.95),
    "damage": (0.15, 0.07, 0.20, 0.58),
    "thief": (0.03, 0.05, 0.17, 0.75),
    "thief_known": (0.10, 0.25, 0.65, 0.0),
    "boss": (0.0, 0.0, 1.0, 0.0),
}
SETTINGS = ("home", "street", "shop", "licensed", "online", "any", "school")
PERSON, ORGANISATION, STATE = range(3)
VICTIMS = ("person", "organisation", "state")
ANY_SEX, FEMALE, MALE = range(3)

VIOLENCE = ("Violence without injury", "Violence with injury", "Stalking and harassment", "Homicide")
UNSEEN_GROUPS = (
    "Criminal damage",
    "Arson",
    "Vehicle offences",
    "Residential burglary",
    "Other theft",
    "Non-residential burglary",
    "Bicycle theft",
)


@dataclass(frozen=True)
class Offences:
    """One array a column, one place an offence."""

    names: tuple[str, ...]
    class_codes: tuple[str, ...]
    subcodes: tuple[str, ...]
    titles: tuple[str, ...]
    subgroups: tuple[str, ...]
    acts: tuple[str, ...]
    recorded_share: Numbers
    victim: Integers
    sex: Integers
    age_from: Integers
    age_to: Integers
    setting: Integers
    ties: Numbers
    several: Numbers
    companions: tuple[tuple[int, ...], ...]
    mistaken_for: tuple[tuple[int, ...], ...]
    attempted: Truths
    channel: Integers

    def place(self, name: str) -> int:
        return self.names.index(name)

    def among(self, names: tuple[str, ...]) -> Truths:
        return np.array([name in names for name in self.names])

    def of_subgroups(self, subgroups: tuple[str, ...]) -> Truths:
        return np.array([subgroup in subgroups for subgroup in self.subgroups])

    def recording_rate(self, errors: Errors) -> Numbers:
        """Expected recording rate of each offence, domestic abuse apart."""
        rate = np.full(len(self.names), errors.recorded)
        rate[self.of_subgroups(VIOLENCE)] = errors.recorded_violence
        rate[self.of_subgroups(("Other sexual offences",))] = errors.recorded_sexual
        rate[self.of_subgroups(("Rape",))] = errors.recorded_rape
        return rate


@dataclass(frozen=True)
class Topics:
    """What else people ring about."""

    names: tuple[str, ...]
    groups: tuple[str, ...]
    share: Numbers
    setting: Integers
    channel: Integers


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of one of the data files beside this module."""
    text = (files("opencdi.simulation") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@lru_cache(maxsize=1)
def offences() -> Offences:
    rows = rows_of("offences.csv")
    names = tuple(row["name"] for row in rows)
    volumes = {row["subgroup"]: float(row["recorded"]) for row in rows_of("volumes.csv")}

    def texts(column: str) -> tuple[str, ...]:
        return tuple(row[column] for row in rows)

    def numbers(column: str) -> Numbers:
        return np.array([float(row[column]) for row in rows])

    def places(column: str) -> tuple[tuple[int, ...], ...]:
        return tuple(tuple(names.index(name) for name in row[column].split("|") if name) for row in rows)

    return Offences(
        names=names,
        class_codes=texts("class_code"),
        subcodes=texts("subcode"),
        titles=texts("title"),
        subgroups=texts("subgroup"),
        acts=texts("act"),
        recorded_share=np.array([volumes[row["subgroup"]] * float(row["share"]) for row in rows]),
        victim=np.array([VICTIMS.index(row["victim"]) for row in rows]),
        sex=np.array([("", "F", "M").index(row["sex"]) for row in rows]),
        age_from=numbers("age_from").astype(np.int64),
        age_to=numbers("age_to").astype(np.int64),
        setting=np.array([SETTINGS.index(row["setting"]) for row in rows]),
        ties=np.array([TIES[row["ties"]] for row in rows]),
        several=numbers("several"),
        companions=places("companions"),
        mistaken_for=places("mistaken_for"),
        attempted=np.array([row["attempted"] == "yes" for row in rows]),
        channel=np.array([MIX_NAMES.index(row["channel"]) for row in rows]),
    )


def padded(places: tuple[tuple[int, ...], ...]) -> tuple[Integers, Integers]:
    """Lists of unequal length as a table filled up with -1, and how long each is."""
    counts = np.array([len(row) for row in places])
    table = np.full((len(places), max(1, int(counts.max()))), -1)
    for place, row in enumerate(places):
        table[place, : len(row)] = row
    return table, counts


@lru_cache(maxsize=1)
def topics() -> Topics:
    rows = rows_of("topics.csv")
    return Topics(
        names=tuple(row["name"] for row in rows),
        groups=tuple(row["group"] for row in rows),
        share=np.array([float(row["share"]) for row in rows]),
        setting=np.array([SETTINGS.index(row["setting"]) for row in rows]),
        channel=np.array([MIX_NAMES.index(row["channel"]) for row in rows]),
    )
