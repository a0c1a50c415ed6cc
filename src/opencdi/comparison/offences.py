"""What the comparison knows of offence classes: title, group, subgroup, seriousness and family.

A family holds classes that differ only in a fact the first report often leaves open (the victim's age
or sex in rape, a dwelling or another building, an attempt). A difference within a family is a lead of
low confidence; a class that replaced an older one is no difference at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from opencdi.counting import classification
from opencdi.engine import Step


@dataclass(frozen=True)
class OffenceClass:
    """One Home Office class. ``seriousness`` runs from 1 (most serious) to 5."""

    class_code: str
    title: str
    offence_group: str
    offence_subgroup: str
    seriousness: int
    victim_based: bool
    """Always an offence against a victim, never against the state."""


LEAST_SERIOUS = 5

FAMILIES: dict[str, tuple[str, ...]] = {
    "rape": ("19C", "19D", "19E", "19F", "19G", "19H", "19J", "19K"),
    "sexual assault": ("17A", "17B", "20A", "20B"),
    "burglary of a home": (
        "28A",
        "28B",
        "28C",
        "28D",
        "28E",
        "28F",
        "28G",
        "28H",
        "28I",
        "28J",
        "28K",
        "28L",
    ),
    "burglary elsewhere": ("30A", "30B", "30C", "30D"),
    "damage": ("58A", "58B", "58C", "58D"),
    "arson": ("56A", "56B"),
    "robbery": ("34A", "34B"),
    "drugs held": ("92D", "92E"),
}
"""Classes told apart by a fact the log may not settle; HOCR names the fact in each class's notes."""


def known_classes() -> list[OffenceClass]:
    """Every class of the offence list."""
    return [
        OffenceClass(
            known.class_code,
            known.title,
            known.group,
            known.subgroup,
            known.seriousness,
            known.victim_or_state == "V",
        )
        for known in classification.load().classes.values()
    ]


def shared_codes() -> list[tuple[str, str]]:
    """Codes that do not settle the class (149/00 is damage to anything), with each class they allow."""
    known = classification.load()
    return [
        (code, class_code)
        for code in sorted(known.codes)
        if not known.settled(code)
        for class_code in known.classes_of(code)
    ]


def code_table(codes: list[tuple[str, str]]) -> Step:
    """The codes that allow several classes, as a step."""
    rows = ",\n".join(f"({_text(code)}, {_text(class_code)})" for code, class_code in codes)
    return Step("compared_codes", f"select * from (values\n{rows}) as codes(subcode, class_code)")


def class_table(classes: list[OffenceClass]) -> Step:
    """The classes as a step the other steps join to."""
    family_of = {code: family for family, codes in FAMILIES.items() for code in codes}
    rows = ",\n".join(
        "("
        + ", ".join(
            _text(value)
            for value in (
                each.class_code,
                each.title,
                each.offence_group,
                each.offence_subgroup,
                family_of.get(each.class_code, each.class_code),
            )
        )
        + f", {each.seriousness}, {str(each.victim_based).lower()})"
        for each in sorted(classes, key=lambda each: each.class_code)
    )
    return Step(
        "compared_classes",
        "select * from (values\n"
        + rows
        + ") as classes"
        + "(class_code, title, offence_group, offence_subgroup, family, seriousness, victim_based)",
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
