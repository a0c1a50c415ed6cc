"""The pages of scrutiny panels: calling one, confirming redactions, declaring, scoring, recommending."""

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
from opencdi.review.actions.forms import RecommendationForm
from opencdi.review.actions.services import recommend
from opencdi.review.answers.reading import audits_of
from opencdi.review.answers.standing import standing_to_audit
from opencdi.review.audits.models import Audit
from opencdi.review.judging import wording
from opencdi.review.late_forms import nothing_lost
from opencdi.review.people.models import Person
from opencdi.review.permitted import permitted, permitted_on
from opencdi.review.policy import Action, Role
from opencdi.review.scrutiny import services
from opencdi.review.scrutiny.forms import ConflictForm, PanelForm, RedactionForm, ScoreForm
from opencdi.review.scrutiny.models import Panel, Score
from opencdi.review.scrutiny.standing import standing_to_panel, standing_to_panel_case

RUNNERS = frozenset({Role.REGISTRAR, Role.INSPECTOR})


@require_GET
@permitted(Action.SEE_PANELS)
def panels(request: HttpRequest, person: Person) -> HttpResponse:
    """The panels somebody sits on, and those of the audits they may run panels for."""
    audits = list(audits_of(person)) if person.roles & RUNNERS else []
    return render(
        request,
        "scrutiny/panels.html",
        {
            "own": person.panels.select_related("audit"),
            "run": Panel.objects.filter(audit__in=audits).select_related("audit"),
            "audits": audits,
        },
    )


@require_http_methods(["GET", "POST"])
@permitted_on(Action.RUN_PANEL, standing_to_audit)
def call_panel(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    audit = Audit.objects.get(key=key)
    form = PanelForm(sent_or_kept(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            panel = services.call_panel(
                audit, given["kind"], given["meets_on"], list(given["members"]), given["most"], person
            )
        except UserError as told:
            form.add_error(None, str(told))
        else:
            forget_answer(request)
            messages.success(
                request, _("The cases are drawn. Confirm each redaction before the panel meets.")
            )
            return _to("run_panel", panel.key)
    return render(request, "scrutiny/call.html", {"form": form, "audit": audit})


@require_GET
@permitted_on(Action.RUN_PANEL, standing_to_panel)
def run_panel(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    """The cases of a panel with their redactions, and what the members said."""
    panel = Panel.objects.select_related("audit").get(key=key)
    cases = [(one, services.latest_scores(one)) for one in panel.cases.all()]
    return render(
        request,
        "scrutiny/run.html",
        {"panel": panel, "cases": cases, "members": panel.members.order_by("name"), "values": Score.Value},
    )


@require_http_methods(["GET", "POST"])
@permitted_on(Action.RUN_PANEL, standing_to_panel_case)
@nothing_lost("redact")
def redact(request: HttpRequest, person: Person, key: UUID) -> HttpResponseBase:
    """Check what was blanked, blank what is left, and confirm it."""
    one = services.case_of(key)
    if one.confirmed_at is not None:
        return _to("run_panel", one.panel.key)
    form = RedactionForm(
        sent_or_kept(request, one.version), initial={"version": one.version, "words": one.redacted}
    )
    if request.method == "POST" and form.is_valid():
        services.confirm_redaction(person, key, form.cleaned_data["version"], form.cleaned_data["words"])
        forget_answer(request)
        messages.success(request, _("The panel can see case %(number)s now.") % {"number": one.number})
        return _to("run_panel", one.panel.key)
    services.case_opened(person, one)
    return render(request, "scrutiny/redact.html", {"form": form, "one": one, "log": one.case.material.log})


@require_GET
@permitted_on(Action.SIT_ON_PANEL, standing_to_panel)
def panel(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    """A member's own view: declare first, then the cases they may see and how they scored them."""
    about = Panel.objects.select_related("audit").get(key=key)
    if not services.has_declared(person, about):
        return _to("declare", key)
    cases = [
        (one, services.may_see(person, one), one.scores.filter(person=person).last())
        for one in about.cases.all()
    ]
    return render(request, "scrutiny/panel.html", {"panel": about, "cases": cases})


@require_http_methods(["GET", "POST"])
@permitted_on(Action.SIT_ON_PANEL, standing_to_panel)
def declare(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    about = Panel.objects.select_related("audit").get(key=key)
    form = ConflictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.declare(person, about, form.cleaned_data["has_conflict"])
        return _to("panel", key)
    return render(request, "scrutiny/declare.html", {"form": form, "panel": about})


@require_http_methods(["GET", "POST"])
@permitted_on(Action.SIT_ON_PANEL, standing_to_panel_case)
def panel_case(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    """One redacted case with its verdicts, and the member's score."""
    one = services.case_of(key)
    last = one.scores.filter(person=person).last()
    initial = {"value": last.value, "remark": last.remark} if last else {}
    form = ScoreForm(sent_or_kept(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        services.score(person, one, form.cleaned_data["value"], form.cleaned_data["remark"])
        forget_answer(request)
        messages.success(request, _("Your score of case %(number)s is kept.") % {"number": one.number})
        return _to("panel", one.panel.key)
    services.case_opened(person, one)
    return render(
        request,
        "scrutiny/case.html",
        {"form": form, "one": one, "verdicts": services.verdicts_of(one), "words": wording},
    )


@require_http_methods(["GET", "POST"])
@permitted_on(Action.SIT_ON_PANEL, standing_to_panel_case)
def declare_on_case(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    """Step back from one case."""
    one = services.case_of(key)
    if request.method == "POST":
        services.declare(person, one.panel, True, one)
        messages.success(request, _("You do not see case %(number)s any more.") % {"number": one.number})
        return _to("panel", one.panel.key)
    return render(request, "scrutiny/step_back.html", {"one": one})


@require_http_methods(["GET", "POST"])
@permitted_on(Action.SIT_ON_PANEL, standing_to_panel)
def panel_recommends(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    about = Panel.objects.select_related("audit").get(key=key)
    if not services.has_declared(person, about):
        raise Http404
    form = RecommendationForm(sent_or_kept(request))
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = form.cleaned_data
        recommend(about.audit, given["what"], person, given["cause"], from_panel=True)
        forget_answer(request)
        messages.success(request, _("The force names who owns it, and by when."))
        return _to("panel", key)
    return render(request, "scrutiny/recommend.html", {"form": form, "panel": about})


def _to(route: str, key: UUID) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(route, kwargs={"key": key}))
