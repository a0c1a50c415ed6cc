"""The pages about what comes of an audit: errors by cause, recommendations and actions, the explanation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opencdi.errors import UserError
from opencdi.review.accounts.kept import forget_answer, sent_or_kept
from opencdi.review.actions import services
from opencdi.review.actions.causes import errors_by_cause
from opencdi.review.actions.forms import (
    EvidenceForm,
    ExplanationForm,
    OwnerForm,
    ReasonForm,
    RecommendationForm,
)
from opencdi.review.actions.models import Action, ActionStep
from opencdi.review.actions.publication import owner_and_day
from opencdi.review.actions.states import ActionState, Move, moves_from
from opencdi.review.answers.forms import VersionedForm
from opencdi.review.answers.reading import audits_of
from opencdi.review.answers.services import file_opened
from opencdi.review.answers.standing import standing_to_audit
from opencdi.review.audits.models import Audit
from opencdi.review.files.kinds import NotTakenError
from opencdi.review.files.models import StoredFile
from opencdi.review.files.storing import as_attachment
from opencdi.review.judging.causes import BY_CODE
from opencdi.review.judging.services import StaleFormError
from opencdi.review.judging.standing import side_of
from opencdi.review.late_forms import nothing_lost
from opencdi.review.people.models import Person
from opencdi.review.permitted import permitted, permitted_on
from opencdi.review.policy import Action as Doing
from opencdi.review.policy import Standing, allowed

STATES: dict[str, str | Promise] = {
    ActionState.RECOMMENDED: gettext_lazy("Recommended"),
    ActionState.OPEN: gettext_lazy("Open"),
    ActionState.DONE: gettext_lazy("Said to be done"),
    ActionState.CLOSED: gettext_lazy("Closed"),
}

MOVES: dict[str, str | Promise] = {
    Move.TAKEN_ON: gettext_lazy("Given an owner and a day"),
    Move.EVIDENCE_ADDED: gettext_lazy("Evidence added"),
    Move.SAID_DONE: gettext_lazy("Said to be done"),
    Move.CLOSED: gettext_lazy("Checked and closed"),
    Move.SENT_BACK: gettext_lazy("Checked and sent back"),
    Move.REOPENED: gettext_lazy("Opened again"),
}

FORCE_MOVES = (Move.TAKEN_ON, Move.EVIDENCE_ADDED, Move.SAID_DONE)
CHECKING_MOVES = (Move.CLOSED, Move.SENT_BACK, Move.REOPENED)


def standing_to_action(person: Person, key: UUID) -> Standing | None:
    force = Action.objects.filter(key=key).values_list("audit__force", flat=True).first()
    return None if force is None else Standing(side=side_of(person, force))


@require_GET
@permitted(Doing.SEE_ACTIONS)
def audits(request: HttpRequest, person: Person) -> HttpResponse:
    """Audits with their actions by state."""
    seen = list(audits_of(person))
    counts = {audit.key: _counts(audit) for audit in seen}
    return render(request, "actions/audits.html", {"audits": seen, "counts": counts, "states": STATES})


@require_GET
@permitted_on(Doing.READ_ACTIONS, standing_to_audit)
def audit_actions(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    """What went wrong why, what is to be done about it, and what the force says."""
    audit = Audit.objects.get(key=key)
    standing = standing_to_audit(person, key) or Standing()
    return render(
        request,
        "actions/audit.html",
        {
            "audit": audit,
            "causes": errors_by_cause(audit),
            "actions": [(each, *owner_and_day(each)) for each in audit.actions.all()],
            "explanation": audit.explanations.last(),
            "states": STATES,
            "today": timezone.localdate(),
            "may_recommend": allowed(person.roles, Doing.RECOMMEND, standing),
            "may_explain": allowed(person.roles, Doing.EXPLAIN_FIGURES, standing),
        },
    )


@require_http_methods(["GET", "POST"])
@permitted_on(Doing.RECOMMEND, standing_to_audit)
def recommend(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    audit = Audit.objects.get(key=key)
    form = RecommendationForm(sent_or_kept(request))
    if request.method == "POST" and form.is_valid():
        services.recommend(audit, form.cleaned_data["what"], person, form.cleaned_data["cause"])
        forget_answer(request)
        messages.success(request, _("The force sees your recommendation and names who owns it."))
        return _to("audit_actions", key)
    return render(request, "actions/recommend.html", {"form": form, "audit": audit})


@require_http_methods(["GET", "POST"])
@permitted_on(Doing.EXPLAIN_FIGURES, standing_to_audit)
def explain(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    audit = Audit.objects.get(key=key)
    last = audit.explanations.last()
    form = ExplanationForm(sent_or_kept(request), initial={"words": last.words if last else ""})
    if request.method == "POST" and form.is_valid():
        services.explain(audit, form.cleaned_data["words"], person)
        forget_answer(request)
        messages.success(request, _("Your explanation is kept and goes into the next release."))
        return _to("audit_actions", key)
    return render(request, "actions/explain.html", {"form": form, "audit": audit})


@require_GET
@permitted_on(Doing.READ_ACTIONS, standing_to_action)
def action(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    """One action with all that happened to it."""
    return render(request, "actions/action.html", _about(person, services.action_of(key)))


@require_http_methods(["GET", "POST"])
@permitted_on(Doing.WORK_ON_ACTION, standing_to_action)
@nothing_lost("action")
def take_on(request: HttpRequest, person: Person, key: UUID) -> HttpResponseBase:
    owner, due_on = owner_and_day(services.action_of(key))

    def do(form: VersionedForm) -> None:
        given = form.cleaned_data
        services.take_on(person, key, given["version"], given["owner"], given["due_on"])

    return _step(
        request, person, key, OwnerForm, do, _("Who owns it, and by when"), {"owner": owner, "due_on": due_on}
    )


@require_http_methods(["GET", "POST"])
@permitted_on(Doing.WORK_ON_ACTION, standing_to_action)
@nothing_lost("action")
def add_evidence(request: HttpRequest, person: Person, key: UUID) -> HttpResponseBase:
    def do(form: VersionedForm) -> None:
        given = form.cleaned_data
        files = [given["file"]] if given["file"] else []
        services.add_evidence(person, key, given["version"], given["words"], files)

    return _step(request, person, key, EvidenceForm, do, _("Add evidence"))


@require_POST
@permitted_on(Doing.WORK_ON_ACTION, standing_to_action)
@nothing_lost("action")
def say_done(request: HttpRequest, person: Person, key: UUID) -> HttpResponseBase:
    form = VersionedForm(request.POST)
    if not form.is_valid():
        raise StaleFormError
    try:
        services.say_done(person, key, form.cleaned_data["version"])
    except UserError as told:
        messages.error(request, str(told))
    else:
        messages.success(request, _("Somebody who did not work on it checks it now."))
    return _to("action", key)


@require_http_methods(["GET", "POST"])
@permitted_on(Doing.CHECK_ACTION, standing_to_action)
@nothing_lost("action")
def check(request: HttpRequest, person: Person, key: UUID, move: str) -> HttpResponseBase:
    """Close it, send it back, or open it again, with the reason."""
    services_by_move: dict[str, tuple[Callable[..., None], str]] = {
        Move.CLOSED: (services.close, _("Check and close")),
        Move.SENT_BACK: (services.send_back, _("Send it back")),
        Move.REOPENED: (services.reopen, _("Open it again")),
    }
    if move not in services_by_move:
        raise Http404
    service, title = services_by_move[move]

    def do(form: VersionedForm) -> None:
        service(person, key, form.cleaned_data["version"], form.cleaned_data["words"])

    return _step(request, person, key, ReasonForm, do, title)


@require_GET
@permitted_on(Doing.READ_ACTIONS, standing_to_action)
def action_file(request: HttpRequest, person: Person, key: UUID, file: UUID) -> HttpResponse:
    if not ActionStep.objects.filter(action__key=key, files__key=file).exists():
        raise Http404
    stored = StoredFile.objects.get(key=file)
    file_opened(person, stored)
    return as_attachment(stored)


def _step(
    request: HttpRequest,
    person: Person,
    key: UUID,
    kind: type[VersionedForm],
    do: Callable[[Any], None],
    title: str,
    initial: dict[str, Any] | None = None,
) -> HttpResponse:
    about = services.action_of(key)
    form = kind(
        sent_or_kept(request, about.version),
        request.FILES or None,
        initial={**(initial or {}), "version": about.version},
    )
    if request.method == "POST" and form.is_valid():
        try:
            do(form)
        except (UserError, NotTakenError) as told:
            form.add_error(None, str(told))
        else:
            forget_answer(request)
            return _to("action", key)
    return render(request, "actions/step.html", {**_about(person, about), "form": form, "title": title})


def _about(person: Person, about: Action) -> dict[str, Any]:
    standing = Standing(side=side_of(person, about.audit.force))
    open_moves = moves_from(ActionState(about.state))
    works = allowed(person.roles, Doing.WORK_ON_ACTION, standing)
    checks = allowed(person.roles, Doing.CHECK_ACTION, standing) and person not in services.people_of(
        about.key
    )
    owner, due_on = owner_and_day(about)
    return {
        "action": about,
        "owner": owner,
        "due_on": due_on,
        "is_late": about.state == ActionState.OPEN and due_on is not None and due_on < timezone.localdate(),
        "cause": BY_CODE[about.cause].words if about.cause in BY_CODE else "",
        "steps": about.steps.select_related("person").prefetch_related("files"),
        "states": STATES,
        "moves": MOVES,
        "can": [each for each in FORCE_MOVES if works and each in open_moves]
        + [each for each in CHECKING_MOVES if checks and each in open_moves],
    }


def _counts(audit: Audit) -> dict[str, int]:
    states = list(audit.actions.values_list("state", flat=True))
    return {state: states.count(state) for state in STATES}


def _to(route: str, key: UUID) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(route, kwargs={"key": key}))
