"""The people and the places of the force's area: made up, and the same each time one looks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opencdi.simulation.draws import Draws, Integers, Numbers
from opencdi.simulation.offences import FEMALE, MALE, rows_of

MEMBERS = 4
"""People a household: two adults and two more of any age."""
YEAR = 365.2425
BEATS = 60
STREETS = 45
_INWARD = "ABDEFGHJLNPQRSTUWXYZ"


@lru_cache(maxsize=1)
def pools() -> dict[str, pa.Array]:
    return {
        row["kind"]: pa.array([name.replace("_", " ") for name in row["names"].split()])
        for row in rows_of("names.csv")
    }


@dataclass(frozen=True)
class People:
    """Facts about people, a person being a whole number. Dates of birth are days since 1970."""

    draws: Draws
    households: int
    first_day: int
    """First day of the period, in days since 1970."""

    def household(self, persons: Integers) -> Integers:
        return persons // MEMBERS

    def sex(self, persons: Integers, female: float | Numbers = 0.505) -> Integers:
        """Sex, where ``female`` is the share of women among those asked about; who is a woman at one share
        is a woman at any higher one."""
        return np.where(self.draws.chance(persons, "sex", female), FEMALE, MALE)

    def surname(self, persons: Integers) -> pa.Array:
        own = self.draws.chance(persons, "own surname", 0.2)
        namer = np.where(own, persons, -1 - self.household(persons))
        return _often_first(self.draws, namer, "surname", pools()["surname"])

    def forename(self, persons: Integers, sex: Integers) -> pa.Array:
        female = _often_first(self.draws, persons, "forename f", pools()["forename_f"])
        male = _often_first(self.draws, persons, "forename m", pools()["forename_m"])
        return pc.if_else(pa.array(sex == FEMALE), female, male)

    def born(self, persons: Integers) -> Integers:
        """Day of birth; 16 to 90 years before the first day, the young more often."""
        early = np.minimum(self.draws.uniform(persons, "age"), self.draws.uniform(persons, "age again"))
        return np.asarray(self.first_day - np.floor((16 + 74 * early) * YEAR).astype(np.int64))

    def full_name(self, persons: Integers, sex: Integers) -> pa.Array:
        return pc.binary_join_element_wise(self.forename(persons, sex), self.surname(persons), pa.scalar(" "))

    def telephone(self, persons: Integers) -> pa.Array:
        number = pc.cast(pa.array(self.draws.below(persons, "telephone", 1_000_000)), pa.string())
        return pc.binary_join_element_wise("07700", pc.utf8_lpad(number, 6, "0"), "")


@dataclass(frozen=True)
class Places:
    """Where things are. A place is a household's home (its number) or a street corner (negative)."""

    draws: Draws

    def beat(self, places: Integers) -> Integers:
        return self.draws.below(places // np.int64(8), "beat", BEATS)

    def street(self, places: Integers) -> Integers:
        return self.draws.below(places // np.int64(8), "street", STREETS)

    def number(self, places: Integers) -> Integers:
        return 1 + self.draws.below(places, "number", 140)

    def address(self, places: Integers) -> pa.Array:
        street = pools()["street"].take(pa.array(self.street(places)))
        town = pools()["town"].take(pa.array(self.beat(places) % len(pools()["town"])))
        number = pc.cast(pa.array(self.number(places)), pa.string())
        flat = pc.cast(pa.array(1 + self.draws.below(places, "flat", 30)), pa.string())
        in_flat = pa.array(self.draws.chance(places, "in a flat", 0.2))
        lead = pc.if_else(in_flat, pc.binary_join_element_wise("FLAT ", flat, ", ", ""), "")
        return pc.binary_join_element_wise(lead, number, " ", street, ", ", town, "")

    def postcode(self, places: Integers) -> pa.Array:
        """Postcodes of an area that does not exist (MH)."""
        beat, street = self.beat(places), self.street(places)
        block = self.draws.below(places // np.int64(2), "block", 3)
        unit = (beat * STREETS + street) * 3 + block
        district = pc.cast(pa.array(1 + beat % 30), pa.string())
        sector = pc.cast(pa.array(unit % 10), pa.string())
        letters = pa.array(list(_INWARD))
        first = letters.take(pa.array(unit // 10 % len(_INWARD)))
        second = letters.take(pa.array(unit // 200 % len(_INWARD)))
        return pc.binary_join_element_wise("MH", district, " ", sector, first, second, "")

    def position(self, places: Integers) -> tuple[Numbers, Numbers]:
        """Latitude and longitude, degrees."""
        beat = self.beat(places)
        north = 52.1 + 0.06 * (beat // 8) + 0.03 * self.draws.uniform(places, "north")
        east = -1.6 + 0.1 * (beat % 8) + 0.05 * self.draws.uniform(places, "east")
        return np.round(north, 6), np.round(east, 6)


def _often_first(draws: Draws, rows: Integers, name: str, pool: pa.Array) -> pa.Array:
    """Names from a pool whose first ones are the commonest."""
    place = np.floor(draws.uniform(rows, name) ** 1.8 * len(pool)).astype(np.int64)
    return pool.take(pa.array(place))
