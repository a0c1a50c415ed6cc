"""What the comparison knows of offence classes: where each is filed, how grave it is, and which
differences between the class described and the class on record are no error (``classes.toml``)."""

from __future__ import annotations

import tomllib
from dataclasses import astuple, dataclass, fields
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from opencdi.counting import classification
from opencdi.counting.traits import conduct_over
from opencdi.engine import Dialect, Step, known_table
from opencdi.schema import Kind


class Differences(BaseModel):
    """``classes.toml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    families: dict[str, tuple[str, ...]]
    narrower: dict[str, tuple[str, ...]]
    same_act: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class OffenceClass:
    """One Home Office class, as the comparison needs it."""

    class_code: str
    title: str
    offence_group: str
    offence_subgroup: str
    family: str
    """Classes of one family are told apart by a fact the first report often leaves open."""
    seriousness: int
    """1 (most serious) to 5."""
    place: int
    """Place in the order of the principal crime rule, 1 the gravest; equal where the rule ties."""
    against: str
    """A victim (``V``), the state (``S``), or either by what happened (``S/V``)."""


@cache
def differences() -> Differences:
    text = files("opencdi.comparison").joinpath("classes.toml").read_text(encoding="utf-8")
    return Differences.model_validate(tomllib.loads(text))


@cache
def known_classes() -> tuple[OffenceClass, ...]:
    """Every class of the offence list."""
    listed = classification.load()
    family_of = {code: family for family, codes in differences().families.items() for code in codes}
    ranks = {name: listed.rank(name)[:2] for name in listed.classes}
    places = {rank: place for place, rank in enumerate(sorted(set(ranks.values())), start=1)}
    return tuple(
        OffenceClass(
            name,
            known.title,
            known.group,
            known.subgroup,
            family_of.get(name, name),
            known.seriousness,
            places[ranks[name]],
            known.victim_or_state,
        )
        for name, known in sorted(listed.classes.items())
    )


def narrower_pairs() -> list[tuple[str, str]]:
    """Classes, each with the narrower classes that add a fact to it."""
    return [(wide, narrow) for wide, narrows in differences().narrower.items() for narrow in narrows]


def answering_codes() -> list[tuple[str, str, str]]:
    """Codes on record, each with another class it answers and the codes of that class it does not.

    They are codes that tell of the same act, and courses of conduct with what they take the place of (Crime
    Recording Rules, April 2026, pages 55 to 57).
    """
    same = [(code, described, "") for described, codes in differences().same_act.items() for code in codes]
    conduct = [(code, over, " ".join(sorted(but))) for code, over, but in conduct_over()]
    return sorted([*same, *conduct])


def shared_codes() -> list[tuple[str, str]]:
    """Codes that do not settle the class (149/00 is damage to anything), with each class they allow."""
    listed = classification.load()
    return [
        (code, class_code)
        for code in sorted(listed.codes)
        if not listed.settled(code)
        for class_code in listed.classes_of(code)
    ]


def codes_against() -> list[tuple[str, str]]:
    """Codes that are more surely against a victim or the state than their class, by the offence list."""
    listed = classification.load()
    return [
        (code, known.victim_or_state)
        for code, known in sorted(listed.codes.items())
        if known.class_code in listed.classes
        and known.victim_or_state in ("V", "S")
        and known.victim_or_state != listed.classes[known.class_code].victim_or_state
    ]


def class_tables(dialect: Dialect) -> list[Step]:
    """The classes, the narrower ones and the shared codes, as steps that others join to."""
    numbers = ("seriousness", "place")
    kinds: dict[str, Kind] = {
        each.name: "integer" if each.name in numbers else "text" for each in fields(OffenceClass)
    }
    return [
        known_table("compared_classes", kinds, map(astuple, known_classes()), dialect),
        *(
            known_table(name, dict.fromkeys(columns, "text"), rows, dialect)
            for name, columns, rows in (
                ("compared_narrower", ("described", "recorded"), narrower_pairs()),
                ("compared_codes", ("subcode", "class_code"), shared_codes()),
                ("compared_code_against", ("subcode", "against"), codes_against()),
                ("compared_answering", ("recorded_subcode", "described", "but_not"), answering_codes()),
            )
        ),
    ]
