"""The registrar's desk: leads of the night, officers' questions, advice given, training needs."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opencdi.counting.wording import in_words
from opencdi.errors import UserError
from opencdi.review.accounts.kept import forget_answer, sent_or_kept
from opencdi.review.answers.forms import VersionedForm
from opencdi.review.desk import advice, leads, training
from opencdi.review.desk.forms import AdviceForm, BeginForm, FactForm, LeadForm, MetForm, NeedForm
from opencdi.review.desk.leads import LeadContent
from opencdi.review.desk.models import Question, TrainingNeed
from opencdi.review.desk.standing import standing_to_lead, standing_to_need, standing_to_question
from opencdi.review.desk.wording import KINDS
from opencdi.review.judging.causes import BY_CODE
from opencdi.review.judging.services import StaleFormError
from opencdi.review.late_forms import nothing_lost
from opencdi.review.people.models import Person
from opencdi.review.permitted import permitted, permitted_on
from opencdi.review.policy import Action

SHOWN = 200
"""Leads on one page: those with the nearest deadlines."""


@require_GET
@permitted(Action.USE_DESK)
def desk(request: HttpRequest, person: Person) -> HttpResponse:
    """Leads waiting for a decision, the nearest deadline first."""
    waiting = leads.waiting(person.force)
    return render(
        request,
        "desk/leads.html",
        {
            "leads": [(each, time_left(each.deadline_at)) for each in waiting[:SHOWN]],
            "kinds": KINDS,
            "total": len(waiting),
            "soon": sum(_is_soon(each.deadline_at) for each in waiting),
        },
    )


@require_http_methods(["GET", "POST"])
@permitted_on(Action.DECIDE_LEAD, standing_to_lead)
@nothing_lost("lead")
def lead(request: HttpRequest, person: Person, key: UUID) -> HttpResponseBase:
    """One lead with its words, and the registrar's decision."""
    about = leads.lead_of(person, key)
    form = LeadForm(sent_or_kept(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        leads.decide_lead(person, about, given["says"], given["reason"], given["crime_id"], given["cause"])
        forget_answer(request)
        messages.success(request, _("Your decision is kept."))
        return HttpResponseRedirect(reverse("desk"))
    leads.lead_opened(person, about)
    return render(
        request,
        "desk/lead.html",
        {
            "lead": about,
            "kinds": KINDS,
            "content": LeadContent.model_validate_json(about.content),
            "left": time_left(about.deadline_at),
            "decisions": about.decisions.select_related("person"),
            "form": form,
        },
    )


@require_http_methods(["GET", "POST"])
@permitted(Action.USE_DESK)
def questions(request: HttpRequest, person: Person) -> HttpResponse:
    """Questions asked and advice given, the latest first; and a new one."""
    form = BeginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        begun = advice.ask(person, form.cleaned_data["incident_id"], form.cleaned_data["unit"])
        return _to("question", begun.key)
    asked = Question.objects.filter(force__iexact=person.force) if person.force else Question.objects.none()
    rows = [(each, each.advice.last()) for each in asked.prefetch_related("advice")[:SHOWN]]
    return render(request, "desk/questions.html", {"form": form, "rows": rows})


@require_http_methods(["GET", "POST"])
@permitted_on(Action.GIVE_ADVICE, standing_to_question)
@nothing_lost("question")
def question(request: HttpRequest, person: Person, key: UUID) -> HttpResponseBase:
    """The next fact to ask for; once nothing more matters, what the rules say and the advice."""
    about = advice.question_of(person, key)
    asked = advice.next_asked(about)
    if asked is None:
        return _advised(request, person, about)
    form = FactForm(
        asked, advice.day_of(about), sent_or_kept(request, about.version), initial={"version": about.version}
    )
    if request.method == "POST" and form.is_valid():
        try:
            advice.tell(about, form.cleaned_data["version"], form.told())
        except UserError as told:
            form.add_error("value", str(told))
        else:
            forget_answer(request)
            return _to("question", key)
    return render(request, "desk/question.html", {"form": form, "about": about})


def _advised(request: HttpRequest, person: Person, about: Question) -> HttpResponse:
    form = AdviceForm(sent_or_kept(request, about.version), initial={"version": about.version})
    if request.method == "POST" and form.is_valid():
        advice.advise(person, about, form.cleaned_data["version"], form.cleaned_data["words"])
        forget_answer(request)
        messages.success(request, _("Your advice is kept with the facts and what the rules say."))
        return HttpResponseRedirect(reverse("questions"))
    deadline = advice.deadline_of(about)
    return render(
        request,
        "desk/advice.html",
        {
            "about": about,
            "said": in_words(advice.rules_say(about)),
            "deadline": deadline,
            "left": time_left(deadline),
            "given": about.advice.select_related("person"),
            "form": form,
        },
    )


@require_POST
@permitted_on(Action.GIVE_ADVICE, standing_to_question)
@nothing_lost("question")
def start_again(request: HttpRequest, person: Person, key: UUID) -> HttpResponseBase:
    form = VersionedForm(request.POST)
    if not form.is_valid():
        raise StaleFormError
    advice.start_again(advice.question_of(person, key), form.cleaned_data["version"])
    return _to("question", key)


@require_http_methods(["GET", "POST"])
@permitted(Action.USE_DESK)
def needs(request: HttpRequest, person: Person) -> HttpResponse:
    """Which errors recur in which unit, and what each is to be taught."""
    form = NeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            training.note_need(person, form.cleaned_data["unit"], form.cleaned_data["cause"])
        except UserError as told:
            form.add_error("cause", str(told))
        else:
            messages.success(request, _("The need is noted."))
            return HttpResponseRedirect(reverse("needs"))
    noted = TrainingNeed.objects.filter(force__iexact=person.force) if person.force else []
    rows = [(each, BY_CODE[each.cause].words if each.cause in BY_CODE else each.cause) for each in noted]
    return render(
        request,
        "desk/needs.html",
        {"form": form, "errors": training.errors_by_unit(person.force), "rows": rows},
    )


@require_http_methods(["GET", "POST"])
@permitted_on(Action.DECIDE_LEAD, standing_to_need)
def need_met(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    need = TrainingNeed.objects.get(key=key)
    form = MetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        training.meet_need(person, need, form.cleaned_data["met_on"])
        messages.success(request, _("The need is met."))
        return HttpResponseRedirect(reverse("needs"))
    return render(request, "desk/met.html", {"form": form, "need": need})


def time_left(deadline: datetime | None, now: datetime | None = None) -> str:
    """``in 5 hours``, ``3 hours over``; empty where there is no deadline. Whole hours, rounded down."""
    if deadline is None:
        return ""
    seconds = (deadline - (now or timezone.now())).total_seconds()
    hours = int(abs(seconds) // 3600)
    if hours >= 48:
        days = hours // 24
        if seconds >= 0:
            return ngettext("in %(num)s day", "in %(num)s days", days) % {"num": days}
        return ngettext("%(num)s day over", "%(num)s days over", days) % {"num": days}
    if seconds >= 0:
        return ngettext("in %(num)s hour", "in %(num)s hours", hours) % {"num": hours}
    return ngettext("%(num)s hour over", "%(num)s hours over", hours) % {"num": hours}


def _is_soon(deadline: datetime | None) -> bool:
    return deadline is not None and timedelta(0) <= deadline - timezone.now() <= timedelta(hours=6)


def _to(route: str, key: UUID) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(route, kwargs={"key": key}))
