"""Who reads what: by tickets nobody could choose, as evenly as interests allow.

Each case goes to those who have the least to read so far and no interest in it; between equals the ticket
decides. The tickets come from the audit's secret, so that nobody can work out beforehand who reads a case,
and once the secret is told everybody can check it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from opencdi.errors import UserError
from opencdi.sampling.tickets import ticket


@dataclass(frozen=True)
class Wanted:
    """A case that lacks readers: the slots to fill, and who may not."""

    case: str
    slots: tuple[int, ...]
    barred: frozenset[str]


@dataclass(frozen=True)
class Chosen:
    case: str
    slot: int
    person: str


def assign(
    wanted: Sequence[Wanted], people: Collection[str], workload: Mapping[str, int], secret: str
) -> list[Chosen]:
    """A reader for every slot. ``workload`` is what each person has already been given.

    Raises ``UserError`` where too few people may read a case.
    """
    given = {person: workload.get(person, 0) for person in people}
    chosen = []
    for each in sorted(wanted, key=lambda one: ticket(secret, "order of assigning", "", one.case)):
        able = [person for person in people if person not in each.barred]
        if len(able) < len(each.slots):
            raise UserError(
                f"{_people(len(each.slots))} wanted for a case and only {len(able)} may read it. Add "
                "auditors who have no interest in it, then assign again."
            )
        able.sort(key=lambda person: (given[person], ticket(secret, "reader", each.case, person)))
        for slot, person in zip(each.slots, able, strict=False):
            chosen.append(Chosen(each.case, slot, person))
            given[person] += 1
    return chosen


def _people(count: int) -> str:
    return "1 reader is" if count == 1 else f"{count} readers are"


def queue_order(cases: Collection[str], person: str, secret: str) -> list[str]:
    """The order in which one person reads: random, and different for everybody."""
    return sorted(cases, key=lambda case: ticket(secret, "queue", person, case))
