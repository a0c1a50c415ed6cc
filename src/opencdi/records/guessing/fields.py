"""Which column holds which field: the assignment with the greatest total score.

A pair's score is how well the heading says the field, times how well the values fit it. Contents alone
count a little, so that a column headed ``COL7`` that is full of postcodes is still found.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from scipy.optimize import linear_sum_assignment

from opencdi.records.guessing.contents import Contents, fit
from opencdi.records.guessing.headings import Words, likeness, numbered_family, weights_of, words_of
from opencdi.records.profile import REQUIRED_FIELDS

CONTENT_ONLY = {
    "own number": 0.35,
    "date": 0.27,
    "postcode": 0.5,
    "offence code": 0.45,
    "prose": 0.3,
    "telephone": 0.2,
    "force": 0.4,
}
"""What a fitting column counts for a shape, whatever its heading."""

_FIRST = 3.0
"""How much more the fields an audit needs most count; that each has a column at all counts one more."""

_LARGEST_FAMILY = 6

_LATER = 1e-4
"""How much less each further column is worth, so that of equals the first is taken."""

ENOUGH = 0.45
ENOUGH_FOR_THE_NEEDED = 0.25
"""The least score: lower for the fields an audit needs most, which are then marked unsure."""

SURE = 0.62
CLOSE = 0.85

ROLES = ("victim", "suspect", "caller", "witness")
_ATTRIBUTES = ("surname", "forename", "full_name", "born_on", "sex", "telephone", "organisation")


@dataclass(frozen=True)
class Target:
    """A field to find a column for; a party's fields are named ``victim.surname``."""

    name: str
    looks: str
    phrases: tuple[Words, ...]

    def heading_score(self, heading: Words, weights: Mapping[str, float]) -> float:
        return max(likeness(heading, phrase, weights) for phrase in self.phrases)


@dataclass(frozen=True)
class Choice:
    """The column found for a field, how sure that is, and the next best column where it is close."""

    heading: str
    score: float
    rival: str | None

    @property
    def sure(self) -> bool:
        return self.score >= SURE and self.rival is None


@cache
def targets(table: str) -> tuple[Target, ...]:
    """Everything a column of an export of incidents or of crimes may be."""
    text = (resources.files(__package__) / "fields.toml").read_text("utf-8")
    described = tomllib.loads(text)
    fields = [
        Target(name, str(each["looks"]), tuple(tuple(phrase.split()) for phrase in each["phrases"]))
        for name, each in described[table].items()
    ]
    roles = ("caller",) if table == "incidents" else ("victim", "suspect")
    extra = tuple(role for role in ROLES if role not in roles)
    people = [
        _party_target(role, attribute, described["parties"][attribute], alone=role == roles[0])
        for role in (*roles, *extra)
        for attribute in _ATTRIBUTES
    ]
    return (*fields, *people)


def _party_target(role: str, attribute: str, described: Mapping[str, object], alone: bool) -> Target:
    phrases = [tuple(str(phrase).split()) for phrase in described["phrases"]]  # type: ignore[attr-defined]
    with_role = [(role, *phrase) for phrase in phrases]
    without = (
        [phrase for phrase in phrases if phrase and phrase not in (("name",), ("number",))] if alone else []
    )
    return Target(f"{role}.{attribute}", str(described["looks"]), tuple(with_role + without))


def chosen(table: str, contents: Mapping[str, Contents]) -> dict[str, Choice]:
    """The column of each field that has one."""
    headings = _one_of_each_family(list(contents))
    weights = weights_of(list(contents))
    wanted = targets(table)
    scores = np.array(
        [[_score(target, heading, contents[heading], weights) for heading in headings] for target in wanted]
    )
    found: dict[str, Choice] = {}
    scores -= _LATER * np.arange(len(headings))
    needed = (*REQUIRED_FIELDS[table], "narrative")
    enough = np.array([ENOUGH_FOR_THE_NEEDED if target.name in needed else ENOUGH for target in wanted])
    first = enough[:, None] < ENOUGH
    worth = np.where(scores >= enough[:, None], scores**2 * np.where(first, _FIRST, 1.0) + first, 0.0)
    for row, column in zip(*linear_sum_assignment(worth, maximize=True), strict=True):
        if worth[row, column] > 0:
            found[wanted[row].name] = Choice(
                headings[column], float(scores[row, column]), _rival(scores, int(row), int(column), headings)
            )
    return found


def _one_of_each_family(headings: Sequence[str]) -> list[str]:
    """Headings that differ in a number only (``Closing Code 1``, ``2``) compete as one; where there are
    many (``COL1`` to ``COL40``) the number is the name."""
    families: dict[str, list[str]] = {}
    for heading in headings:
        families.setdefault(numbered_family(heading) or heading, []).append(heading)
    return [
        heading
        for family in families.values()
        for heading in (family if len(family) > _LARGEST_FAMILY else family[:1])
    ]


def _score(target: Target, heading: str, contents: Contents, weights: Mapping[str, float]) -> float:
    fits = fit(target.looks, contents)
    said = target.heading_score(words_of(heading), weights)
    by_contents = 0.0 if contents.empty else CONTENT_ONLY.get(target.looks, 0.0)
    return max(said, by_contents) * fits + 0.02 * said


def _rival(scores: np.ndarray, row: int, column: int, headings: Sequence[str]) -> str | None:
    """Another column that fits this field nearly as well and no other field better."""
    for other in np.argsort(-scores[row]):
        if other != column and scores[row, other] >= CLOSE * scores[row, column]:
            if scores[row, other] >= scores[:, other].max() - 1e-9:
                return headings[int(other)]
        elif scores[row, other] < CLOSE * scores[row, column]:
            return None
    return None
