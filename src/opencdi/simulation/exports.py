"""The exports of the command-and-control and of the crime system, as Arrow tables of text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opencdi.simulation.calendar import DAY, HOUR, local_seconds, midnight
from opencdi.simulation.codes import Coder
from opencdi.simulation.draws import Integers, Rows, Truths
from opencdi.simulation.events import (
    NOT_CRIME,
    OTHER_FORCE,
    PROFESSIONAL,
    Events,
    today,
)
from opencdi.simulation.layouts import Layout
from opencdi.simulation.narrative import Links, Narrator
from opencdi.simulation.numbers import Numbers
from opencdi.simulation.offences import (
    FEMALE,
    ORGANISATION,
    PERSON,
    SETTINGS,
    STATE,
    STRANGER,
    offences,
    topics,
)
from opencdi.simulation.people import pools
from opencdi.simulation.recording import Records
from opencdi.simulation.taxonomy import CAUSES
from opencdi.simulation.texts import EMPTY, NULL, day_texts, instant_texts, joined
from opencdi.simulation.world import World

_UNITS = pa.array(["NPT1", "NPT2", "RESP A", "RESP B", "CID", "SNT", "RPU", "DESK", "PVP", "CUSTODY"])
_DECIDERS = pa.array(["DDM", "FCR", "Supervisor", "Deputy FCR"])
_OUTCOMES = pa.array(["1", "8", "14", "15", "16", "18", "21", "22", "20", "3"])
_OUTCOME_SHARES = (0.086, 0.03, 0.06, 0.12, 0.22, 0.40, 0.02, 0.02, 0.02, 0.024)
_RIGHT_REASONS = {
    1: [
        "Offence took place in another force area, accepted by receiving force",
        "Location established outside force area, reference obtained",
    ],
    2: [
        "CCTV reviewed in full and shows no offence took place",
        "Property found by owner, verified by officer",
        "Two independent witnesses and footage verify no contact",
    ],
    3: ["Duplicate of a crime already recorded", "Same event already on the crime system"],
    4: ["Created in error by operator", "Recorded in error, no notifiable offence reported"],
    5: [
        "Self-defence evidenced on footage and by independent witness",
        "CPS advice, suspect acted in self-defence",
    ],
}
_WRONG_REASONS = [
    "Victim will not support",
    "Victim had been drinking and cannot recall",
    "Suspect denies and says it was consensual",
    "No witnesses and no CCTV",
    "Officer in case does not believe the account",
    "Victim has mental health issues",
    "Six for half a dozen",
]


@dataclass(frozen=True)
class Writer:
    """Everything the exports are written with."""

    world: World
    numbers: Numbers
    layout: Layout
    coder: Coder
    narrator: Narrator

    # -- incidents ---------------------------------------------------------------------------------

    def incidents(self, events: Events, crime_places: Integers, causes: Integers) -> pa.Table:
        """The command-and-control export of the events.

        ``crime_places`` are places in the register of the crime whose number the log knows, or -1;
        ``causes`` say why a crime is missing, 0 where none is.
        """
        rows, draws, layout = events.rows, self.world.draws.within("incidents"), self.layout
        people = self.world.people
        caller_sex = self._sex_of_caller(events)
        named = ~events.anonymous
        born = people.born(
            events.caller,
            today(events),
            np.where(events.reporter == PROFESSIONAL, 24, 18),
            np.full(len(events), 88),
        )
        same = events.caller == events.victim
        born = np.where(same, self.born_victim(events), born)
        born_known = named & ~draws.chance(rows, "no birth", self.world.force.reports.birth_missing)
        opening = self.coder.opening(events)
        attended = self._attended(events)
        closed = events.reported + draws.lognormal(rows, "open for", 9.0, 1.3).astype(np.int64).clip(0) * HOUR
        closed = np.maximum(closed, np.where(attended < 0, 0, attended) + 900)
        crime = self.numbers.crime(crime_places)
        typed = draws.chance(rows, "crime typed on log", 0.62)
        earlier = self.numbers.incident(events.event)
        recorded = crime_places >= 0
        closing, second = self.coder.closing(events, recorded)
        victim_name = self._full_name(events.victim, events.victim_sex)
        links = Links(
            pc.if_else(pa.array(events.event != rows), earlier, NULL),
            crime,
            self._full_name(events.suspect, events.suspect_sex),
            victim_name,
            recorded,
            self._hints(rows, causes),
        )
        open_book, close_book = self.coder.opening_book, self.coder.closing_book
        second_place = pa.array(second, mask=second < 0)
        fields = {
            "incident": self.numbers.incident(rows),
            "reported": self._instant(events.reported),
            "channel": pa.array(layout.channels).take(pa.array(events.channel)),
            "reporter": self._unless(
                draws.chance(rows, "no caller type", 0.06),
                pa.array(layout.reporters).take(pa.array(events.reporter)),
            ),
            "caller_surname": self._typed(
                events, "caller surname", self._unless(~named, people.surname(events.caller))
            ),
            "caller_forename": self._typed(
                events, "caller forename", self._unless(~named, people.forename(events.caller, caller_sex))
            ),
            "caller_born": self._unless(~born_known, self._day(born)),
            "caller_telephone": self._unless(
                ~named | draws.chance(rows, "no telephone", 0.25), people.telephone(events.caller)
            ),
            "opening_code": open_book.codes.take(pa.array(opening)),
            "opening_description": open_book.descriptions.take(pa.array(opening)),
            "closing_code": close_book.codes.take(pa.array(closing)),
            "closing_description": close_book.descriptions.take(pa.array(closing)),
            "second_code": close_book.codes.take(second_place),
            "second_description": close_book.descriptions.take(second_place),
            "qualifiers": self._flags(events, draws.chance(rows, "qualifier set", 0.78), qualifiers=True),
            "attended": self._unless(attended < 0, self._instant(attended)),
            "closed": self._instant(closed),
            "unit": self._unless(
                draws.chance(rows, "no unit", 0.12),
                _UNITS.take(pa.array(draws.below(rows, "unit", len(_UNITS)))),
            ),
            **self._place(events, "incidents"),
            "other_force": self._unless(
                (events.verdict != OTHER_FORCE) | draws.chance(rows, "force not typed", 0.4),
                self.narrator.other_force(events),
            ),
            "crime_reference": self._unless(~typed, crime),
            "log": self.narrator.logs(events, links),
        }
        return pa.table({heading: fields[name] for name, heading in layout.incidents.items()})

    def _full_name(self, persons: Integers, sex: Integers) -> pa.Array:
        people = self.world.people
        return pc.binary_join_element_wise(
            people.forename(persons, sex), people.surname(persons), pa.scalar(" ")
        )

    def _hints(self, rows: Rows, causes: Integers) -> Integers:
        """Why the log says nothing came of it; a few other logs say such things too."""
        draws = self.world.draws.within("hints")
        told = draws.chance(rows, "told", 0.5)
        other = draws.chance(rows, "other", 0.15)
        drawn = 1 + draws.below(rows, "cause", len(CAUSES) - 1)
        return np.where(causes > 0, np.where(told, causes, 0), np.where(other, drawn, 0))

    def _sex_of_caller(self, events: Events) -> Integers:
        own = events.caller == events.victim
        return np.where(own, events.victim_sex, self.world.people.sex(events.caller))

    def _attended(self, events: Events) -> Integers:
        draws, rows = self.world.draws.within("attendance"), events.rows
        wait = draws.lognormal(rows, "wait", 55.0, 1.4) * 60
        came = draws.chance(rows, "came", np.where(events.offence >= 0, 0.62, 0.5))
        return np.where(came, events.reported + 240 + np.minimum(wait, 5 * DAY).astype(np.int64), -1)

    # -- crimes ------------------------------------------------------------------------------------

    def crimes(self, events: Events, records: Records, places: Integers, references: pa.Array) -> pa.Table:
        """The crime system's export: one row a record. ``events`` stand in the order of the records."""
        layout, table = self.layout, offences()
        keys = events.rows * 8 + records.slot
        draws = self.world.draws.within("crimes")
        code = records.cancellation
        status = np.select([records.n100 > 0, code == 1, code > 0], [3, 2, 1], 0)
        subcode = pa.array([self._subcode(text) for text in table.subcodes]).take(pa.array(records.recorded))
        title = pa.array(table.titles).take(pa.array(records.recorded))
        person = self._person(events, records)
        kind = offences().victim[records.recorded]
        victim_sex = np.where(records.victim_no <= 1, events.victim_sex, self.world.people.sex(person))
        hidden = (records.paper == 2) | (kind != PERSON)
        known_suspect = (
            (events.tie != STRANGER) | draws.chance(events.rows, "suspect named", 0.12) | (kind == STATE)
        )
        no_suspect = ~known_suspect | events.unseen
        outcome_at = (
            records.recorded_at + draws.lognormal(keys, "outcome after", 20.0, 1.0).astype(np.int64) * DAY
        )
        outcome_set = (outcome_at < midnight(self.world.force.extracted_on)) & (status == 0)
        n100 = pa.array(["N100/1", "N100/2", "N100/3"])
        people = self.world.people
        is_n100 = records.n100 > 0
        fields = {
            "crime": self.numbers.crime(places),
            "incident": references,
            "reported": self._instant(events.reported),
            "recorded": self._instant(records.recorded_at),
            "occurred_from": self._instant(events.started),
            "occurred_to": self._unless(draws.chance(keys, "no end", 0.3), self._instant(events.ended)),
            "subcode": self._unless(is_n100, pc.if_else(pc.equal(subcode, ""), NULL, subcode)),
            "title": pc.if_else(pa.array(is_n100), "Reported incident of rape", title),
            "status": pa.array(layout.statuses).take(pa.array(status)),
            "n100": n100.take(pa.array(records.n100 - 1, mask=~is_n100)),
            "cancellation": self._unless(
                code == 0, pc.binary_join_element_wise("C", pc.cast(pa.array(code), pa.string()), "")
            ),
            "cancelled": self._unless(code == 0, self._instant(records.cancelled_at)),
            "cancelled_by": self._unless(code == 0, self._decider(keys, records)),
            "rationale": self._unless((code == 0) | (records.paper == 3), self._rationale(keys, records)),
            "informed": self._unless(
                (code == 0) | (code == 3) | (code == 4),
                pc.if_else(pa.array(records.told), layout.yes_no[0], layout.yes_no[1]),
            ),
            "outcome": self._unless(
                ~outcome_set, _OUTCOMES.take(pa.array(draws.choice(keys, "outcome", _OUTCOME_SHARES)))
            ),
            "outcome_date": self._unless(~outcome_set, self._day(outcome_at // DAY)),
            "flags": self._flags(events, records.paper != 1, qualifiers=False),
            "victim_surname": self._typed(
                events, "victim surname", self._unless(hidden, people.surname(person))
            ),
            "victim_forename": self._typed(
                events, "victim forename", self._unless(hidden, people.forename(person, victim_sex))
            ),
            "victim_born": self._unless(
                hidden | draws.chance(keys, "no birth", 0.12), self._day(self._born(events, records, person))
            ),
            "victim_sex": self._unless(hidden, pc.if_else(pa.array(victim_sex == FEMALE), "F", "M")),
            "organisation": self._unless(
                kind != ORGANISATION,
                pools()["premises"].take(pa.array(events.victim % len(pools()["premises"]))),
            ),
            "suspect_surname": self._unless(no_suspect, people.surname(events.suspect)),
            "suspect_forename": self._unless(no_suspect, people.forename(events.suspect, events.suspect_sex)),
            "suspect_born": self._unless(
                no_suspect | draws.chance(keys, "no suspect birth", 0.25),
                self._day(
                    people.born(
                        events.suspect, today(events), np.full(len(events), 16), np.full(len(events), 65)
                    )
                ),
            ),
            **self._place(events, "crimes"),
            "summary": self._summary(events, records),
        }
        return pa.table({heading: fields[name] for name, heading in layout.crimes.items()})

    def _subcode(self, text: str) -> str:
        if self.layout.subcode_zeros or not text:
            return text
        group, code = text.split("/")
        return f"{int(group)}/{code}"

    def _person(self, events: Events, records: Records) -> Integers:
        return np.select(
            [records.victim_no == 2, records.victim_no == 3],
            [events.second_victim, events.third_victim],
            events.victim,
        )

    def born_victim(self, events: Events) -> Integers:
        return self.world.people.born(events.victim, today(events), events.victim_age, events.victim_age)

    def _born(self, events: Events, records: Records, person: Integers) -> Integers:
        others = self.world.people.born(
            person, today(events), np.full(len(events), 12), np.full(len(events), 80)
        )
        return np.where(records.victim_no <= 1, self.born_victim(events), others)

    def _decider(self, keys: Rows, records: Records) -> pa.Array:
        rape = np.array([group == "Rape" for group in offences().subgroups])[records.recorded]
        drawn = self.world.draws.within("crimes").choice(keys, "decider", (0.55, 0.1, 0.3, 0.05))
        return _DECIDERS.take(pa.array(np.where(rape & (records.error != 6), 1, drawn)))

    def _rationale(self, keys: Rows, records: Records) -> pa.Array:
        reasons = [reason for group in _RIGHT_REASONS.values() for reason in group] + _WRONG_REASONS
        starts = np.cumsum([0, *(len(group) for group in _RIGHT_REASONS.values())])
        sizes = np.array([len(group) for group in _RIGHT_REASONS.values()] + [len(_WRONG_REASONS)])
        ground = np.where(records.error == 6, 5, np.maximum(records.cancellation, 1) - 1)
        place = starts[ground] + self.world.draws.within("crimes").below(keys, "rationale", sizes[ground])
        return pa.array(reasons).take(pa.array(place))

    def _summary(self, events: Events, records: Records) -> pa.Array:
        return self.narrator.summaries(events, records.recorded)

    # -- what both share ---------------------------------------------------------------------------

    def _instant(self, instants: Integers) -> pa.Array:
        return instant_texts(local_seconds(instants), self.layout.day, self.layout.gap, self.layout.clock)

    def _day(self, days: Integers) -> pa.Array:
        return day_texts(days, self.layout.day)

    def _unless(self, absent: Truths, values: pa.Array) -> pa.Array:
        return pc.if_else(pa.array(absent), NULL, values)

    def _place(self, events: Events, system: str) -> dict[str, pa.Array]:
        draws, places, rows = self.world.draws.within(system), self.world.places, events.rows
        north, east = places.position(events.place)
        no_position = draws.chance(rows, "no position", 0.1)
        postcode = self._unless(
            draws.chance(rows, "no postcode", self.world.force.reports.postcode_missing),
            places.postcode(events.place),
        )
        beat = pc.binary_join_element_wise(
            "B", pc.utf8_lpad(pc.cast(pa.array(places.beat(events.place)), pa.string()), 2, "0"), ""
        )
        return {
            "address": self._unless(draws.chance(rows, "no address", 0.03), self._address(events)),
            "postcode": self._typed(events, f"{system} postcode", postcode),
            "beat": beat,
            "latitude": self._unless(no_position, self._degrees(north)),
            "longitude": self._unless(no_position, self._degrees(east)),
        }

    def _address(self, events: Events) -> pa.Array:
        address = self.world.places.address(events.place)
        premises = pools()["premises"].take(pa.array(events.victim % len(pools()["premises"])))
        venue = pools()["venue"].take(pa.array((events.place % len(pools()["venue"])).astype(np.int64)))
        at_shop = pa.array(events.setting == SETTINGS.index("shop"))
        at_venue = pa.array(events.setting == SETTINGS.index("licensed"))
        named = pc.binary_join_element_wise(pc.if_else(at_shop, premises, venue), address, ", ")
        return pc.if_else(pc.or_(at_shop, at_venue), named, address)

    def _degrees(self, values: np.ndarray) -> pa.Array:
        return pc.cast(pa.array(np.round(values, self.layout.degrees)), pa.string())

    def _flags(self, events: Events, kept: Truths, qualifiers: bool) -> pa.Array:
        due = flags_due(events)
        names = list(self.layout.flags)
        youth = (events.victim_age < 18) & (events.offence >= 0)
        mental = (events.offence < 0) & (np.array(topics().names)[np.maximum(events.topic, 0)] == "mental")
        also = {"alcohol": events.alcohol, "youth": youth, "mental_health": mental}
        texts = []
        for name in names:
            shown = due.get(name, np.zeros(len(events), dtype=bool)) & kept
            if name in also and (qualifiers or name == "alcohol"):
                shown = shown | also[name]
            texts.append(pc.if_else(pa.array(shown), self.layout.flags[name], ""))
        listed = joined(texts, ";")
        return pc.if_else(pc.equal(listed, EMPTY), NULL, listed)

    def _typed(self, events: Events, name: str, values: pa.Array) -> pa.Array:
        """Values as typed: a few lose a letter."""
        slip = self.world.draws.within("slips").chance(events.rows, name, self.world.force.reports.typo)
        at = np.flatnonzero(slip)
        some = values.take(pa.array(at))
        place = 1 + self.world.draws.within("slips").below(events.rows[at], f"{name} place", 3)
        clipped = pa.array(
            [
                None if text is None else text[:cut] + text[cut + 1 :]
                for text, cut in zip(some.to_pylist(), place, strict=True)
            ],
            pa.string(),
        )
        if not len(at):
            return values
        return pc.replace_with_mask(values, pa.array(slip), clipped)


def flags_due(events: Events) -> dict[str, Truths]:
    """The flags that the circumstances call for, by their names in the schema."""
    table = offences()
    known = np.maximum(events.offence, 0)
    crime = (events.offence >= 0) & (events.verdict != NOT_CRIME)
    acts = np.array(table.acts)[known]
    hate = np.isin(acts, ("hit_hate", "injure_hate", "hate_abuse", "break_hate"))
    knife = np.isin(acts, ("stab", "carry_blade"))
    sexual = table.of_subgroups(("Rape", "Other sexual offences"))[known]
    return {
        "domestic_abuse": crime & events.domestic,
        "hate_race": crime & hate,
        "online": crime & (events.setting == SETTINGS.index("online")),
        "child_sexual_abuse": crime & sexual & (events.victim_age < 18),
        "knife": crime & knife,
    }
