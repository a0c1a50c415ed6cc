"""The explained answer to one report: required crimes, the reasons, and what a missing fact would change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pydantic import BaseModel, Field

from opencdi.counting import classification, rulebook
from opencdi.counting.derive import LONDON
from opencdi.counting.facts import COLUMNS, FACTS, LISTED, NAMING, Fact
from opencdi.counting.flow import Considered
from opencdi.counting.mechanisms import Decision, Outcome, Required, decide
from opencdi.counting.recorded import rulings
from opencdi.counting.report import FactNeededError, Offence, Report, Victim
from opencdi.counting.ruling import Ruling

MOST_ANSWERS = 24
"""Answers for the values of missing facts that are worked out; beyond that more has to be known first."""

STEPS = {
    1: "Does the report concern a crime?",
    2: "On the balance of probability, has a notifiable crime been committed?",
    3: "Is there credible evidence to the contrary? Against the state: are the points to prove made out?",
    4: "Can a victim or representative be traced, or is it right to record without?",
    5: "Does the victim or representative confirm, or is it right to record without?",
    6: "Is another force recording it?",
    7: "Do the rules direct that it should not be recorded?",
}
"""The questions of the flow chart (recording rules, page 11) that come before recording."""


class Reason(BaseModel):
    """One rule that led to an answer."""

    rule: str
    statement: str
    source: str
    page: str
    status: str


class RequiredCrime(BaseModel):
    """One record that the rules require, or several alike (``number``)."""

    record_as: str
    number: int
    class_code: str
    class_title: str
    code: str | None
    offence: str | None
    one_for_each: str
    n100_code: str | None
    victim: int
    suspects: int
    offences: list[int]
    deadline: str
    flags: list[str]
    certain: bool
    missing_facts: list[str]
    reasons: list[Reason]


class Step(BaseModel):
    """One question of the flow, as it was answered for one offence."""

    step: int
    question: str
    result: str
    because: list[str]


class OffenceAnswer(BaseModel):
    """What became of one offence against one victim."""

    offence: int
    class_code: str
    victim: int
    outcome: str
    counts_in: int | None
    stopped_at_step: int | None
    steps: list[Step]
    reasons: list[Reason]


class Alternative(BaseModel):
    """The answer where the missing facts have these values."""

    given: dict[str, str]
    """Fact (with the number of the offence it is about) and value."""
    records: list[str]


class Answer(BaseModel):
    """Everything ``opencdi decide`` says of one report."""

    edition: str
    reported_at: str
    deadline: str
    settled: bool
    records: list[str]
    """The answer in short: ``2 x 8N crime``; the same form as in the alternatives."""
    required: list[RequiredCrime]
    offences: list[OffenceAnswer]
    missing: list[str]
    """Questions whose answer would change the result."""
    alternatives: list[Alternative]
    presumed: list[str] = Field(description="What the rules presume where the report is silent")
    recorded: list[Ruling] = Field(description="What may be done with a crime already on record")


def answer(report: Report) -> Answer:
    """Decide one report, explain it, and where a fact is missing give the answer for each of its values."""
    tree = list(_alternatives(report, {}))
    try:
        decision = decide(report.incident(), report.rows(), report.rules, report.day)
    except FactNeededError as needed:
        return _waiting(report, needed.fact, tree)
    settled = not _first_missing(decision)
    return Answer(
        edition=decision.edition.name,
        reported_at=report.at.isoformat(),
        deadline=_deadline(decision),
        settled=settled,
        records=in_short(decision),
        required=[_crime(crime, decision) for crime in decision.required],
        offences=[
            _offence(considered, outcome, report)
            for considered, outcome in zip(decision.considered, decision.outcomes, strict=True)
        ],
        missing=[] if settled else _questions(tree),
        alternatives=[] if settled else _distinct(tree),
        presumed=_presumed(decision),
        recorded=rulings(report.recorded) if report.recorded else [],
    )


def in_short(decision: Decision) -> list[str]:
    """What goes on record, as short lines that can be compared."""
    lines = []
    for crime in decision.required:
        name = crime.n100_code or (crime.subcode if crime.record_as == "n300" else None) or crime.class_code
        doubt = "" if crime.certain else " (cannot tell)"
        lines.append(f"{crime.copies} x {name} {crime.record_as}{doubt}")
    return lines or ["nothing to record"]


def _waiting(report: Report, fact: str, tree: list[Alternative]) -> Answer:
    return Answer(
        edition=report.rules.name,
        reported_at=report.at.isoformat(),
        deadline="",
        settled=False,
        records=["cannot tell the class"],
        required=[],
        offences=[],
        missing=[question_of(fact)],
        alternatives=_distinct(tree),
        presumed=[],
        recorded=[],
    )


# What a missing fact would change ------------------------------------------------------------------


def _alternatives(report: Report, given: dict[str, str]) -> Iterator[Alternative]:
    """The leaves of a tree of answers: each first missing fact takes each of its values in turn."""
    try:
        decision = decide(report.incident(), report.rows(), report.rules, report.day)
        missing = _first_missing(decision)
    except FactNeededError as needed:
        decision, missing = None, (_needing(report), needed.fact)
    if missing is None or len(given) >= 4:
        yield Alternative(given=given, records=in_short(decision) if decision else ["cannot tell the class"])
        return
    place, fact = missing
    for value in values_of(fact):
        named = {**given, f"offence {place}: {fact}": value}
        yield from _alternatives(with_fact(report, place, fact, value), named)


def _needing(report: Report) -> int:
    """The first offence whose plain name needs a fact more."""
    for place, offence in enumerate(report.offences, start=1):
        try:
            report.model_copy(update={"offences": [offence]}).rows()
        except FactNeededError:
            return place
    return 1


def _first_missing(decision: Decision) -> tuple[int, str] | None:
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


def _questions(tree: list[Alternative]) -> list[str]:
    facts = dict.fromkeys(given.partition(": ")[2] for one in tree for given in one.given)
    return [question_of(fact) for fact in facts]


def _distinct(tree: list[Alternative]) -> list[Alternative]:
    return tree[:MOST_ANSWERS] if len({tuple(one.records) for one in tree}) > 1 else []


def _presumed(decision: Decision) -> list[str]:
    """The presumptions that silence left standing on facts a rule of this decision turns on."""
    asked = {
        fact
        for considered in decision.considered
        for fact in ("evidence_to_contrary", "other_force_records", "victim_confirms", "reported_before")
        if _was_presumed(considered, FACTS[fact])
    }
    return [f"{question_of(fact)} Nothing is said: the rules presume." for fact in FACTS if fact in asked]


def _was_presumed(considered: Considered, fact: Fact) -> bool:
    column = considered.offence.get(fact.name)
    listed = any(item.startswith(f"{fact.name}=") for item in considered.offence.get("facts") or ())
    return bool(fact.presumptions) and column in (None, "unknown") and not listed


# The parts of the answer ---------------------------------------------------------------------------


def _deadline(decision: Decision) -> str:
    return decision.deadline_at.astimezone(LONDON).isoformat()


def reason(rule_id: str, decision: Decision) -> Reason:
    """A rule with its words and source, as it stands in the edition applied."""
    return _reason(rule_id, decision.edition.valid_from)


def _reason(rule_id: str, day: date) -> Reason:
    rule = rulebook.load()[rule_id]
    version = rule.on(day) or rule.version[-1]
    return Reason(
        rule=rule_id,
        statement=version.statement,
        source=version.cite.document,
        page=version.cite.page,
        status="verified" if version.verified_on(day) else "unverified",
    )


def _crime(crime: Required, decision: Decision) -> RequiredCrime:
    listed = classification.load()
    known = listed.classes.get(crime.class_code)
    row = listed.codes.get(crime.subcode or "")
    return RequiredCrime(
        record_as=crime.record_as,
        number=crime.copies,
        class_code=crime.class_code,
        class_title=known.title if known else "Reported incident of death",
        code=crime.subcode,
        offence=row.title if row else None,
        one_for_each=known.unit if known else "death",
        n100_code=crime.n100_code,
        victim=crime.principal.victim,
        suspects=crime.principal.suspects,
        offences=list(crime.offence_nos),
        deadline=_deadline(decision),
        flags=list(crime.flags_due),
        certain=crime.certain,
        missing_facts=list(crime.missing_facts),
        reasons=[reason(rule_id, decision) for rule_id in crime.rules],
    )


def _offence(considered: Considered, outcome: Outcome, report: Report) -> OffenceAnswer:
    return OffenceAnswer(
        offence=outcome.offence_no,
        class_code=considered.traits.class_code,
        victim=int(considered.offence["victim_no"]),
        outcome=outcome.outcome,
        counts_in=outcome.required_no,
        stopped_at_step=outcome.stopped_at_step,
        steps=list(_steps(considered)),
        reasons=[_reason(rule_id, report.day) for rule_id in outcome.rules],
    )


def _steps(considered: Considered) -> Iterator[Step]:
    for number, question in STEPS.items():
        here = [stop for stop in considered.reached if stop.step == number]
        because = [stop.version.statement for stop in here]
        if any(stop.certain for stop in here):
            yield Step(step=number, question=question, result="stops", because=because)
            return
        result = "cannot tell" if here else "passes"
        yield Step(
            step=number, question=question, result=result, because=because or _why_passed(considered, number)
        )


def _why_passed(considered: Considered, number: int) -> list[str]:
    """The facts that answered the step, where something was known."""
    facts = considered.facts
    if number in (4, 5):
        if facts["victim_based"] == "no":
            return ["It is an offence against the state."]
        told = ("reporter", "victim_confirms", "appropriate_without_confirmation")
        return [
            f"{name.replace('_', ' ')}: {facts[name]}" for name in told if facts[name] not in (None, "no")
        ]
    told_by_step = {3: "points_to_prove" if facts["victim_based"] == "no" else "evidence_to_contrary"}
    fact = {6: "other_force_records", **told_by_step}.get(number)
    return [f"{fact.replace('_', ' ')}: {facts[fact]}"] if fact and facts[fact] else []
