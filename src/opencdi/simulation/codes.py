"""Opening and closing codes of a style, and which one a log gets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa

from opencdi.simulation.draws import Draws, Integers, Truths
from opencdi.simulation.events import AGAIN, CRIME_RELATED, OTHER_FORCE, SCHOOL, Events
from opencdi.simulation.offences import offences, rows_of, topics

GROUP_OF_SUBGROUP = {
    "Homicide": "violence",
    "Violence with injury": "violence",
    "Violence without injury": "violence",
    "Death or serious injury - unlawful driving": "transport",
    "Stalking and harassment": "stalking_harassment",
    "Rape": "sexual",
    "Other sexual offences": "sexual",
    "Public order offences": "public_order",
    "Criminal damage": "damage",
    "Arson": "damage",
    "Shoplifting": "theft",
    "Other theft": "theft",
    "Theft from the person": "theft",
    "Bicycle theft": "theft",
    "Vehicle offences": "vehicle_crime",
    "Residential burglary": "burglary",
    "Non-residential burglary": "burglary",
    "Robbery of personal property": "robbery",
    "Robbery of business property": "robbery",
    "Possession of drugs": "drugs",
    "Trafficking of drugs": "drugs",
    "Possession of weapons offences": "weapons",
    "Miscellaneous crimes against society": "other_crime",
}
_ELSEWHERE = ("anti_social_behaviour", "suspicious", "welfare", "domestic", "administration", "public_order")
_QUIET = (
    "anti_social_behaviour",
    "welfare",
    "administration",
    "domestic_no_crime",
    "suspicious",
    "transport",
)


@dataclass(frozen=True)
class CodeBook:
    """Codes and descriptions of one style; ``of_group`` gives the places of a group's codes."""

    codes: pa.Array
    descriptions: pa.Array
    of_group: dict[str, Integers]


@lru_cache(maxsize=4)
def code_book(style: str, kind: str) -> CodeBook:
    """The opening or the closing codes of a style."""
    rows = [row for row in rows_of(f"codes_{style}.csv") if row["kind"] in (kind, "both")]
    groups = np.array([row["group"] for row in rows])
    return CodeBook(
        pa.array([row["code"] for row in rows]),
        pa.array([row["description"] for row in rows]),
        {str(group): np.flatnonzero(groups == group) for group in np.unique(groups)},
    )


class Coder:
    """Chooses codes."""

    def __init__(self, draws: Draws, style: str) -> None:
        self._draws = draws.within("codes")
        self.opening_book = code_book(style, "opening")
        self.closing_book = code_book(style, "closing")

    def opening(self, events: Events) -> Integers:
        """Place of each row's opening code."""
        draws, rows = self._draws, events.rows
        elsewhere = np.array(_ELSEWHERE, dtype=object)[draws.below(rows, "elsewhere", len(_ELSEWHERE))]
        own = self._own_group(events)
        own = np.where(events.domestic & draws.chance(rows, "as domestic", 0.6), "domestic", own)
        off = draws.chance(rows, "off code", np.where(events.offence >= 0, 0.30, 0.10))
        fancied = np.array(list(set_of_crime_groups()), dtype=object)
        crime_guess = fancied[draws.below(rows, "crime guess", len(fancied))]
        other = np.where(events.offence >= 0, elsewhere, crime_guess)
        return self._place(rows, np.where(off, other, own), self.opening_book, "opening")

    def closing(self, events: Events, recorded: Truths) -> tuple[Integers, Integers]:
        """Places of the first and of the second closing code; -1 for no second."""
        draws, rows = self._draws, events.rows
        own = self._own_group(events)
        quiet = np.array(_QUIET, dtype=object)[draws.below(rows, "quiet", len(_QUIET))]
        quiet = np.where(
            events.domestic & draws.chance(rows, "quiet domestic", 0.6), "domestic_no_crime", quiet
        )
        crime_like = events.offence >= 0
        related = np.isin(events.verdict, (CRIME_RELATED, OTHER_FORCE, SCHOOL))
        unrecorded = np.where(draws.chance(rows, "as related", 0.12), "crime_related_incident", quiet)
        group = np.where(crime_like, np.where(recorded, own, unrecorded), own)
        group = np.where((group == "domestic") & ~recorded, "domestic_no_crime", group)
        related_code = np.where(draws.chance(rows, "related right", 0.8), "crime_related_incident", quiet)
        group = np.where(related & ~recorded, related_code, group)
        group = np.where(
            (events.verdict == AGAIN) & draws.chance(rows, "as duplicate", 0.7), "duplicate", group
        )
        first = self._place(rows, group, self.closing_book, "closing")
        second = self._place(rows, quiet, self.closing_book, "second closing")
        wanted = draws.chance(rows, "two codes", 0.13)
        return first, np.where(wanted & (second != first), second, -1)

    def _own_group(self, events: Events) -> np.ndarray:
        of_offence = np.array([GROUP_OF_SUBGROUP[name] for name in offences().subgroups], dtype=object)
        of_topic = np.array(topics().groups, dtype=object)
        return np.where(
            events.offence >= 0,
            of_offence[np.maximum(events.offence, 0)],
            of_topic[np.maximum(events.topic, 0)],
        )

    def _place(self, rows: Integers, groups: np.ndarray, book: CodeBook, name: str) -> Integers:
        place = np.zeros(len(rows), dtype=np.int64)
        for group, places in book.of_group.items():
            at = np.flatnonzero(groups == group)
            place[at] = places[self._draws.below(rows[at], name, len(places))]
        return place


def set_of_crime_groups() -> tuple[str, ...]:
    return tuple(sorted(set(GROUP_OF_SUBGROUP.values()) - {"transport"}))
