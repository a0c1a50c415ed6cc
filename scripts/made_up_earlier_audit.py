"""An earlier audit for a demonstration, judged and settled, so that every role finds something to do.

``python scripts/made_up_earlier_audit.py ROOM KNOWN FORCE`` takes the known cases of the made-up force as
that audit's sample, which is where a force has its known cases from. Two people who read for it and read no
more judged it; the force has answered some of its verdicts, and some wait for it.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencdi.review.answers.models import AdverseVerdict
    from opencdi.review.audits.models import Audit
    from opencdi.review.judging.answers import Answers
    from opencdi.review.people.models import Person
    from opencdi.review.quality.known_cases import KnownCase

NAME = "thamesmere-earlier"
DAYS_TO_ANSWER = 21
READERS = (("Mia Dunn", "mia"), ("Noor Hale", "noor"))


def main(room: Path, known: Path, force: str) -> None:
    os.environ["OPENCDI_REVIEW_DEMO"] = str(room)
    os.environ["DJANGO_SETTINGS_MODULE"] = "opencdi.review.project.demo"
    import django

    django.setup()
    from django.db import transaction

    from opencdi.review.audits.models import Audit
    from opencdi.review.project.demonstration import add_people
    from opencdi.review.quality.known_cases import read_known_cases

    if Audit.objects.filter(name=NAME).exists():
        return
    with transaction.atomic():
        audit = _judged(read_known_cases(known), force)
        add_people(force)
        _answered(audit)
    print(f"An earlier audit, {NAME}, is judged and waits for the force's answers.")


def _judged(cases: list[KnownCase], force: str) -> Audit:
    """Both readers say what is true of each case, and every case is settled."""
    from opencdi.review.adjudication.settling import sign_off
    from opencdi.review.audits.folder import DrawnSample, Log
    from opencdi.review.audits.loading import load
    from opencdi.review.audits.models import Assignment
    from opencdi.review.audits.services import assign_readers
    from opencdi.review.judging.reading import case_to_read
    from opencdi.review.judging.services import save, submit
    from opencdi.review.people.services import add_person, end, grant
    from opencdi.review.policy import Role

    readers = [add_person(f"{first}@demo.invalid", name) for name, first in READERS]
    roles = [grant(each, Role.AUDITOR) for each in readers]
    drawn = DrawnSample(
        name=NAME,
        force=force,
        first_day=None,
        last_day=None,
        edition="by-date",
        commitment="0" * 64,
        frame_sha256="0" * 64,
        sample_sha256="0" * 64,
        purpose="sample",
        logs=tuple(Log(each.facts, each.log) for each in cases),
        findings={},
    )
    audit = load(drawn, reread_chance=Decimal(0)).audit
    assign_readers(audit)
    truths = {each.facts.incident_id: _with_words(each) for each in cases}
    for reading in Assignment.objects.filter(case__audit=audit).select_related("case", "person"):
        seen = case_to_read(reading.person, reading.key)
        assert seen is not None
        save(reading.person, reading.key, seen.version, truths[reading.case.incident_id])
        submit(reading.person, reading.key, seen.version + 1)
    for each, role in zip(readers, roles, strict=True):
        sign_off(each)
        end(role)
    return audit


def _with_words(case: KnownCase) -> Answers:
    """The truth with the first line of the log as what it rests on, and a cause, as a reader gives them."""
    line = len(case.log.splitlines()[0]) if case.log.strip() else 0
    crimes = tuple(
        crime.model_copy(
            update={
                "cause": crime.cause or ("" if crime.in_time == "yes" else "not_clear"),
                "spans": () if crime.is_on_record or not line else ((0, line),),
            }
        )
        for crime in case.truth.crimes
    )
    return case.truth.model_copy(update={"crimes": crimes})


def _answered(audit: Audit) -> None:
    """One verdict accepted and put right, one disputed, one dispute decided; the others wait."""
    from django.utils import timezone

    from opencdi.review.actions import services as actions
    from opencdi.review.answers import services as answers
    from opencdi.review.answers.models import AdverseVerdict
    from opencdi.review.policy import Role

    lead, inspector, registrar = map(_in_role, (Role.FORCE_LEAD, Role.INSPECTOR, Role.REGISTRAR))
    today = timezone.localdate()
    answers.open_answers(audit, today + timedelta(days=DAYS_TO_ANSWER), inspector)
    found = AdverseVerdict.objects.filter(verdict__settlement__case__audit=audit).order_by("pk")
    accepted, disputed, decided = found[:3]
    answers.accept(lead, accepted.key, accepted.version)
    answers.correct(
        registrar, accepted.key, _version(accepted), "42/99001/26", today, "Recorded after the audit."
    )
    answers.dispute(lead, disputed.key, disputed.version, "The log was closed as a repeat of another.", [])
    answers.dispute(lead, decided.key, decided.version, "The caller withdrew the report.", [])
    answers.decide(
        inspector, decided.key, _version(decided), decided.verdict.verdict, "No withdrawal stands."
    )
    first = actions.recommend(
        audit, "Check each log that is closed without a crime on the day it is closed.", inspector
    )
    actions.take_on(lead, first.key, first.version, "Head of contact management", today + timedelta(days=60))
    actions.recommend(audit, "Teach the control room what a report by a third person needs.", registrar)
    actions.explain(audit, "The control room was short of people in the weeks that were audited.", lead)
    _call_a_panel(audit, inspector)


def _call_a_panel(audit: Audit, inspector: Person) -> None:
    """On rape or on domestic abuse, whichever the settled cases have; none where they have neither."""
    from django.utils import timezone

    from opencdi.errors import UserError
    from opencdi.review.policy import Role
    from opencdi.review.scrutiny import services as scrutiny
    from opencdi.review.scrutiny.models import Panel

    for kind in Panel.Kind.values:
        try:
            panel = scrutiny.call_panel(
                audit,
                kind,
                timezone.localdate() + timedelta(days=14),
                [_in_role(Role.PANEL_MEMBER)],
                3,
                inspector,
            )
        except UserError:
            continue
        for one in panel.cases.all():
            scrutiny.confirm_redaction(inspector, one.key, one.version, one.redacted)
        return


def _in_role(role: str) -> Person:
    from opencdi.review.people.models import Person

    return Person.objects.get(memberships__role=role, memberships__ended_at__isnull=True)


def _version(verdict: AdverseVerdict) -> int:
    verdict.refresh_from_db()
    return verdict.version


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
