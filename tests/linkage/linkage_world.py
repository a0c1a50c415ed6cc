"""A small made-up neighbourhood: households that call more than once, clerks who slip, truth known.

Follows the rates of the reference study: incident reference right on 70 % of crimes, slipped on 8 %,
missing on 22 %; one crime in nine comes from no incident, and a tenth of those carry somebody else's
number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from opencdi import schema
from opencdi.engine import Engine, Relation, batch_of

FAMILIES = {"8N": "violence", "28E": "burglary", "58A": "damage", "45": "vehicle_crime", "46": "theft"}
_SURNAMES = [
    f"{a}{b}"
    for a in ("HART", "WIN", "BLACK", "STAN", "MOR", "ELL", "KIN", "ASH")
    for b in ("LEY", "TON", "WELL", "FORD", "GATE", "BURY", "SON", "WICK", "DALE", "HAM")
]
_FORENAMES = [
    "ANNA",
    "JOHN",
    "PRIYA",
    "OMAR",
    "GRACE",
    "LIAM",
    "SOFIA",
    "NOAH",
    "ZARA",
    "PETER",
    "MAEVE",
    "IVAN",
]
_STREETS = [
    f"{name} {kind}"
    for name in ("MILL", "STATION", "CHURCH", "PARK", "QUEEN", "ABBEY")
    for kind in ("ROAD", "STREET", "LANE", "AVENUE", "CLOSE")
]
_LONDON = ZoneInfo("Europe/London")
_START = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass
class Household:
    address: str
    postcode: str
    beat: str
    people: list[dict[str, Any]]


@dataclass
class World:
    """Tables as lists of rows; ``truth`` gives (incident_id or None, state of the reference) a crime."""

    incidents: list[dict[str, Any]] = field(default_factory=list)
    crimes: list[dict[str, Any]] = field(default_factory=list)
    parties: list[dict[str, Any]] = field(default_factory=list)
    truth: dict[str, tuple[str | None, str]] = field(default_factory=dict)

    def relations(self, engine: Engine) -> tuple[Relation, Relation, Relation]:
        pairs = (
            (schema.INCIDENTS, self.incidents),
            (schema.CRIMES, self.crimes),
            (schema.PARTIES, self.parties),
        )
        made = [engine.from_batches(table, [batch_of(table, rows)]) for table, rows in pairs]
        return made[0], made[1], made[2]


def incident(number: int, reported_at: datetime, **fields: Any) -> dict[str, Any]:
    """One incident row with the least that the contract asks for."""
    row = {
        "incident_id": incident_number(reported_at, number),
        "force": "Westshire",
        "reported_at": reported_at,
        "channel": "101",
        "caller_role": "victim",
        "opening_group": "unknown",
        "closing_group": "unknown",
        "auditable": True,
        "source_file": "incidents.csv",
        "source_line": number + 1,
    }
    return row | fields


def crime(number: int, recorded_at: datetime, **fields: Any) -> dict[str, Any]:
    """One crime row with the least that the contract asks for."""
    row = {
        "crime_id": f"43/{number:06d}/{recorded_at:%y}",
        "force": "Westshire",
        "recorded_at": recorded_at,
        "status": "live",
        "source_file": "crimes.csv",
        "source_line": number + 1,
    }
    return row | fields


def incident_number(reported_at: datetime, number: int) -> str:
    return f"WS-{reported_at.astimezone(_LONDON):%Y%m%d}-{number % 10_000:04d}"


def make_world(incidents: int, seed: int) -> World:
    """A world of so many incidents over as many days as give about 80 a day."""
    random = Random(seed)
    world = World()
    households = list(_households(random, max(10, incidents)))
    span = max(20, incidents // 80) * 86_400
    calls = sorted(_START + timedelta(seconds=random.randrange(span)) for _ in range(incidents))
    last: Household | None = None
    for number, at in enumerate(calls):
        again = last is not None and random.random() < 0.12
        last = last if again and last else random.choice(households)
        _report(random, world, number, at, last)
    _crimes_without_incident(random, world, households, incidents // 18, span)
    return world


def _households(random: Random, count: int) -> Iterator[Household]:
    for number in range(count):
        street = random.randrange(len(_STREETS) * 20)
        surname = random.choice(_SURNAMES)
        people = [
            {
                "surname": surname if random.random() < 0.8 else random.choice(_SURNAMES),
                "forename": random.choice(_FORENAMES),
                "born_on": date(
                    1940 + random.randrange(68), 1 + random.randrange(12), 1 + random.randrange(28)
                ),
                "telephone": f"07700{random.randrange(10**6):06d}",
            }
            for _ in range(random.randrange(1, 4))
        ]
        yield Household(
            f"{1 + number % 90} {_STREETS[street % len(_STREETS)]}",
            f"WS{1 + street % 19} {street % 9}{chr(65 + street % 23)}{chr(66 + street // 30)}",
            f"B{street % 24:02d}",
            people,
        )


def _report(random: Random, world: World, number: int, at: datetime, home: Household) -> None:
    group = random.choice([*FAMILIES.values(), "welfare", "anti_social_behaviour", "transport", "suspicious"])
    row = incident(
        number,
        at,
        opening_group=group if random.random() < 0.8 else "suspicious",
        closing_group=group,
        address=_typo(random, home.address) if random.random() < 0.9 else None,
        postcode=home.postcode if random.random() < 0.85 else None,
        beat=home.beat,
        narrative="CALLER REPORTS AS ABOVE.",
    )
    world.incidents.append(row)
    person = random.choice(home.people)
    if random.random() < 0.87:
        _party(random, world, "incident", row["incident_id"], person, birth=0.45, phone=0.7)
    if group in FAMILIES.values() and random.random() < 0.8:
        for _ in range(1 if random.random() < 0.9 else 2):
            _record(random, world, row, home, person, group)


def _record(
    random: Random, world: World, report: dict[str, Any], home: Household, person: dict[str, Any], group: str
) -> None:
    at = report["reported_at"] + timedelta(hours=random.lognormvariate(2.1, 1.2))
    state = random.choices(("good", "damaged", "wrong", "missing"), (66, 8, 4, 22))[0]
    other = random.choice(world.incidents)["incident_id"]
    number = report["incident_id"]
    written = {
        "good": _dressed(random, number),
        "damaged": _slip(random, number),
        "wrong": other,
        "missing": None,
    }
    row = _crime_of(random, world, at, home, group, written[state])
    if state == "wrong" and other == number:
        state = "good"
    if random.random() < 0.6:
        row["reported_at"] = report["reported_at"] + timedelta(minutes=random.choice((0, 0, 0, 1, 9)))
    if random.random() < 0.1:
        report["crime_references"] = [row["crime_id"].replace("/", " ")]
    world.truth[row["crime_id"]] = (number, state)
    _party(random, world, "crime", row["crime_id"], person, birth=0.8, phone=0.6)


def _crimes_without_incident(
    random: Random, world: World, households: list[Household], count: int, span: int
) -> None:
    for _ in range(count):
        home = random.choice(households)
        at = _START + timedelta(seconds=random.randrange(span))
        stranger = random.choice(world.incidents)["incident_id"] if random.random() < 0.1 else None
        row = _crime_of(random, world, at, home, random.choice(list(FAMILIES.values())), stranger)
        row["reported_at"] = at - timedelta(hours=random.randrange(9))
        world.truth[row["crime_id"]] = (None, "wrong" if stranger else "missing")
        _party(random, world, "crime", row["crime_id"], random.choice(home.people), birth=0.8, phone=0.6)


def _crime_of(
    random: Random, world: World, at: datetime, home: Household, group: str, written: str | None
) -> dict[str, Any]:
    code = next(code for code, family in FAMILIES.items() if family == group)
    row = crime(
        len(world.crimes) + 1,
        at,
        class_code=code,
        incident_reference=written,
        address=_typo(random, home.address),
        postcode=home.postcode if random.random() < 0.9 else None,
        beat=home.beat if random.random() < 0.95 else "B99",
        summary="AS PER LOG.",
    )
    world.crimes.append(row)
    return row


def _party(
    random: Random, world: World, kind: str, record: str, person: dict[str, Any], birth: float, phone: float
) -> None:
    world.parties.append(
        {
            "record_kind": kind,
            "record_id": record,
            "party_no": 1,
            "role": "victim",
            "organisation": False,
            "surname": _typo(random, person["surname"]),
            "forename": _typo(random, person["forename"]),
            "born_on": person["born_on"] if random.random() < birth else None,
            "telephone": person["telephone"] if random.random() < phone else None,
        }
    )


def _typo(random: Random, text: str) -> str:
    if random.random() >= 0.04:
        return text
    place = random.randrange(len(text))
    return text[:place] + random.choice("ABCDEFGHIKLMNOPRSTUVW") + text[place + 1 :]


def _dressed(random: Random, number: str) -> str:
    _, day, serial = number.split("-")
    written = f"{int(serial)} of {day[6:]}/{day[4:6]}/{day[2:4]}"
    return random.choice((number, number, number, number.replace("-", ""), f"ws {day} / {serial}", written))


def _slip(random: Random, number: str) -> str:
    digits = [place for place, letter in enumerate(number) if letter.isdigit()][6:]
    place = random.choice(digits)
    if random.random() < 0.5 and number[place - 1].isdigit() and number[place - 1] != number[place]:
        return number[: place - 1] + number[place] + number[place - 1] + number[place + 1 :]
    return (
        number[:place] + random.choice([d for d in "0123456789" if d != number[place]]) + number[place + 1 :]
    )
