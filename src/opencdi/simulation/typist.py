"""How a system's operators write down dates, places, names and flags: mostly right, now and then not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opencdi.simulation.calendar import local_seconds
from opencdi.simulation.draws import Integers, Numbers, Rows, Truths
from opencdi.simulation.events import Events
from opencdi.simulation.flags import flags_due
from opencdi.simulation.layouts import Layout
from opencdi.simulation.offences import SETTINGS
from opencdi.simulation.people import pools
from opencdi.simulation.texts import EMPTY, NULL, day_texts, instant_texts, joined
from opencdi.simulation.world import World

_SHORT = (
    (" STREET", " ST"),
    (" ROAD", " RD"),
    (" AVENUE", " AVE"),
    (" LANE", " LN"),
    (" CLOSE", " CL"),
    ("FLAT ", "FL "),
    (", ", " "),
)


def unless(absent: Truths, values: pa.Array) -> pa.Array:
    """The values, null where absent."""
    return pc.if_else(pa.array(absent), NULL, values)


def of_pool(pool: pa.Array, places: Integers) -> pa.Array:
    return pool.take(pa.array(places))


@dataclass(frozen=True)
class Typist:
    """Writes for one system (``incidents`` or ``crimes``) in one layout."""

    world: World
    layout: Layout
    system: str

    def instant(self, instants: Integers) -> pa.Array:
        local = local_seconds(instants)
        return instant_texts(local, self.layout.day, self.layout.gap, self.layout.clock)

    def day(self, days: Integers) -> pa.Array:
        return day_texts(days, self.layout.day)

    def birth(self, keys: Rows, born: Integers) -> pa.Array:
        """Days of birth as typed: a few are a month, a year or ten years out."""
        way = self.world.draws.within(self.system).uniform(keys, "birth typed")
        return self.day(born + np.select([way < 0.012, way < 0.02, way < 0.026], [365, -3652, 31], 0))

    def name(self, keys: Rows, field: str, values: pa.Array) -> pa.Array:
        """Values as typed: a few lose a letter."""
        draws = self.world.draws.within(self.system)
        slip = draws.chance(keys, f"{field} slips", self.world.force.reports.typo)
        at = np.flatnonzero(slip)
        if not len(at):
            return values
        some = values.take(pa.array(at)).to_pylist()
        cuts = 1 + draws.below(keys[at], f"{field} place", 3)
        typed = [text and text[:cut] + text[cut + 1 :] for text, cut in zip(some, cuts, strict=True)]
        return pc.replace_with_mask(values, pa.array(slip), pa.array(typed, pa.string()))

    def place(self, events: Events) -> dict[str, pa.Array]:
        """Address, postcode, beat and position."""
        draws, places, rows = self.world.draws.within(self.system), self.world.places, events.rows
        north, east = places.position(events.place)
        off = np.where(draws.chance(rows, "measured elsewhere", 0.3), 0.0012, 0.0)
        no_position = draws.chance(rows, "no position", 0.1)
        no_postcode = draws.chance(rows, "no postcode", self.world.force.reports.postcode_missing)
        number = pc.utf8_lpad(pc.cast(pa.array(places.beat(events.place)), pa.string()), 2, "0")
        return {
            "address": unless(draws.chance(rows, "no address", 0.03), self._address(events)),
            "postcode": self.name(rows, "postcode", unless(no_postcode, places.postcode(events.place))),
            "beat": unless(
                draws.chance(rows, "no beat", 0.04),
                pc.binary_join_element_wise(pa.scalar("B"), number, EMPTY),
            ),
            "latitude": unless(no_position, self._degrees(north + off * draws.uniform(rows, "north off"))),
            "longitude": unless(no_position, self._degrees(east + off * draws.uniform(rows, "east off"))),
        }

    def _address(self, events: Events) -> pa.Array:
        address = self.world.places.address(events.place)
        premises, venues = pools()["premises"], pools()["venue"]
        shop, venue = (pa.array(events.setting == SETTINGS.index(name)) for name in ("shop", "licensed"))
        house = pc.if_else(
            shop,
            of_pool(premises, events.victim % len(premises)),
            of_pool(venues, events.place % len(venues)),
        )
        named = pc.binary_join_element_wise(house, address, pa.scalar(", "))
        written = shortened = pc.if_else(pc.or_(shop, venue), named, address)
        for whole, short in _SHORT:
            shortened = pc.replace_substring(shortened, whole, short)
        in_short = self.world.draws.within(self.system).chance(events.rows, "short address", 0.25)
        return pc.if_else(pa.array(in_short), shortened, written)

    def _degrees(self, values: Numbers) -> pa.Array:
        return pc.cast(pa.array(np.round(values, self.layout.degrees)), pa.string())

    def flags(self, events: Events, kept: Truths, also: dict[str, Truths]) -> pa.Array:
        """The flags due where ``kept``, and those of ``also``, in the layout's words."""
        due = flags_due(events)
        nothing = np.zeros(len(events), dtype=bool)
        texts = []
        for name, word in self.layout.flags.items():
            shown = (due.get(name, nothing) & kept) | also.get(name, nothing)
            texts.append(pc.if_else(pa.array(shown), pa.scalar(word), EMPTY))
        listed = joined(texts, ";")
        return pc.if_else(pc.equal(listed, EMPTY), NULL, listed)
