"""One question at a time: what to ask next about a report, and the report with its answer.

Pure functions over the facts as a plain dictionary (the form of a facts file), so that a command line and
a web page ask the same questions in the same order and skip what does not matter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from opencdi.counting import traits
from opencdi.counting.alternatives import question_of, values_of
from opencdi.counting.facts import FACTS, REPORTERS, YES_NO
from opencdi.counting.flow import Considered, consider
from opencdi.counting.placing import counts_each
from opencdi.counting.report import (
    FactNeededError,
    Report,
    against_the_state,
    chosen_class,
    plain_names,
)
from opencdi.counting.report_reading import checked
from opencdi.counting.turning import turned_on

SOURCE = "the answers so far"

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Question:
    """What to ask, where the answer goes, and what it may be (anything, where ``values`` is empty)."""

    place: tuple[str | int, ...]
    words: str
    values: tuple[str, ...] = ()
    help: str = ""


ALWAYS_ASKED = ("evidence_to_contrary", "other_force_records", "reported_before")
"""Presumptions of every offence that a person is asked about all the same."""


def next_question(facts: Mapping[str, Any]) -> Question | None:
    """The next question about a report, or None where nothing asked would change the answer.

    Raises ``UserError`` where an answer given cannot be.
    """
    if "reported_at" not in facts:
        return Question(("reported_at",), "When was the report received?", help="such as 2026-05-04T09:30:00")
    if "reporter" not in facts:
        return Question(("reporter",), question_of("reporter"), (*REPORTERS, UNKNOWN))
    offences = facts.get("offences", [])
    if not offences:
        return _which_offence(0)
    if not {"class", "code", "name"} & set(offences[-1]):
        return _which_offence(len(offences) - 1)
    report = checked({name: value for name, value in facts.items() if name != "asked_for_more"}, SOURCE)
    for place, _ in enumerate(report.offences):
        question = _about_offence(report, facts, place)
        if question is not None:
            return question
    if facts.get("asked_for_more") != len(offences):
        return Question(("asked_for_more",), "Does the report describe another offence?", YES_NO)
    return None if FLAG_FACTS[0] in facts.get("facts", {}) else _which_flags()


def answered(facts: Mapping[str, Any], question: Question, value: str) -> dict[str, Any]:
    """The facts with one answer more; the given facts are left as they are."""
    changed = deepcopy(dict(facts))
    if question.place == ("asked_for_more",):
        if value == "yes":
            changed["offences"].append({})
        else:
            changed["asked_for_more"] = len(changed["offences"])
        return changed
    if question.place[-1] == "offence":
        offences = changed.setdefault("offences", [])
        number = int(question.place[1])
        described = {**(offences[number] if number < len(offences) else {}), **_described(value)}
        offences[number:] = [described]
        return changed
    if question.place == ("flags",):
        return _with_flags(changed, value)
    if question.place[-1] == "victims":
        return _with_victims(changed, int(question.place[1]), value)
    if question.place[-1] == "suspects":
        return _with_suspects(changed, int(question.place[1]), same=value == "yes")
    _put(changed, question.place, _typed(question.place[-1], value))
    return changed


def _described(value: str) -> dict[str, str]:
    if value in plain_names():
        return {"name": value}
    return {"code": value} if "/" in value else {"class": value}


def _which_offence(number: int) -> Question:
    return Question(
        ("offences", number, "offence"),
        "Which offence does the report describe?" if number == 0 else "Which other offence?",
        help=f"a class such as 8N, a code such as 008/06, or one of: {', '.join(plain_names())}",
    )


def _about_offence(report: Report, facts: Mapping[str, Any], place: int) -> Question | None:
    alone = report.model_copy(update={"offences": [report.offences[place]]})
    try:
        rows = alone.rows()
    except FactNeededError as needed:
        return _fact_question(report, place, needed.fact)
    question = _how_many(report, facts, place)
    if question is not None:
        return question
    for row in rows:
        considered = consider(row, report.incident(), report.day)
        fact = next(
            (fact for fact in _wanted(considered, report) if not _was_asked(facts, place, fact)),
            None,
        )
        if fact:
            return _fact_question(report, place, fact)
    return None


def _how_many(report: Report, facts: Mapping[str, Any], place: int) -> Question | None:
    """Who suffers the offence and who did it, as far as the count turns on it."""
    told = facts["offences"][place]
    offence = report.offences[place]
    against_a_victim = not against_the_state(offence, bool(report.victims))
    if against_a_victim and "victims" not in told:
        return _which_victims(report, place)
    if place > 0 and "suspects" not in told:
        words = "Did the same offender, or group acting together, do it as the first offence?"
        return Question(("offences", place, "suspects"), _words(report, place, words), YES_NO)
    found = traits.of(*chosen_class(offence, report.naming_facts(offence, _victim_number(report, place))))
    if counts_each(found) and "offenders" not in told:
        words = _words(report, place, "How many offenders took part?")
        return Question(("offences", place, "offenders"), words, help="a number, such as 1")
    of_a_person = against_a_victim and report.victim(_victim_number(report, place)).kind == "person"
    if of_a_person and not _was_asked(facts, place, "relationship"):
        return _fact_question(report, place, "relationship")
    return None


def _which_victims(report: Report, place: int) -> Question:
    where = ("offences", place, "victims")
    if place == 0:
        return Question(where, "How many people or bodies suffer it?", help=NOBODY)
    new = max(1, len(report.victims)) + 1
    words = _words(report, place, "Which victims suffer it, by number?")
    return Question(where, words, help=f"such as 1 or 1, {new}; a victim not yet told of is {new}")


def _with_victims(facts: dict[str, Any], place: int, value: str) -> dict[str, Any]:
    """The victims of an offence: so many, of the first one; by their numbers, of another."""
    if value.strip() == "0":
        facts["offences"][place]["victims"] = "state"
        return facts
    numbers = [int(part) if part.strip().isdigit() else part for part in value.split(",")]
    if place == 0 and len(numbers) == 1 and isinstance(numbers[0], int):
        numbers = list(range(1, min(numbers[0], MOST_VICTIMS) + 1))
    facts["offences"][place]["victims"] = numbers
    most = max((number for number in numbers if isinstance(number, int)), default=0)
    everyone = facts.setdefault("victims", [])
    everyone.extend({} for _ in range(len(everyone), min(most, len(everyone) + len(numbers))))
    return facts


def _with_suspects(facts: dict[str, Any], place: int, same: bool) -> dict[str, Any]:
    """The first offence's offender or group, or another one of its own."""
    facts["offences"][place]["suspects"] = facts["offences"][0].get("suspects", 1) if same else place + 1
    return facts


NOBODY = "a number, such as 1; 0 for nobody in particular"

MOST_VICTIMS = 200
"""Victims of one offence that may be told one question at a time."""


# Which flags -------------------------------------------------------------------------------------

FLAG_FACTS = (
    "hostility_race",
    "hostility_religion",
    "hostility_sexual_orientation",
    "hostility_disability",
    "hostility_transgender",
    "online_element",
    "alcohol_aggravated",
    "corrosive_used",
    "taken_for_scrap",
    "honour_motive",
    "spiked",
    "sexually_exploited",
)
"""Facts that only a flag turns on, asked for all offences at once."""


def _which_flags() -> Question:
    each = "; ".join(f"{name}: {question_of(name)}" for name in FLAG_FACTS)
    return Question(("flags",), "Which of these are so, by name? Or none.", help=each)


def _with_flags(facts: dict[str, Any], value: str) -> dict[str, Any]:
    named = {part.strip() for part in value.split(",")} - {"none", "no", ""}
    told = dict.fromkeys(FLAG_FACTS, "no") | dict.fromkeys(named, "yes")
    facts["facts"] = {**facts.get("facts", {}), **told}
    return facts


# Which facts -------------------------------------------------------------------------------------


def _wanted(considered: Considered, report: Report) -> Sequence[str]:
    """Facts worth asking: those that settle the answer, then those that one rule alone turns on."""
    if considered.certain and considered.kind == "not_recorded" and not considered.missing:
        return ()
    turning = [fact for fact in FACTS if fact in turned_on(considered, report)]
    always = [fact for fact in ALWAYS_ASKED if considered.kind != "not_recorded"]
    return (*considered.missing, *turning, *always)


def _was_asked(facts: Mapping[str, Any], place: int, fact: str) -> bool:
    offence = facts["offences"][place]
    return fact in offence.get("facts", {}) or fact in facts.get("facts", {})


def _fact_question(report: Report, place: int, fact: str) -> Question:
    number = _victim_number(report, place)
    if fact in ("victim_sex", "victim_age"):
        key = fact.removeprefix("victim_")
        values = ("F", "M", "X") if key == "sex" else ()
        return Question(("victims", number - 1, key), _words(report, place, question_of(fact)), values)
    return Question(
        ("offences", place, "facts", fact),
        _words(report, place, question_of(fact)),
        (*values_of(fact), UNKNOWN),
    )


def _victim_number(report: Report, place: int) -> int:
    victims = report.offences[place].victims
    return victims[0] if isinstance(victims, list) and victims else 1


def _words(report: Report, place: int, words: str) -> str:
    if len(report.offences) == 1:
        return words
    offence = report.offences[place]
    return f"Offence {place + 1} ({offence.name or offence.code or offence.class_}): {words}"


def _put(facts: dict[str, Any], place: Sequence[str | int], value: Any) -> None:
    here: Any = facts
    for part, after in pairwise(place):
        if isinstance(part, int):
            while len(here) <= part:
                here.append({})
            here = here[part]
        else:
            here = here.setdefault(part, [] if isinstance(after, int) else {})
    here[place[-1]] = value


def _typed(key: str | int, value: str) -> Any:
    return int(value) if key in ("age", "offenders") and value.isdigit() else value
