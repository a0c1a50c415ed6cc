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
from opencdi.counting.flow import Considered, conduct_is_weighed, known
from opencdi.counting.mechanisms import Decision, Outcome, Required
from opencdi.counting.merging import rule_of_merging, why_merged
from opencdi.counting.recorded import rulings
from opencdi.counting.report import FactNeededError, Report
from opencdi.counting.ruling import Ruling
from opencdi.counting.turning import Turning, turnings

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


class Merged(BaseModel):
    """An offence that counts in the record of another, by which rule and why."""

    offence: int
    class_code: str
    code: str | None
    because: str
    reason: Reason


class FlagDue(BaseModel):
    """A crime flag, the offence that makes it due, and the rule; no rule where the report names the flag."""

    flag: str
    offence: int
    reason: Reason | None


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
    merged: list[Merged]
    deadline: str
    flags: list[str]
    flags_because: list[FlagDue]
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
    presumed: list[Turning] = Field(
        description="What the rules presume where the report is silent, and the answer otherwise"
    )
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
        required=[_crime(crime, decision, report.day) for crime in decision.required],
        offences=[
            _offence(considered, outcome, report)
            for considered, outcome in zip(decision.considered, decision.outcomes, strict=True)
        ],
        missing=[] if settled else questions(tree),
        alternatives=[] if settled else distinct(tree),
        presumed=list(turnings(report, decision)),
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


# The parts of the answer ---------------------------------------------------------------------------


def _deadline(decision: Decision) -> str:
    return decision.deadline_at.astimezone(LONDON).isoformat()


def _reason(rule_id: str, day: date) -> Reason:
    """A rule with its words and source, as it stands on the day whose rules apply."""
    rule = rulebook.load()[rule_id]
    version = rule.on(day) or rule.version[-1]
    return Reason(
        rule=rule_id,
        statement=version.statement,
        source=version.cite.document,
        page=version.cite.page,
        status="verified" if version.verified_on(day) else "unverified",
    )


def _crime(crime: Required, decision: Decision, day: date) -> RequiredCrime:
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
        one_for_each=_unit(crime),
        n100_code=crime.n100_code,
        victim=crime.principal.victim,
        suspects=crime.principal.suspects,
        offences=list(crime.offence_nos),
        merged=list(_merged(crime, decision, day)),
        deadline=_deadline(decision),
        flags=list(crime.flags_due),
        flags_because=list(_flags_because(crime, decision, day)),
        certain=crime.certain,
        missing_facts=list(crime.missing_facts),
        reasons=[_reason(rule_id, day) for rule_id in crime.rules],
    )


def _unit(crime: Required) -> str:
    """What one crime is counted for; with no victim, the offender or group (page 12)."""
    known_class = classification.load().classes.get(crime.class_code)
    if known_class is None:
        return "death"
    without_victim = crime.principal.victim == 0 and known_class.per == "victim"
    return "offender or group of offenders" if without_victim else known_class.unit


def _merged(crime: Required, decision: Decision, day: date) -> Iterator[Merged]:
    by_number = {outcome.offence_no: outcome for outcome in decision.outcomes}
    traits_of = {int(one.offence["offence_no"]): one.traits for one in decision.considered}
    for number in crime.offence_nos[1:]:
        rule_id = rule_of_merging(by_number[number].rules)
        version = rulebook.load()[rule_id].on(day) if rule_id else None
        if rule_id is None or version is None:
            continue
        other = traits_of[number]
        yield Merged(
            offence=number,
            class_code=other.class_code,
            code=other.subcode,
            because=why_merged(crime.traits, other, rule_id, version, conduct_is_weighed(day)),
            reason=_reason(rule_id, day),
        )


def _flags_because(crime: Required, decision: Decision, day: date) -> Iterator[FlagDue]:
    considered = {int(one.offence["offence_no"]): one for one in decision.considered}
    for flag in crime.flags_due:
        number = next(number for number in crime.offence_nos if flag in considered[number].flags)
        facts = known(considered[number].facts)
        rule = next(
            (
                rule.id
                for rule, version in rulebook.load().of_kind("flag", day)
                if version.effect.flag == flag and version.holds(facts)
            ),
            None,
        )
        yield FlagDue(flag=flag, offence=number, reason=_reason(rule, day) if rule else None)


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
