"""On which presumed facts an answer turns: what the report does not say, and what it would be otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from opencdi.counting import rulebook
from opencdi.counting.alternatives import OF_VICTIMS, decided, in_short, question_of, with_fact
from opencdi.counting.facts import COLUMNS, FACTS, LISTED
from opencdi.counting.flow import Considered, known
from opencdi.counting.mechanisms import Decision
from opencdi.counting.report import FactNeededError, Report

_ASKABLE = frozenset(fact.name for fact in (*COLUMNS, *LISTED) if fact.name != "reporter")

_OF_EVERY_OFFENCE = ("evidence_to_contrary", "other_force_records", "victim_confirms", "reported_before")


class Turning(BaseModel):
    """A fact taken as presumed, and the answer where it has another value."""

    offence: int
    fact: str
    question: str
    presumed: str
    otherwise: str
    records: list[str]


def turned_on(considered: Considered, report: Report) -> dict[str, str]:
    """Presumed facts that a rule about this class alone turns on, each with the value the rule asks for."""
    said = known(considered.facts)
    stated = {item.split("=")[0] for item in considered.offence["facts"]}
    found: dict[str, str] = {}
    kinds: tuple[rulebook.Kind, ...] = ("class", "flow", "count")
    for kind in kinds:
        for _, version in rulebook.load().of_kind(kind, report.day):
            about_class = {"class", "subcode", "group", "subgroup"} & set(version.when)
            for fact, values in version.when.items():
                presumed = fact in _ASKABLE and fact not in stated
                if about_class and presumed and version.holds({**said, fact: values[0]}):
                    found.setdefault(fact, values[0])
    return found


def turnings(report: Report, decision: Decision) -> Iterator[Turning]:
    """Every presumption of which another value gives another answer, offence by offence."""
    now = in_short(decision)
    seen: set[tuple[int, str]] = set()
    for considered in decision.considered:
        place = int(considered.offence["stands_in"])
        for fact, value in _worth_trying(considered, report).items():
            about = int(considered.offence["victim_no"]) if fact in OF_VICTIMS else -place
            if (about, fact) in seen:
                continue
            seen.add((about, fact))
            otherwise = _with(report, place, fact, value)
            if otherwise != now:
                yield Turning(
                    offence=place,
                    fact=fact,
                    question=question_of(fact),
                    presumed=considered.facts[fact] or "",
                    otherwise=value,
                    records=otherwise,
                )


def _worth_trying(considered: Considered, report: Report) -> dict[str, str]:
    """Facts that silence left presumed, in the order of the vocabulary, each with its other value."""
    found = {fact: "no" if considered.facts[fact] == "yes" else "yes" for fact in _OF_EVERY_OFFENCE}
    found |= turned_on(considered, report)
    return {
        fact: found[fact]
        for fact in FACTS
        if fact in found and _is_presumed(considered, fact) and considered.facts[fact] != found[fact]
    }


def _is_presumed(considered: Considered, fact: str) -> bool:
    listed = any(item.startswith(f"{fact}=") for item in considered.offence.get("facts") or ())
    silent = considered.offence.get(fact) in (None, "unknown") and not listed
    return silent and bool(FACTS[fact].presumptions) and considered.facts[fact] is not None


def _with(report: Report, place: int, fact: str, value: str) -> list[str]:
    try:
        return in_short(decided(with_fact(report, place, fact, value)))
    except FactNeededError as needed:
        return [f"cannot tell the class: {question_of(needed.fact)}"]
