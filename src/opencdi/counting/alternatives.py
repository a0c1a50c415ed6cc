"""What a missing fact would change: the answer for each of its values."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from opencdi.counting import classification, traits
from opencdi.counting.facts import COLUMNS, FACTS, LISTED, NAMING
from opencdi.counting.mechanisms import Decision, decide
from opencdi.counting.report import FactNeededError, Offence, Report, Victim, chosen_class
from opencdi.counting.seriousness import VIOLENT_GROUPS

MOST_ANSWERS = 24
"""Answers for the values of missing facts that are worked out; beyond that more has to be known first."""

MOST_FACTS = 4
"""Missing facts that are followed one after the other."""


class Alternative(BaseModel):
    """The answer where the missing facts have these values."""

    given: dict[str, str]
    """Fact (with the number of the offence it is about) and value."""
    records: list[str]


def in_short(decision: Decision) -> list[str]:
    """What goes on record, as short lines that can be compared."""
    lines = []
    for crime in decision.required:
        name = crime.n100_code or (crime.subcode if crime.record_as == "n300" else None) or crime.class_code
        doubt = "" if crime.certain else " (cannot tell)"
        lines.append(f"{crime.copies} x {name} {crime.record_as}{doubt}")
    return lines or ["nothing to record"]


def alternatives(report: Report, given: dict[str, str]) -> Iterator[Alternative]:
    """The leaves of a tree of answers: each first missing fact takes each of its values in turn."""
    try:
        decision = decided(report)
        missing = first_missing(decision)
    except FactNeededError as needed:
        decision, missing = None, (_needing(report), needed.fact)
    key = f"offence {missing[0]}: {missing[1]}" if missing else ""
    if missing is None or key in given or len(given) >= MOST_FACTS:
        yield Alternative(given=given, records=in_short(decision) if decision else ["cannot tell the class"])
        return
    place, fact = missing
    for value in values_of(fact):
        named = {**given, key: value}
        yield from alternatives(with_fact(report, place, fact, value), named)


def alternatives_of_code(report: Report, decision: Decision) -> Iterator[Alternative]:
    """Where only a class is known and its codes differ in gravity: the answer for each code that ranks."""
    if len(report.offences) < 2:
        return
    plain = in_short(decision)
    for place, offence in enumerate(report.offences, start=1):
        if offence.name or offence.code or not offence.class_ or not _graded(offence.class_):
            continue
        answers = [
            Alternative(
                given={f"offence {place}: code": code},
                records=in_short(decided(with_code(report, place, code))),
            )
            for code in ranked_codes(offence.class_)
        ]
        if any(one.records != plain for one in answers):
            yield from answers


def alternatives_of_household(report: Report, decision: Decision) -> Iterator[Alternative]:
    """Where a class counts households and several victims are named without one: the answer for each."""
    plain = in_short(decision)
    for place, offence in enumerate(report.offences, start=1):
        numbers = report.numbers_of(offence)
        unsaid = offence.property_no is None and all(report.victim(one).household is None for one in numbers)
        if offence.name or len(numbers) < 2 or not unsaid or not _by_household(offence):
            continue
        shared = in_short(decided(_in_one_household(report, numbers)))
        if shared != plain:
            yield Alternative(given={f"offence {place}: one household": "yes"}, records=shared)
            yield Alternative(given={f"offence {place}: one household": "no"}, records=plain)


def _by_household(offence: Offence) -> bool:
    class_code, _ = chosen_class(offence, {})
    known = classification.load().classes.get(class_code)
    return known is not None and ("household" in known.unit or "cycle owner" in known.unit)


def _in_one_household(report: Report, numbers: list[int]) -> Report:
    everyone = [report.victim(number) for number in range(1, max([len(report.victims), *numbers]) + 1)]
    victims = [
        victim.model_copy(update={"household": HOUSEHOLD_OF_ALL}) if number in numbers else victim
        for number, victim in enumerate(everyone, start=1)
    ]
    return report.model_copy(update={"victims": victims})


HOUSEHOLD_OF_ALL = 1_000_000
"""A household number that no report gives."""


def _graded(class_: str) -> bool:
    """Do the codes of the class differ by what was done to a person, which a report tells?"""
    found = classification.load().normalise(class_)
    return found is not None and traits.of(found, None).group in VIOLENT_GROUPS


def ranked_codes(class_: str) -> list[str]:
    """The codes of a class that the principal crime table names, the most serious first."""
    listed = classification.load()
    named = [code for row in listed.principal_crimes for code in row.codes]
    of_class = {row.code for row in listed.rows_of(listed.normalise(class_) or class_)}
    return [code for code in dict.fromkeys(named) if code in of_class]


def with_code(report: Report, place: int, code: str) -> Report:
    """The report with the code of its offence at a place, from 1."""
    changed = report.offences[place - 1].model_copy(update={"code": code})
    return report.model_copy(
        update={"offences": [*report.offences[: place - 1], changed, *report.offences[place:]]}
    )


def decided(report: Report) -> Decision:
    return decide(report.incident(), report.rows(), report.rules, report.day)


def _needing(report: Report) -> int:
    """The first offence whose plain name needs a fact more."""
    for place, offence in enumerate(report.offences, start=1):
        try:
            report.model_copy(update={"offences": [offence]}).rows()
        except FactNeededError:
            return place
    return 1


def first_missing(decision: Decision) -> tuple[int, str] | None:
    """The first offence whose answer hangs on a missing fact, and that fact."""
    hanging = {number for crime in decision.required if not crime.certain for number in crime.offence_nos}
    for considered in decision.considered:
        number = int(considered.offence["offence_no"])
        if considered.missing and (number in hanging or number not in _recorded(decision)):
            return int(considered.offence["stands_in"]), considered.missing[0]
    return None


def _recorded(decision: Decision) -> set[int]:
    return {number for crime in decision.required for number in crime.offence_nos}


def values_of(fact: str) -> tuple[str, ...]:
    return next(known.values for known in (*COLUMNS, *LISTED, *NAMING) if known.name == fact)


def question_of(fact: str) -> str:
    return next(known.question for known in (*FACTS.values(), *NAMING) if known.name == fact)


AGES = {"under_13": 12, "13_to_15": 14, "16_or_17": 17, "adult": 30}
"""An age that stands for each band."""


OF_VICTIMS = {
    "victim_sex": "sex",
    "victim_age": "age",
    "victim_confirms": "confirms",
    "victim_traced": "traced",
    "relationship": "relationship",
}
"""Facts that belong to a victim, and their names there."""


def with_fact(report: Report, place: int, fact: str, value: str) -> Report:
    """The report with one more fact of its offence at a place, from 1."""
    if fact == "reporter":
        return report.model_copy(update={"reporter": value})
    offence = report.offences[place - 1]
    if fact in OF_VICTIMS and any(report.numbers_of(offence)):
        return report.model_copy(update={"victims": _victims_with(report, offence, fact, value)})
    changed = offence.model_copy(update={"facts": {**offence.facts, fact: value}})
    offences = [*report.offences[: place - 1], changed, *report.offences[place:]]
    return report.model_copy(update={"offences": offences})


def _victims_with(report: Report, offence: Offence, fact: str, value: str) -> list[Victim]:
    """The victims, those of the offence of whom the fact is not known having it."""
    key = OF_VICTIMS[fact]
    change = {key: AGES[value] if key == "age" else value}
    numbers = [number for number in report.numbers_of(offence) if number]
    everyone = [report.victim(number) for number in range(1, max([len(report.victims), *numbers]) + 1)]
    return [
        victim.model_copy(update=change)
        if number in numbers and getattr(victim, key) in (None, "unknown")
        else victim
        for number, victim in enumerate(everyone, start=1)
    ]


def questions(tree: list[Alternative]) -> list[str]:
    facts = dict.fromkeys(given.partition(": ")[2] for one in tree for given in one.given)
    return [OTHER_QUESTIONS.get(fact) or question_of(fact) for fact in facts]


OTHER_QUESTIONS = {
    "code": "Which code is it? The class holds offences of different gravity.",
    "one household": "Do the victims live in one household?",
}
"""Questions whose answers are no facts of a rule."""


def distinct(tree: list[Alternative]) -> list[Alternative]:
    return tree[:MOST_ANSWERS] if len({tuple(one.records) for one in tree}) > 1 else []
