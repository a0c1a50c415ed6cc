"""The pages of an auditor: queue, content warning, reading and judging, checking, signing off.

What they show comes from ``judging.reading`` alone, which knows nothing of anybody else.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opencdi.review.accounts.kept import forget_answer, sent_or_kept
from opencdi.review.judging import reading, services, wording
from opencdi.review.judging.answers import MOST_CRIMES, Answers, CrimeAnswer, verdict_of
from opencdi.review.judging.completeness import faults, is_complete, unaccounted
from opencdi.review.judging.forms import NOTHING, CrimeForm, initial_of
from opencdi.review.judging.helper import what_the_rules_say
from opencdi.review.judging.models import Judgement
from opencdi.review.judging.reading import CaseToRead
from opencdi.review.judging.standing import standing_of_reader
from opencdi.review.judging.summary import summary_of
from opencdi.review.judging.words import marked_lines
from opencdi.review.late_forms import nothing_lost
from opencdi.review.people.models import Person
from opencdi.review.permitted import permitted, permitted_on
from opencdi.review.policy import Action

late_is_kept = nothing_lost("read_case")


@require_GET
@permitted(Action.SEE_OWN_QUEUE)
def queue(request: HttpRequest, person: Person) -> HttpResponse:
    items = reading.queue(person)
    submitted = sum(item.stage == Judgement.Stage.SUBMITTED for item in items)
    return render(
        request,
        "judging/queue.html",
        {
            "items": items,
            "next": reading.next_to_read(person),
            "submitted": submitted,
            "done": sum(item.stage in (Judgement.Stage.SUBMITTED, Judgement.Stage.SIGNED) for item in items),
        },
    )


@require_GET
@permitted(Action.SEE_OWN_QUEUE)
def take_a_break(request: HttpRequest, person: Person) -> HttpResponse:
    return render(request, "judging/break.html")


@require_GET
@permitted_on(Action.READ_CASE, standing_of_reader)
@late_is_kept
def warning(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    """Before the log: what to expect, and the way out."""
    return render(request, "judging/warning.html", {"case": _case(person, key)})


@require_GET
@permitted_on(Action.READ_CASE, standing_of_reader)
def read_case(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    """Where a case was left: its first crime, or the check where there are answers."""
    case = _case(person, key)
    answered = case.answers.nothing_required or case.answers.crimes
    if case.stage == Judgement.Stage.SUBMITTED:
        return _to("submitted", key)
    return _to("check_case", key) if answered else _to("judge_crime", key, number=1)


@require_http_methods(["GET", "POST"])
@permitted_on(Action.JUDGE_CASE, standing_of_reader)
@late_is_kept
def judge_crime(request: HttpRequest, person: Person, key: UUID, number: int) -> HttpResponse:
    """The log, and the form for one crime."""
    case = _case(person, key)
    if not 1 <= number <= min(len(case.answers.crimes) + 1, MOST_CRIMES):
        raise Http404
    if request.method == "POST":
        return _judged(request, person, case, number)
    answer = case.answers.crimes[number - 1] if number <= len(case.answers.crimes) else CrimeAnswer()
    initial = initial_of(answer, case.log, case.version)
    if case.answers.nothing_required:
        initial["requires"] = NOTHING
    form = _form(case, number, sent_or_kept(request, case.version), initial)
    return _crime_page(request, person, case, number, form)


def _judged(request: HttpRequest, person: Person, case: CaseToRead, number: int) -> HttpResponse:
    form = _form(case, number, request.POST)
    if not form.is_valid():
        return _crime_page(request, person, case, number, form)
    if form.cleaned_data["requires"] == NOTHING:
        services.save(person, case.key, form.cleaned_data["version"], Answers(nothing_required=True))
        forget_answer(request)
        return _to("check_case", case.key)
    answer = form.answer()
    answers = case.answers.with_crime(number - 1, answer)
    services.save(person, case.key, form.cleaned_data["version"], answers)
    forget_answer(request)
    then = request.POST.get("then", "check")
    if then == "draft":
        return HttpResponseRedirect(reverse("queue"))
    lacking = faults(answer, case.facts, case.log)
    if lacking:
        saved = _case(person, case.key)
        data = request.POST.copy()
        data["version"] = str(saved.version)
        again = _form(saved, number, data)
        again.is_valid()
        again.add_faults(lacking)
        return _crime_page(request, person, saved, number, again)
    if then == "another" and number < MOST_CRIMES:
        return _to("judge_crime", case.key, number=len(answers.crimes) + 1)
    return _to("check_case", case.key)


@require_GET
@permitted_on(Action.JUDGE_CASE, standing_of_reader)
@late_is_kept
def check_case(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    case = _case(person, key)
    return render(
        request,
        "judging/check.html",
        {
            "case": case,
            "crimes": _summaries(case),
            "complete": is_complete(case.answers, case.facts, case.log),
            "unaccounted": unaccounted(case.answers, case.facts),
            "can_add": len(case.answers.crimes) < MOST_CRIMES,
        },
    )


@require_POST
@permitted_on(Action.JUDGE_CASE, standing_of_reader)
@late_is_kept
def remove_crime(request: HttpRequest, person: Person, key: UUID, number: int) -> HttpResponse:
    case = _case(person, key)
    if not 1 <= number <= len(case.answers.crimes):
        raise Http404
    services.save(person, key, _version(request), case.answers.without_crime(number - 1))
    return _to("read_case", key)


@require_POST
@permitted_on(Action.JUDGE_CASE, standing_of_reader)
@late_is_kept
def submit_case(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    try:
        services.submit(person, key, _version(request))
    except services.IncompleteError:
        return _to("check_case", key)
    return _to("submitted", key)


@require_GET
@permitted_on(Action.SEE_OWN_JUDGEMENT, standing_of_reader)
@late_is_kept
def submitted(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    """What was committed, what the rules say of it, and what to read next."""
    case = _case(person, key)
    return render(
        request,
        "judging/submitted.html",
        {
            "case": case,
            "crimes": _summaries(case),
            "rules_say": what_the_rules_say(case.answers, case.facts),
            "next": reading.next_to_read(person),
            "can_correct": case.stage == Judgement.Stage.SUBMITTED,
        },
    )


@require_POST
@permitted_on(Action.CORRECT_JUDGEMENT, standing_of_reader)
@late_is_kept
def take_back(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    services.take_back(person, key, _version(request))
    return _to("check_case", key)


@require_http_methods(["GET", "POST"])
@permitted_on(Action.HAND_BACK_CASE, standing_of_reader)
@late_is_kept
def hand_back(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    """Opting out: with an interest to declare, or without a word."""
    if request.method == "GET":
        return render(request, "judging/hand_back.html", {"case": _case(person, key)})
    if request.POST.get("because") == "interest":
        services.hand_back_with_interest(person, key)
    else:
        services.hand_back(person, key)
    return HttpResponseRedirect(reverse("queue"))


def _case(person: Person, key: UUID) -> CaseToRead:
    case = reading.case_to_read(person, key)
    if case is None:
        raise Http404
    return case


def _form(
    case: CaseToRead, number: int, data: Any = None, initial: dict[str, Any] | None = None
) -> CrimeForm:
    return CrimeForm(case.facts, case.log, number == 1 and len(case.answers.crimes) <= 1, data, initial)


def _crime_page(
    request: HttpRequest,
    person: Person,
    case: CaseToRead,
    number: int,
    form: CrimeForm,
) -> HttpResponse:
    services.log_opened(person, case.key)
    spans = case.answers.crimes[number - 1].spans if number <= len(case.answers.crimes) else ()
    return render(
        request,
        "judging/crime.html",
        {
            "case": case,
            "number": number,
            "form": form,
            "log_lines": marked_lines(case.log, spans),
            "timeline": case.facts.timeline(),
            "words": wording,
        },
    )


def _summaries(case: CaseToRead) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "rows": summary_of(crime, case.facts, case.log),
            "verdict": wording.VERDICTS[verdict_of(crime, case.facts.record(crime.record))],
            "faults": list(faults(crime, case.facts, case.log).values()),
        }
        for number, crime in enumerate(case.answers.crimes, start=1)
    ]


def _version(request: HttpRequest) -> int:
    """The version the form was made from; a number that no judgement has where it is missing."""
    value = request.POST.get("version", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1


def _to(route: str, key: UUID, **named: Any) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(route, kwargs={"key": key, **named}))
