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

from opencdi.counting.alternatives import question_of, values_of
from opencdi.counting.facts import FACTS, REPORTERS
from opencdi.counting.flow import Considered, consider
from opencdi.counting.report import FactNeededError, Report, plain_names
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
        return Question(("asked_for_more",), "Does the report describe another offence?", ("yes", "no"))
    return None


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
    for row in rows:
        considered = consider(row, report.incident(), report.day)
        fact = next(
            (fact for fact in _wanted(considered, report) if not _was_asked(facts, place, fact)),
            None,
        )
        if fact:
            return _fact_question(report, place, fact)
    return None


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
    return int(value) if key == "age" and value.isdigit() else value
