"""A made-up audit whose every case is settled, with what follows: answers, actions, a panel, the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests.review.made_up import (
    crimes,
    found,
    judge,
    loaded,
    log,
    missing,
    number_of,
    readings,
    record,
    sample,
    sign,
)

from opencdi.review.actions import services as actions
from opencdi.review.answers import services as answers
from opencdi.review.answers.models import AdverseVerdict
from opencdi.review.audits.models import Audit
from opencdi.review.desk import advice, leads, training
from opencdi.review.desk.models import Lead, TrainingNeed
from opencdi.review.judging.answers import Answers
from opencdi.review.people.models import Person
from opencdi.review.policy import Role
from opencdi.review.scrutiny import services as scrutiny
from opencdi.review.scrutiny.models import Panel

AWAITING, DISPUTED, UPHELD, CORRECTED = range(1, 5)
RECOMMENDED, OPEN, DONE, CLOSED = range(1, 5)

RAPE_LOG = """21:40 MS ZYLBERG OF 14 HARTLEY ROAD STATES HER EX PARTNER DUNSTAN RAPED HER LAST NIGHT.
21:44 SHE IS WITH A FRIEND. 07700 900123. WANTS TO SPEAK TO A WOMAN.
22:10 OFFICER ATTENDED. SHE DOES NOT WISH TO SUPPORT A PROSECUTION AT THIS TIME."""


@dataclass(frozen=True)
class Aftermath:
    """Keys under which the pages are reached, by state."""

    audit: UUID
    not_asked: UUID
    """An audit that is settled and whose force has not been asked yet."""
    verdicts: dict[int, UUID]
    evidence: tuple[UUID, UUID]
    """A verdict, and a file given with an answer to it."""
    actions: dict[int, UUID]
    panel: UUID
    undeclared_panel: UUID
    unconfirmed_case: UUID
    panel_case: UUID
    lead: UUID
    asking: UUID
    advised: UUID
    need: UUID

    def a_few(self) -> list[UUID]:
        """One key of each kind."""
        few = (self.audit, self.verdicts[AWAITING], self.actions[OPEN], self.panel, self.panel_case)
        return [*few, self.lead, self.asking, self.need]

    def keys_of(self, role: Role) -> set[UUID]:
        """The keys by which somebody in this role opens pages."""
        audited = {
            self.audit,
            self.not_asked,
            *self.verdicts.values(),
            *self.evidence,
            *self.actions.values(),
        }
        panels = {self.panel, self.undeclared_panel, self.unconfirmed_case, self.panel_case}
        return {
            Role.INSPECTOR: audited | panels,
            Role.ADMINISTRATOR: {self.audit, self.not_asked},
            Role.FORCE_LEAD: audited,
            Role.REGISTRAR: audited | panels | {self.lead, self.asking, self.advised, self.need},
            Role.PANEL_MEMBER: {self.panel, self.undeclared_panel, self.panel_case},
        }.get(role, set())


def built(people: dict[Role, Person]) -> Aftermath:
    """All of it, in the database at hand; ``people`` are those of ``world``."""
    audit = _settled_audit("testshire-2025")
    not_asked = _settled_audit("testshire-2024")
    inspector, lead, registrar = (people[each] for each in (Role.INSPECTOR, Role.FORCE_LEAD, Role.REGISTRAR))
    answers.open_answers(audit, timezone.localdate() + timedelta(days=21), inspector)
    verdicts = {
        number: adverse.key
        for number, adverse in enumerate(
            AdverseVerdict.objects.order_by("verdict__settlement__case__incident_id"), 1
        )
    }
    evidence = _answered(verdicts, lead, inspector, registrar)
    actions.explain(
        audit, "We had too few people in the control room from May to July.\nWe have hired ten.", lead
    )
    panel, undeclared = (
        scrutiny.call_panel(
            audit,
            Panel.Kind.RAPE,
            timezone.localdate() + timedelta(days=9),
            [people[Role.PANEL_MEMBER]],
            2,
            inspector,
        )
        for _ in range(2)
    )
    shown, hidden = panel.cases.all()
    scrutiny.confirm_redaction(inspector, shown.key, 1, shown.redacted)
    scrutiny.declare(people[Role.PANEL_MEMBER], panel, has_conflict=False)
    scrutiny.score(
        people[Role.PANEL_MEMBER],
        scrutiny.case_of(shown.key),
        3,
        "The wish of the victim decided, not the rules.",
    )
    leads.take_in("Testshire", [_lead(number) for number in range(1, 6)])
    training.note_need(registrar, "North", "rules_public_order")
    return Aftermath(
        audit=audit.key,
        not_asked=not_asked.key,
        verdicts=verdicts,
        evidence=(verdicts[DISPUTED], evidence),
        actions=_actions(audit, inspector, lead),
        panel=panel.key,
        undeclared_panel=undeclared.key,
        unconfirmed_case=hidden.key,
        panel_case=shown.key,
        lead=Lead.objects.order_by("pk")[0].key,
        asking=_asking(registrar),
        advised=_advised(registrar),
        need=TrainingNeed.objects.get().key,
    )


def _settled_audit(name: str) -> Audit:
    """Four reports of rape that were not recorded, or recorded late, and one that was."""
    logs = [
        log(
            number,
            record(number, class_code="19C"),
            text=RAPE_LOG,
            people=("ZYLBERG", "DUNSTAN"),
            unit="North",
        )
        for number in range(1, 6)
    ]
    audit = loaded(sample(*logs, name=name))
    everybody = readings(audit)
    for each in everybody:
        judge(each.person, each.key, _answer(number_of(each.case.incident_id)))
    sign(*{each.person for each in everybody})
    return audit


def _answer(number: int) -> Answers:
    rape = {"class_code": "19C", "cause": "workload"}
    if number == 5:
        return crimes(found(number, class_code="19C"))
    if number == 4:
        return crimes(found(number, in_time="no", **rape))
    return crimes(missing("19C", spans=((6, 16),), cause="rules_n100"))


def _answered(verdicts: dict[int, UUID], lead: Person, inspector: Person, registrar: Person) -> UUID:
    """Verdicts brought to each standing; the key of a file given with an answer."""
    memo = SimpleUploadedFile("memo.pdf", b"%PDF-1.4 made up")
    answers.dispute(
        lead, verdicts[DISPUTED], 1, "The caller took it back at 22:30, which the log shows.", [memo]
    )
    answers.dispute(lead, verdicts[UPHELD], 1, "It was recorded under another number.")
    answers.decide(
        inspector, verdicts[UPHELD], 2, AdverseVerdict.objects.get(key=verdicts[UPHELD]).verdict.stands, "No."
    )
    answers.accept(lead, verdicts[CORRECTED], 1)
    answers.correct(
        registrar, verdicts[CORRECTED], 2, "42/00999/26", timezone.localdate(), "Recorded after the audit."
    )
    return AdverseVerdict.objects.get(key=verdicts[DISPUTED]).answers.get().files.get().key


def _actions(audit: Audit, inspector: Person, lead: Person) -> dict[int, UUID]:
    """An action in each state."""
    due = timezone.localdate() + timedelta(days=60)
    what = (
        "Ask the registrar before a report of rape is closed without a crime.",
        "Check every log closed with a code that is no crime, each day.",
        "Teach the counting rules on N100 to all who close logs.",
        "Tell each victim in writing that a crime was cancelled.",
    )
    made = [actions.recommend(audit, words, inspector, "rules_n100") for words in what]
    for action in made[1:]:
        actions.take_on(lead, action.key, 1, "Head of contact management", due)
    for action in made[2:]:
        actions.add_evidence(lead, action.key, 2, "The courses were held in March.")
        actions.say_done(lead, action.key, 3)
    actions.close(inspector, made[3].key, 4, "Twenty letters seen.")
    return dict(zip((RECOMMENDED, OPEN, DONE, CLOSED), (each.key for each in made), strict=True))


def _lead(number: int) -> dict[str, object]:
    return {
        "finding_id": f"F{number}",
        "incident_id": f"TS-{9000 + number}",
        "kind": ("missing", "late", "wrong_class", "paperwork", "cannot_tell")[number - 1],
        "class_required": "8N",
        "class_recorded": None,
        "crime_id": None,
        "seriousness": 100 - number,
        "deadline_at": timezone.now() + timedelta(hours=4 * number - 6),
        "explanation": "The log describes an assault with injury and no crime was recorded.",
        "settles": "Was the report withdrawn, and on what grounds?",
        "edition": "2026-04",
        "unit": "North",
        "narrative": RAPE_LOG,
    }


def _asking(registrar: Person) -> UUID:
    question = advice.ask(registrar, "TS-9001", "North")
    advice.tell(question, 1, "2026-05-04T09:30:00")
    return question.key


def _advised(registrar: Person) -> UUID:
    """Every fact told, and advice given."""
    question = advice.ask(registrar, "TS-9002", "North")
    told = {
        "When was the report received?": "2026-05-04T09:30:00",
        "Which offence does the report describe?": "8N",
    }
    while asked := advice.next_asked(question):
        plain = next(
            (each for each in ("victim", "no") if each in asked.values),
            "none" if asked.place == ("flags",) else "1",
        )
        advice.tell(
            question,
            question.version,
            told.get(asked.words, plain if plain in asked.values or not asked.values else asked.values[0]),
        )
    advice.advise(
        registrar, question, question.version, "Record one assault with injury before 10:30 tomorrow."
    )
    return question.key
