"""The 43 territorial police forces of England and Wales: codes, names and places on the tile map.

Codes are the Office for National Statistics' register of police force areas (E23000001 to E23000039,
W15000001 to W15000004); the layout of the tiles is our own, one distinct cell a force.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from opencdi.errors import UserError

_SUFFIX = re.compile(r"\s+(police|constabulary)$")


@dataclass(frozen=True, order=True)
class Force:
    """One force. ``letters`` stands on its tile; ``column`` and ``row`` count from the top left."""

    code: str
    name: str
    letters: str = ""
    column: int = 0
    row: int = 0

    @property
    def is_territorial(self) -> bool:
        """One of the 43, and so on the map and in every comparison."""
        return self.code[:3] in ("E23", "W15")

    @property
    def slug(self) -> str:
        """The force's name as part of an address."""
        return re.sub(r"[^a-z]+", "-", self.name.lower()).strip("-")


OTHER_AREAS = (Force("K04000001", "England and Wales"), Force("S92000003", "Scotland"))
"""Areas others publish figures for; shown as context, never compared with forces."""


@cache
def forces() -> tuple[Force, ...]:
    """All forces in the order of their codes."""
    return tuple(
        Force(row["code"], row["name"], row["letters"], int(row["column"]), int(row["row"]))
        for row in _rows()
    )


def force_of_code(code: str) -> Force:
    """Raises ``UserError`` naming a code that no force has."""
    found = next((force for force in (*forces(), *OTHER_AREAS) if force.code == code), None)
    if found is None:
        raise UserError(
            f"`{code}` is not the code of a police force of England and Wales. Codes run from E23000001 to "
            "E23000039 and from W15000001 to W15000004; correct it."
        )
    return found


def force_of_name(name: str) -> Force:
    """A force by its name in any usual form (``Kent``, ``Kent Police``, ``Devon & Cornwall``).

    Raises ``UserError`` naming what is not a force.
    """
    code = _codes_by_name().get(_plain(name))
    if code is None:
        raise UserError(
            f"`{name}` is not a police force of England and Wales. Give the force's code, such as E23000029 "
            "for Thames Valley, or its usual name."
        )
    return force_of_code(code)


@cache
def _codes_by_name() -> dict[str, str]:
    usual = {_plain(name): row["code"] for row in _rows() for name in (row["name"], row["also"]) if name}
    return usual | {
        "england and wales": "K04000001",
        "england and wales (43 forces)": "K04000001",
        "scotland": "S92000003",
        "police scotland": "S92000003",
    }


def _plain(name: str) -> str:
    text = " ".join(name.lower().replace("&", " and ").replace("–", "-").split())
    return _SUFFIX.sub("", text)


@cache
def _rows() -> tuple[dict[str, str], ...]:
    text = files("opencdi.publication").joinpath("data", "forces.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
