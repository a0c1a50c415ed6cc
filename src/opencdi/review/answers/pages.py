"""The pages of the force's answers: which verdicts, one verdict, answering, deciding, putting right."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from opencdi.errors import UserError
from opencdi.review.accounts.kept import forget_answer, sent_or_kept
from opencdi.review.answers import reading, services
from opencdi.review.answers.forms import ACCEPT, AnswerForm, CorrectionForm, DeadlineForm, DecisionForm
from opencdi.review.answers.models import ForceAnswer
from opencdi.review.answers.reading import STANDINGS, Matter
from opencdi.review.answers.standing import standing_to_adverse, standing_to_audit
from opencdi.review.answers.states import Step
from opencdi.review.audits.models import Audit
from opencdi.review.files.kinds import NotTakenError
from opencdi.review.files.models import StoredFile
from opencdi.review.files.storing import as_attachment
from opencdi.review.judging import wording
from opencdi.review.judging.causes import BY_CODE
from opencdi.review.judging.services import StaleFormError
from opencdi.review.judging.words import marked_lines
from opencdi.review.late_forms import nothing_lost
from opencdi.review.people.models import Person
from opencdi.review.permitted import permitted, permitted_on
from opencdi.review.policy import Action, Standing, allowed
from opencdi.review.shell.forms import PlainForm


@require_GET
@permitted(Action.SEE_ANSWERS)
def answers(request: HttpRequest, person: Person) -> HttpResponse:
    """Which audits ask for answers, or have them."""
    lines = reading.audits_for(person)
    return render(request, "answers/audits.html", {"audits": lines, "standings": STANDINGS})


@require_GET
@permitted_on(Action.READ_ADVERSE_VERDICT, standing_to_audit)
def audit_answers(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    """The adverse verdicts of one audit."""
    audit = Audit.objects.get(key=key)
    rows = [(each, reading.stands_now(each)) for each in reading.verdicts_of(audit)]
    return render(
        request,
        "answers/audit.html",
        {
            "audit": audit,
            "rows": rows,
            "deadline": services.deadline_of(audit),
            "is_open": services.is_open_for_answers(audit),
            "may_ask": allowed(
                person.roles, Action.ASK_FOR_ANSWERS, standing_to_audit(person, key) or _NOBODY
            ),
            "standings": STANDINGS,
            "words": wording,
        },
    )


@require_http_methods(["GET", "POST"])
@permitted_on(Action.ASK_FOR_ANSWERS, standing_to_audit)
def ask_for_answers(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    """Ask the force, or give it more time."""
    audit = Audit.objects.get(key=key)
    form = DeadlineForm(sent_or_kept(request))
    if request.method == "POST" and form.is_valid():
        asked = services.deadline_of(audit) is not None
        do = services.extend_deadline if asked else services.open_answers
        try:
            do(audit, form.cleaned_data["last_day"], person)
        except UserError as told:
            form.add_error("last_day", str(told))
        else:
            forget_answer(request)
            messages.success(request, _("The force has until the end of that day."))
            return _to("audit_answers", key)
    return render(
        request,
        "answers/deadline.html",
        {"form": form, "audit": audit, "deadline": services.deadline_of(audit)},
    )


@require_GET
@permitted_on(Action.READ_ADVERSE_VERDICT, standing_to_adverse)
def adverse_verdict(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    """One verdict with its log and what was said of it."""
    return _shown(request, person, reading.matter(key), None)


@require_http_methods(["GET", "POST"])
@permitted_on(Action.ANSWER_VERDICT, standing_to_adverse)
@nothing_lost("adverse_verdict")
def answer_verdict(request: HttpRequest, person: Person, key: UUID) -> HttpResponseBase:
    matter = reading.matter(key)
    _refuse_closed(matter, Step.ACCEPTED, Step.DISPUTED)
    form = AnswerForm(
        sent_or_kept(request, matter.version), request.FILES or None, initial={"version": matter.version}
    )
    if request.method == "POST" and form.is_valid() and _answered(person, key, form):
        forget_answer(request)
        messages.success(request, _("Your answer has been kept. You can add to it until the deadline."))
        return _to("adverse_verdict", key)
    return _shown(request, person, matter, form)


def _answered(person: Person, key: UUID, form: AnswerForm) -> bool:
    given = form.cleaned_data
    if given["says"] == ACCEPT:
        services.accept(person, key, given["version"])
        return True
    files = [given["file"]] if given["file"] else []
    try:
        services.dispute(person, key, given["version"], given["reason"], files)
    except NotTakenError as told:
        form.add_error("file", str(told))
        return False
    return True


@require_http_methods(["GET", "POST"])
@permitted_on(Action.DECIDE_DISPUTE, standing_to_adverse)
@nothing_lost("adverse_verdict")
def decide_dispute(request: HttpRequest, person: Person, key: UUID) -> HttpResponseBase:
    matter = reading.matter(key)
    _refuse_closed(matter, Step.UPHELD, Step.CHANGED)
    form = DecisionForm(
        matter.verdict, sent_or_kept(request, matter.version), initial={"version": matter.version}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        services.decide(person, key, given["version"], given["verdict"], given["reason"])
        forget_answer(request)
        messages.success(request, _("Your decision stands. The force can read it."))
        return _to("adverse_verdict", key)
    return _shown(request, person, matter, form)


@require_http_methods(["GET", "POST"])
@permitted_on(Action.CORRECT_RECORD, standing_to_adverse)
@nothing_lost("adverse_verdict")
def correct_record(request: HttpRequest, person: Person, key: UUID) -> HttpResponseBase:
    matter = reading.matter(key)
    _refuse_closed(matter, Step.CORRECTED)
    form = CorrectionForm(sent_or_kept(request, matter.version), initial={"version": matter.version})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        services.correct(
            person, key, given["version"], given["crime_id"], given["corrected_on"], given["note"]
        )
        forget_answer(request)
        messages.success(request, _("This verdict is closed: the record has been put right."))
        return _to("adverse_verdict", key)
    return _shown(request, person, matter, form)


@require_GET
@permitted_on(Action.READ_ADVERSE_VERDICT, standing_to_adverse)
def evidence(request: HttpRequest, person: Person, key: UUID, file: UUID) -> HttpResponse:
    """A file the force gave with an answer to this verdict."""
    answer = ForceAnswer.objects.filter(about__key=key, files__key=file).first()
    if answer is None:
        raise Http404
    stored = StoredFile.objects.get(key=file)
    services.file_opened(person, stored)
    return as_attachment(stored)


_NOBODY = Standing()

_TEMPLATES: dict[type[PlainForm], str] = {
    AnswerForm: "answers/answer.html",
    DecisionForm: "answers/decide.html",
    CorrectionForm: "answers/correct.html",
}


def _shown(request: HttpRequest, person: Person, matter: Matter, form: PlainForm | None) -> HttpResponse:
    services.log_opened(person, matter.key)
    standing = standing_to_adverse(person, matter.key)
    may = {
        action: standing is not None and allowed(person.roles, action, standing)
        for action in (Action.ANSWER_VERDICT, Action.DECIDE_DISPUTE, Action.CORRECT_RECORD)
    }
    context: dict[str, Any] = {
        "matter": matter,
        "case": matter,
        "log_lines": marked_lines(matter.log, matter.answer.spans),
        "timeline": matter.facts.timeline(),
        "words": wording,
        "standings": STANDINGS,
        "cause": BY_CODE[matter.answer.cause].words if matter.answer.cause else "",
        "can_answer": may[Action.ANSWER_VERDICT] and Step.DISPUTED in matter.open_steps,
        "can_decide": may[Action.DECIDE_DISPUTE] and Step.UPHELD in matter.open_steps,
        "can_correct": may[Action.CORRECT_RECORD] and Step.CORRECTED in matter.open_steps,
        "form": form,
    }
    return render(request, _TEMPLATES[type(form)] if form else "answers/verdict.html", context)


def _refuse_closed(matter: Matter, *steps: Step) -> None:
    if not matter.open_steps & set(steps):
        raise StaleFormError


def _to(route: str, key: UUID) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(route, kwargs={"key": key}))
