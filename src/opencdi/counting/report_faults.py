"""What is unknown, impossible or contradictory in a report, one sentence a fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from opencdi.counting import classification, traits
from opencdi.counting.derive import LONDON
from opencdi.counting.editions import EDITIONS, edition
from opencdi.counting.facts import COLUMNS, LISTED, NAMING, age_band
from opencdi.counting.report import Offence, Report, Victim, chosen_class, plain_names

LAST_YEAR = 2099
"""A report typed with a later year is a slip of the hand."""


def faults(report: Report) -> Iterator[str]:
    """Sentences that say what is wrong, where, and what to do; none for a sound report."""
    if report.edition != "by-date":
        edition(report.edition)
    elif report.at.astimezone(LONDON).date() < EDITIONS[0].valid_from:
        first = EDITIONS[0].valid_from.isoformat()
        yield f"`reported_at` is before {first}, the oldest edition known. Correct it, or name an `edition`."
    if report.at.year > LAST_YEAR:
        yield f"`reported_at` is after {LAST_YEAR}. Correct the year."
    if not report.offences and report.victims:
        yield "there are victims but no offence. Add an `[[offences]]` entry, or remove the victims."
    yield from _faults_of_facts(report.facts, "`facts`")
    for number, offence in enumerate(report.offences, start=1):
        yield from _faults_of_offence(report, offence, f"offence {number}")
    named = {number for offence in report.offences for number in report.numbers_of(offence)}
    for number, _ in enumerate(report.victims, start=1):
        if number not in named:
            yield f"victim {number} has no offence. Name it in the `victims` of an offence, or remove it."
    if report.reporter == "victim" and len(report.victims) == 1 and report.victims[0].traced == "no":
        yield "the victim reports, yet `traced` says no victim can be found. Correct one of the two."
    if report.recorded is not None:
        if not report.recorded.is_reported_incident_of_rape:
            yield from _faults_of_class(report.recorded.class_, report.recorded.code, None, "`recorded`")
        if report.recorded.charged and not classification.load().normalise(report.recorded.charged):
            yield f"`recorded`: `{report.recorded.charged}` is neither a class nor a code. Correct `charged`."


def _faults_of_offence(report: Report, offence: Offence, place: str) -> Iterator[str]:
    yield from _faults_of_class(offence.class_, offence.code, offence.name, place)
    yield from _faults_of_facts(offence.facts, place)
    if offence.occurred_on and offence.occurred_on > report.at.astimezone(LONDON).date():
        yield f"{place}: `occurred_on` is after the report. Correct one of the two dates."
    if offence.occurred_on and offence.occurred_on.year < 1900:
        yield f"{place}: `occurred_on` is before 1900. Correct it."
    if not report.numbers_of(offence):
        yield f'{place}: `victims` is empty. Give the numbers of its victims, or "state".'
    numbers = report.numbers_of(offence)
    for number in sorted({number for number in numbers if numbers.count(number) > 1}):
        yield f"{place}: victim {number} stands twice in `victims`. Remove one, or tell the offence twice."
    for number in numbers:
        if (
            number < 0
            or (report.victims and number > len(report.victims))
            or (number == 0 and offence.victims != "state" and "victims" in offence.model_fields_set)
        ):
            yield f"{place}: there is no victim {number}. Victims are numbered from 1 as they stand."
        if number and not offence.name:
            yield from _faults_of_victim(report.victim(number), offence, number, place)
    if offence.name is None:
        yield from _faults_of_kind(offence, place)
    said = report.said(offence)
    if said.get("former_partner") == "yes" and any(
        report.victim(number).relationship == "stranger" for number in numbers
    ):
        yield f"{place}: a former partner is no stranger. Correct `former_partner` or `relationship`."
    for one, other in CONTRADICTIONS:
        if said.get(one[0]) == one[1] and said.get(other[0]) == other[1]:
            pair = f"`{one[0]} = {one[1]}` and `{other[0]} = {other[1]}`"
            yield f"{place}: {pair} contradict each other. Correct one."


CONTRADICTIONS = (
    (("victim_is_constable", "yes"), ("victim_is_emergency_worker", "yes")),
    (("victim_confirms", "yes"), ("victim_traced", "no")),
    (("personally_connected", "no"), ("former_partner", "yes")),
    (("continues_recorded_conduct", "yes"), ("course_of_conduct", "no")),
)
"""Pairs of answers that cannot both be true (an emergency worker is meant other than a constable)."""

CLASS_MEANS: Mapping[str, tuple[str | None, tuple[str, ...]]] = {
    "19C": ("F", ("16_or_17", "adult")),
    "19D": ("F", ("under_13", "13_to_15")),
    "19E": ("F", ("under_13",)),
    "19F": ("M", ("16_or_17", "adult")),
    "19G": ("M", ("under_13", "13_to_15")),
    "19H": ("M", ("under_13",)),
    "17A": ("M", ("13_to_15", "16_or_17", "adult")),
    "17B": ("M", ("under_13",)),
    "20A": ("F", ("13_to_15", "16_or_17", "adult")),
    "20B": ("F", ("under_13",)),
    "21": (None, ("under_13",)),
    "22B": (None, ("under_13", "13_to_15")),
}
"""Sex and ages of victims that a class is for (recording rules, pages 62 and 65)."""


def _faults_of_victim(victim: Victim, offence: Offence, number: int, place: str) -> Iterator[str]:
    class_code, _ = chosen_class(offence, {})
    sex, bands = CLASS_MEANS.get(class_code, (None, ()))
    if sex and victim.sex and victim.sex not in (sex, "X"):
        meant = f"class {class_code} is for a victim of sex {sex}"
        yield f"{place}: {meant}, but victim {number} is {victim.sex}. Correct one."
    if bands and victim.age is not None and age_band(victim.age) not in bands:
        meant = f"class {class_code} is not for a victim aged {victim.age}"
        yield f"{place}: {meant} (victim {number}). Correct one."


def _faults_of_kind(offence: Offence, place: str) -> Iterator[str]:
    class_code, code = chosen_class(offence, {})
    found = traits.of(class_code, code)
    lacks = found.victim_or_state == "V" and class_code not in (
        "9A",
        "9B",
        traits.DEATH,
        traits.NOT_NOTIFIABLE,
    )
    if offence.victims == "state" and lacks:
        yield f"{place}: class {class_code} is a crime against a victim. Give the number of the victim."


def _faults_of_class(class_: str | None, code: str | None, name: str | None, place: str) -> Iterator[str]:
    listed = classification.load()
    if name is not None:
        if class_ or code:
            yield f"{place}: give a `name`, or a `class` and `code`, not both."
        elif name not in plain_names():
            names = ", ".join(plain_names())
            yield f"{place}: no offence is called `{name}`. Use one of {names}, or a `class`."
        return
    if not class_ and not code:
        yield f"{place}: give a `class` such as 8N, a `code` such as 008/06, or a `name` such as assault."
        return
    known_code = code and (listed.normalise(code) or code)
    if code and known_code not in listed.codes and known_code not in traits.DEATH_CODES:
        yield f"{place}: `{code}` is not a code of the offence list. See `opencdi rules list`."
        return
    if class_ is None:
        return
    known_class = listed.normalise(class_) or class_
    if (known_class, None) not in traits.table():
        yield f"{place}: `{class_}` is not a class of the offence list. See `opencdi rules list`."
    elif code and (known_class, known_code) not in traits.table():
        yield f"{place}: code {code} is not of class {class_}. Correct one, or leave the class out."


def _faults_of_facts(facts: Mapping[str, str], place: str) -> Iterator[str]:
    known = {fact.name: fact for fact in (*COLUMNS, *LISTED, *NAMING)}
    for name, value in facts.items():
        if name not in known or name in ("reporter", "victim_sex", "victim_age"):
            yield f"{place}: unknown fact `{name}`. See the list of facts in docs/decide.md."
        elif value != "unknown" and value not in known[name].values:
            allowed = ", ".join(known[name].values)
            yield f"{place}: `{name}` cannot be `{value}`. Use {allowed}, or unknown."
