"""The command-and-control system's export, as an Arrow table of text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opencdi.simulation.calendar import DAY, HOUR
from opencdi.simulation.codes import Coder
from opencdi.simulation.draws import Draws, Integers, Rows
from opencdi.simulation.events import OTHER_FORCE, Events
from opencdi.simulation.narrative import Links, Narrator
from opencdi.simulation.numbers import Numbers
from opencdi.simulation.offences import topics
from opencdi.simulation.taxonomy import CAUSES
from opencdi.simulation.texts import NULL
from opencdi.simulation.typist import Typist, of_pool, unless

_UNITS = pa.array(["NPT1", "NPT2", "RESP A", "RESP B", "CID", "SNT", "RPU", "DESK", "PVP", "CUSTODY"])


@dataclass(frozen=True)
class IncidentExport:
    """Writes logs in one layout."""

    typist: Typist
    numbers: Numbers
    coder: Coder
    narrator: Narrator

    def table(self, events: Events, crime_places: Integers, causes: Integers) -> pa.Table:
        """One row an event.

        ``crime_places`` are places in the register of the crime whose number the log knows, or -1;
        ``causes`` say why a crime is missing, 0 where none is.
        """
        fields = {
            "incident": self.numbers.incident(events.rows),
            **self._call(events),
            **self._caller(events),
            **self._codes(events, crime_places),
            **self._handling(events),
            **self.typist.place(events),
            **self._references(events, crime_places, causes),
        }
        headings = self.typist.layout.incidents
        return pa.table({heading: fields[name] for name, heading in headings.items()})

    @property
    def _draws(self) -> Draws:
        return self.typist.world.draws.within("incidents")

    def _call(self, events: Events) -> dict[str, pa.Array]:
        layout = self.typist.layout
        reporters = of_pool(pa.array(layout.reporters), events.reporter)
        return {
            "reported": self.typist.instant(events.reported),
            "channel": of_pool(pa.array(layout.channels), events.channel),
            "reporter": unless(self._draws.chance(events.rows, "no caller type", 0.06), reporters),
        }

    def _caller(self, events: Events) -> dict[str, pa.Array]:
        draws, rows, people = self._draws, events.rows, self.typist.world.people
        own = events.caller == events.victim
        sex = np.where(own, events.victim_sex, people.sex(events.caller))
        born = np.where(own, events.victim_born, people.born(events.caller))
        nameless = events.anonymous
        no_birth = draws.chance(rows, "no birth", self.typist.world.force.reports.birth_missing)
        no_number = draws.chance(rows, "no telephone", 0.25)
        surname = self.typist.name(rows, "surname", people.surname(events.caller))
        forename = self.typist.name(rows, "forename", people.forename(events.caller, sex))
        return {
            "caller_surname": unless(nameless, surname),
            "caller_forename": unless(nameless, forename),
            "caller_born": unless(nameless | no_birth, self.typist.birth(rows, born)),
            "caller_telephone": unless(nameless | no_number, people.telephone(events.caller)),
        }

    def _codes(self, events: Events, crime_places: Integers) -> dict[str, pa.Array]:
        opening = self.coder.opening(events)
        closing, second = self.coder.closing(events, crime_places >= 0)
        opened, closed = self.coder.opening_book, self.coder.closing_book
        second_place = pa.array(second, mask=second < 0)
        topic = np.array(topics().names)[np.maximum(events.topic, 0)]
        qualifiers = {
            "alcohol": events.alcohol,
            "youth": (events.victim_age < 18) & (events.offence >= 0),
            "mental_health": (events.offence < 0) & (topic == "mental"),
        }
        kept = self._draws.chance(events.rows, "qualifier set", 0.78)
        return {
            "opening_code": of_pool(opened.codes, opening),
            "opening_description": of_pool(opened.descriptions, opening),
            "closing_code": of_pool(closed.codes, closing),
            "closing_description": of_pool(closed.descriptions, closing),
            "second_code": closed.codes.take(second_place),
            "second_description": closed.descriptions.take(second_place),
            "qualifiers": self.typist.flags(events, kept, qualifiers),
        }

    def _handling(self, events: Events) -> dict[str, pa.Array]:
        draws, rows = self._draws, events.rows
        attended = self._attended(events)
        worked = draws.lognormal(rows, "open for", 9.0, 1.3) * HOUR
        closed = np.maximum(events.reported + worked.astype(np.int64), attended + 900)
        unit = of_pool(_UNITS, draws.below(rows, "unit", len(_UNITS)))
        return {
            "attended": unless(attended < 0, self.typist.instant(np.maximum(attended, 0))),
            "closed": self.typist.instant(closed),
            "unit": unless(draws.chance(rows, "no unit", 0.12), unit),
        }

    def _attended(self, events: Events) -> Integers:
        """When an officer came; -1 for never."""
        draws, rows = self._draws, events.rows
        wait = np.minimum(draws.lognormal(rows, "wait", 55.0, 1.4) * 60, 5 * DAY)
        came = draws.chance(rows, "came", np.where(events.offence >= 0, 0.62, 0.5))
        return np.where(came, events.reported + 240 + wait.astype(np.int64), -1)

    def _references(self, events: Events, crime_places: Integers, causes: Integers) -> dict[str, pa.Array]:
        draws, rows, people = self._draws, events.rows, self.typist.world.people
        crime = self.numbers.crime(crime_places)
        earlier = pc.if_else(pa.array(events.event != rows), self.numbers.incident(events.event), NULL)
        here = (events.verdict != OTHER_FORCE) | draws.chance(rows, "force not typed", 0.4)
        links = Links(
            earlier_log=earlier,
            crime_number=crime,
            suspect_name=people.full_name(events.suspect, events.suspect_sex),
            victim_name=people.full_name(events.victim, events.victim_sex),
            recorded=crime_places >= 0,
            hint=self._hints(rows, causes),
        )
        return {
            "other_force": unless(here, self.narrator.other_force(events)),
            "crime_reference": unless(~draws.chance(rows, "crime typed on log", 0.62), crime),
            "log": self.narrator.logs(events, links),
        }

    def _hints(self, rows: Rows, causes: Integers) -> Integers:
        """Why the log says nothing came of it; other logs say such things too."""
        told = self._draws.chance(rows, "hint told", 0.5)
        other = self._draws.chance(rows, "other hint", 0.15)
        drawn = 1 + self._draws.below(rows, "hint", len(CAUSES) - 1)
        return np.where(causes > 0, np.where(told, causes, 0), np.where(other, drawn, 0))
