"""Which missing crimes do most harm: the groups that are read first, by class and circumstance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from opencdi import schema
from opencdi.errors import UserError

_RAPE = frozenset({"19C", "19D", "19E", "19F", "19G", "19H", "19J", "19K"})
_CHILD = frozenset({"11A", "13", "21", "22B", "71", "88A", "17B", "20B"})
_SEXUAL_STARTS = ("17", "20", "21", "22", "23", "70", "71", "73", "88")
_STALKING = frozenset({"8Q", "8L", "8M", "8U"})
_ADULT = 18


def harm_group(classes: Iterable[str], flags: Iterable[str], youngest: int | None) -> str:
    """The gravest harm group of one incident's asserted offences.

    ``youngest`` is the age in years of the youngest victim, where known.
    """
    found = set(classes)
    if found & _RAPE:
        return "rape"
    if any(code.startswith(_SEXUAL_STARTS) for code in found):
        return "other_sexual"
    if "domestic_abuse" in set(flags):
        return "domestic_abuse"
    if found & _CHILD or (found and youngest is not None and youngest < _ADULT):
        return "child"
    return "stalking" if found & _STALKING else "other"


def order_of(wanted: Sequence[str]) -> dict[str, int]:
    """Each group's place: the wanted ones first, the rest as they come.

    Raises ``UserError`` for a group there is not.
    """
    for group in wanted:
        if group not in schema.HARM_GROUPS:
            raise UserError(
                f"There is no harm group `{group}`. The groups are {', '.join(schema.HARM_GROUPS)}."
            )
    rest = [group for group in schema.HARM_GROUPS if group not in wanted]
    return {group: place for place, group in enumerate([*dict.fromkeys(wanted), *rest])}
