"""The explained answer to one report: required crimes, the reasons, and what a missing fact would change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pydantic import BaseModel, Field

from opencdi.counting import classification, rulebook
from opencdi.counting.alternatives import (
    Alternative,
    alternatives,
    alternatives_of_code,
    alternatives_of_household,
    decided,
    distinct,
    first_missing,
    in_short,
    question_of,
    questions,
)
from opencdi.counting.derive import LONDON
from opencdi.counting.facts import FACTS, Fact
from opencdi.counting.flow import Considered
from opencdi.counting.mechanisms import Decision, Outcome, Required
from opencdi.counting.recorded import rulings
from opencdi.counting.report import FactNeededError, Report
from opencdi.counting.ruling import Ruling

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
    try:
        decision = decided(report)
    except FactNeededError as needed:
        return _waiting(report, needed.fact, list(alternatives(report, {})))
    hangs_on_a_fact = first_missing(decision) is not None
    tree = [
        *(alternatives(report, {}) if hangs_on_a_fact else alternatives_of_code(report, decision)),
        *alternatives_of_household(report, decision),
    ]
    settled = not tree
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
        missing=[] if settled else questions(tree),
        alternatives=[] if settled else distinct(tree),
        presumed=_presumed(decision),
        recorded=rulings(report.recorded) if report.recorded else [],
    )


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
        alternatives=distinct(tree),
        presumed=[],
        recorded=[],
    )


# What is presumed ---------------------------------------------------------------------------------


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
