"""Police forces by name and code."""

from __future__ import annotations

import csv
import difflib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from opencdi.errors import UserError

SOURCE = (
    "Office for National Statistics, Police Force Areas (December 2024) in England and Wales, Open Geography "
    "Portal, Open Government Licence v3.0. Contains OS data, Crown copyright and database right 2024."
)


@dataclass(frozen=True)
class PoliceForce:
    """One territorial force. ``statistical_name`` is what the register calls its area."""

    gss_code: str
    name: str
    full_name: str
    statistical_name: str

    @property
    def is_welsh(self) -> bool:
        return self.gss_code.startswith("W")


@cache
def forces() -> tuple[PoliceForce, ...]:
    """All 43, in order of code."""
    text = files("opencdi.publication.places").joinpath("forces.csv").read_text(encoding="utf-8")
    return tuple(PoliceForce(**row) for row in csv.DictReader(text.splitlines()))


def force(name_or_code: str) -> PoliceForce:
    """The force of that code or name; case, "&" for "and" and the words Police or Constabulary do not matter.

    Raises ``UserError`` naming what is unknown, with the nearest name.
    """
    found = _by_any_name().get(_plain(name_or_code))
    if found is not None:
        return found
    near = difflib.get_close_matches(_plain(name_or_code), _by_any_name(), n=1)
    hint = f" Did you mean {_by_any_name()[near[0]].name}?" if near else ""
    raise UserError(
        f"{name_or_code!r} is no police force of England and Wales, by name or by code (E23000001 to "
        f"E23000039, W15000001 to W15000004).{hint} Correct it where it is given."
    )


@cache
def _by_any_name() -> dict[str, PoliceForce]:
    return {
        _plain(name): each
        for each in forces()
        for name in (each.gss_code, each.name, each.full_name, each.statistical_name)
    }


def _plain(text: str) -> str:
    words = text.casefold().replace("&", " and ").replace("-", " ").replace(",", " ").split()
    return " ".join(word for word in words if word not in ("police", "constabulary", "service"))
