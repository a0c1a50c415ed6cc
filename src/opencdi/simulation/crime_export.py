"""The crime system's export, as an Arrow table of text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opencdi.simulation.calendar import DAY, midnight
from opencdi.simulation.draws import Draws, Integers, Rows
from opencdi.simulation.events import Events
from opencdi.simulation.narrative import Narrator
from opencdi.simulation.numbers import Numbers
from opencdi.simulation.offences import FEMALE, ORGANISATION, PERSON, STATE, STRANGER, offences
from opencdi.simulation.people import pools
from opencdi.simulation.recording import Records
from opencdi.simulation.requirements import SLOTS
from opencdi.simulation.taxonomy import PAPERS, WRONGLY_CANCELLED
from opencdi.simulation.typist import Typist, of_pool, unless

_LIVE, _CANCELLED, _TRANSFERRED, _N100 = range(4)
_DECIDERS = pa.array(["DDM", "FCR", "Supervisor", "Deputy FCR"])
_OUTCOMES = pa.array(["1", "8", "14", "15", "16", "18", "21", "22", "20", "3"])
_OUTCOME_SHARES = (0.086, 0.03, 0.06, 0.12, 0.22, 0.40, 0.02, 0.02, 0.02, 0.024)
_REASONS: dict[int, list[str]] = {
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
class CrimeExport:
    """Writes crime records in one layout."""

    typist: Typist
    numbers: Numbers
    narrator: Narrator

    def table(self, events: Events, records: Records, places: Integers, references: pa.Array) -> pa.Table:
        """One row a record. ``events`` stand in the order of the records; ``places`` are theirs in the
        register, ``references`` the incident numbers typed on them."""
        keys = events.rows * SLOTS + records.slot
        fields = {
            "crime": self.numbers.crime(places),
            "incident": references,
            **self._times(keys, events, records),
            **self._classified(records),
            **self._cancelled(keys, records),
            **self._outcome(keys, records),
            "flags": self.typist.flags(events, records.paper != PAPERS.index("flag"), {}),
            **self._victim(keys, events, records),
            **self._suspect(keys, events, records),
            **self.typist.place(events),
            "summary": self.narrator.summaries(events, records.recorded),
        }
        headings = self.typist.layout.crimes
        return pa.table({heading: fields[name] for name, heading in headings.items()})

    @property
    def _draws(self) -> Draws:
        return self.typist.world.draws.within("crimes")

    def _times(self, keys: Rows, events: Events, records: Records) -> dict[str, pa.Array]:
        instant = self.typist.instant
        return {
            "reported": instant(self._reported(keys, events, records)),
            "recorded": instant(records.recorded_at),
            "occurred_from": instant(events.started),
            "occurred_to": unless(self._draws.chance(keys, "no end", 0.3), instant(events.ended)),
        }

    def _reported(self, keys: Rows, events: Events, records: Records) -> Integers:
        """When the crime record says it was reported: often later than the log, by minutes or hours."""
        way = self._draws.uniform(keys, "reported typed")
        lag = events.reported + self._draws.below(keys, "lag", 2_400)
        typed = np.select([way < 0.4, way < 0.88], [events.reported, lag // 300 * 300], records.recorded_at)
        logged = events.rows < self.typist.world.force.incidents
        return np.where(logged, np.minimum(typed, records.recorded_at), events.reported)

    def _classified(self, records: Records) -> dict[str, pa.Array]:
        table, layout = offences(), self.typist.layout
        n100, code = records.n100 > 0, records.cancellation
        status = np.select([n100, code == 1, code > 0], [_N100, _TRANSFERRED, _CANCELLED], _LIVE)
        subcodes = pa.array([self._subcode(code) or None for code in table.subcodes])
        titles = of_pool(pa.array(table.titles), records.recorded)
        kinds = pa.array(["N100/1", "N100/2", "N100/3"])
        return {
            "subcode": unless(n100, of_pool(subcodes, records.recorded)),
            "title": pc.if_else(pa.array(n100), pa.scalar("Reported incident of rape"), titles),
            "status": of_pool(pa.array(layout.statuses), status),
            "n100": kinds.take(pa.array(records.n100 - 1, mask=~n100)),
        }

    def _subcode(self, code: str) -> str:
        if self.typist.layout.subcode_zeros or not code:
            return code
        group, number = code.split("/")
        return f"{int(group)}/{number}"

    def _cancelled(self, keys: Rows, records: Records) -> dict[str, pa.Array]:
        code = records.cancellation
        yes, no = self.typist.layout.yes_no
        codes = pa.array(["", "C1", "C2", "C3", "C4", "C5"])
        told = pc.if_else(pa.array(records.told), pa.scalar(yes), pa.scalar(no))
        silent = (code == 0) | (records.paper == PAPERS.index("rationale"))
        return {
            "cancellation": unless(code == 0, of_pool(codes, code)),
            "cancelled": unless(code == 0, self.typist.instant(records.cancelled_at)),
            "cancelled_by": unless(code == 0, self._decider(keys, records)),
            "rationale": unless(silent, self._rationale(keys, records)),
            "informed": unless(~np.isin(code, (1, 2, 5)), told),
        }

    def _decider(self, keys: Rows, records: Records) -> pa.Array:
        rape = offences().of_subgroups(("Rape",))[records.recorded] & (records.error != WRONGLY_CANCELLED)
        drawn = self._draws.choice(keys, "decider", (0.55, 0.1, 0.3, 0.05))
        return of_pool(_DECIDERS, np.where(rape, 1, drawn))

    def _rationale(self, keys: Rows, records: Records) -> pa.Array:
        groups = [*_REASONS.values(), _WRONG_REASONS]
        sizes = np.array([len(group) for group in groups])
        starts = np.cumsum(sizes) - sizes
        right = np.maximum(records.cancellation, 1) - 1
        group = np.where(records.error == WRONGLY_CANCELLED, len(groups) - 1, right)
        place = starts[group] + self._draws.below(keys, "rationale", sizes[group])
        return of_pool(pa.array([reason for group in groups for reason in group]), place)

    def _outcome(self, keys: Rows, records: Records) -> dict[str, pa.Array]:
        after = self._draws.lognormal(keys, "outcome after", 20.0, 1.0) * DAY
        at = records.recorded_at + after.astype(np.int64)
        known = at < midnight(self.typist.world.force.extracted_on)
        unset = ~known | (records.cancellation > 0) | (records.n100 > 0)
        drawn = self._draws.choice(keys, "outcome", _OUTCOME_SHARES)
        return {
            "outcome": unless(unset, of_pool(_OUTCOMES, drawn)),
            "outcome_date": unless(unset, self.typist.day(at // DAY)),
        }

    def _victim(self, keys: Rows, events: Events, records: Records) -> dict[str, pa.Array]:
        people, kind = self.typist.world.people, offences().victim[records.recorded]
        person = np.select(
            [records.victim_no == 2, records.victim_no == 3],
            [events.second_victim, events.third_victim],
            events.victim,
        )
        main = records.victim_no <= 1
        sex = np.where(main, events.victim_sex, people.sex(person))
        born = np.where(main, events.victim_born, people.born(person))
        left_out = records.paper == PAPERS.index("victim")
        hidden = left_out | (kind != PERSON)
        premises = pools()["premises"]
        return {
            "victim_surname": unless(hidden, self.typist.name(keys, "surname", people.surname(person))),
            "victim_forename": unless(
                hidden, self.typist.name(keys, "forename", people.forename(person, sex))
            ),
            "victim_born": unless(
                hidden | self._draws.chance(keys, "no birth", 0.12), self.typist.birth(keys, born)
            ),
            "victim_sex": unless(hidden, pc.if_else(pa.array(sex == FEMALE), pa.scalar("F"), pa.scalar("M"))),
            "organisation": unless(
                left_out | (kind != ORGANISATION), of_pool(premises, events.victim % len(premises))
            ),
        }

    def _suspect(self, keys: Rows, events: Events, records: Records) -> dict[str, pa.Array]:
        people, kind = self.typist.world.people, offences().victim[records.recorded]
        named = (events.tie != STRANGER) | self._draws.chance(events.rows, "suspect named", 0.12)
        nobody = ~(named | (kind == STATE)) | events.unseen
        no_birth = self._draws.chance(keys, "no suspect birth", 0.25)
        return {
            "suspect_surname": unless(nobody, people.surname(events.suspect)),
            "suspect_forename": unless(nobody, people.forename(events.suspect, events.suspect_sex)),
            "suspect_born": unless(nobody | no_birth, self.typist.day(people.born(events.suspect))),
        }
