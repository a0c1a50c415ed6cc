"""Pages that come after a signature: signing off, the reveal, and the adjudicator's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opencdi.review.accounts.kept import forget_answer, sent_or_kept
from opencdi.review.adjudication import services
from opencdi.review.adjudication.decision import decided_answers
from opencdi.review.adjudication.forms import DecisionForm
from opencdi.review.adjudication.models import Verdict
from opencdi.review.adjudication.pairing import differences
from opencdi.review.adjudication.reveal import decided_dispute, reveal, revealed_to
from opencdi.review.adjudication.services import Dispute
from opencdi.review.adjudication.settling import sign_off as sign_everything
from opencdi.review.adjudication.standing_of_adjudicator import standing_of_adjudicator
from opencdi.review.audits.material import Facts
from opencdi.review.judging import reading, wording
from opencdi.review.judging.answers import MOST_CRIMES, Answers, CrimeAnswer, verdict_of
from opencdi.review.judging.completeness import faults
from opencdi.review.judging.forms import CrimeForm, initial_of
from opencdi.review.judging.models import Judgement
from opencdi.review.judging.services import IncompleteError
from opencdi.review.judging.standing import standing_of_reader
from opencdi.review.judging.summary import class_in_words, summary_of
from opencdi.review.judging.words import marked_lines
from opencdi.review.late_forms import nothing_lost
from opencdi.review.people.models import Person
from opencdi.review.permitted import permitted, permitted_on
from opencdi.review.policy import Action

# After judging ------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@permitted(Action.SIGN_OFF)
def sign_off(request: HttpRequest, person: Person) -> HttpResponse:
    if request.method == "POST":
        count = sign_everything(person)
        if count:
            told = ngettext("You signed %(num)s judgement.", "You signed %(num)s judgements.", count)
            messages.success(request, told % {"num": count})
        return HttpResponseRedirect(reverse("queue"))
    submitted = [item for item in reading.queue(person) if item.stage == Judgement.Stage.SUBMITTED]
    return render(request, "adjudication/sign_off.html", {"submitted": submitted})


@require_GET
@permitted(Action.SEE_OWN_QUEUE)
def revealed(request: HttpRequest, person: Person) -> HttpResponse:
    return render(request, "adjudication/revealed.html", {"cases": revealed_to(person)})


@require_GET
@permitted_on(Action.SEE_REVEAL, standing_of_reader)
@nothing_lost("decide")
def reveal_case(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    case = reveal(person, key)
    return render(
        request,
        "adjudication/reveal.html",
        {
            "case": case,
            "mine": _described(case.mine, case.facts, case.log),
            "other": _described(case.other, case.facts, case.log),
            "verdicts": _verdicts(case.verdicts),
        },
    )


# Adjudicating -------------------------------------------------------------------------------------


@require_GET
@permitted(Action.SEE_DIFFERING_CASES)
def differing(request: HttpRequest, person: Person) -> HttpResponse:
    return render(request, "adjudication/differing.html", {"cases": services.waiting_for(person)})


@require_http_methods(["GET", "POST"])
@permitted_on(Action.ADJUDICATE, standing_of_adjudicator)
@nothing_lost("decide")
def decide(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    """Both judgements beside each other, and a choice for each crime on which they differ."""
    seen = services.dispute(person, key)
    if request.method == "GET":
        form = DecisionForm(seen, sent_or_kept(request, seen.version))
        return _decide_page(request, person, seen, form)
    form = DecisionForm(seen, request.POST)
    if not form.is_valid():
        return _decide_page(request, person, seen, form)
    services.save(person, key, form.cleaned_data["version"], form.decision())
    forget_answer(request)
    then = request.POST.get("then", "check")
    if then == "draft":
        return HttpResponseRedirect(reverse("differing"))
    saved = services.dispute(person, key)
    if then == "add":
        return _to("decide_crime", key, place=len(saved.pairs) + len(saved.decision.added) + 1)
    return _after_choices(request, person, saved)


def _after_choices(request: HttpRequest, person: Person, saved: Dispute) -> HttpResponse:
    lacking = services.lacking(saved)
    own = [place for place in lacking if place >= len(saved.pairs) or saved.decision.choices[place] == "own"]
    if own:
        return _to("decide_crime", saved.key, place=own[0] + 1)
    if lacking or not saved.decision.reason:
        data = request.POST.copy()
        data["version"] = str(saved.version)
        form = DecisionForm(saved, data)
        form.is_valid()
        form.add_faults(lacking)
        return _decide_page(request, person, saved, form)
    return _to("check_decision", saved.key)


@require_http_methods(["GET", "POST"])
@permitted_on(Action.ADJUDICATE, standing_of_adjudicator)
@nothing_lost("decide")
def decide_crime(request: HttpRequest, person: Person, key: UUID, place: int) -> HttpResponse:
    """The adjudicator's own answer for one crime; ``place`` counts from 1, past the pairs for a new one."""
    seen = services.dispute(person, key)
    at = place - 1
    if not 0 <= at <= min(len(seen.pairs) + len(seen.decision.added), MOST_CRIMES):
        raise Http404
    if request.method == "GET":
        answer = services.own_answer(seen, at)
        form = CrimeForm(
            seen.facts,
            seen.log,
            False,
            sent_or_kept(request, seen.version),
            initial_of(answer, seen.log, seen.version),
        )
        return _crime_page(request, person, seen, place, form)
    form = CrimeForm(seen.facts, seen.log, False, request.POST)
    if not form.is_valid():
        return _crime_page(request, person, seen, place, form)
    answer = form.answer()
    services.save(person, key, form.cleaned_data["version"], seen.decision.with_own(at, answer))
    forget_answer(request)
    lacking = faults(answer, seen.facts, seen.log)
    if lacking:
        data = request.POST.copy()
        data["version"] = str(services.dispute(person, key).version)
        again = CrimeForm(seen.facts, seen.log, False, data)
        again.is_valid()
        again.add_faults(lacking)
        return _crime_page(request, person, seen, place, again)
    return _to("decide", key)


@require_GET
@permitted_on(Action.ADJUDICATE, standing_of_adjudicator)
@nothing_lost("decide")
def check_decision(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    seen = services.dispute(person, key)
    if services.lacking(seen) or not seen.decision.reason:
        return _to("decide", key)
    stands = decided_answers(seen.decision, seen.pairs)
    return render(
        request,
        "adjudication/check.html",
        {"case": seen, "stands": _described(stands, seen.facts, seen.log)},
    )


@require_POST
@permitted_on(Action.ADJUDICATE, standing_of_adjudicator)
@nothing_lost("decide")
def confirm_decision(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    value = request.POST.get("version", "")
    version = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1
    try:
        services.decide(person, key, version)
    except IncompleteError:
        return _to("decide", key)
    return _to("decided", key)


@require_GET
@permitted_on(Action.SEE_REVEAL, standing_of_adjudicator)
@nothing_lost("decide")
def decided(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    seen, verdicts = decided_dispute(person, key)
    waiting = services.waiting_for(person)
    return render(
        request,
        "adjudication/decided.html",
        {"case": seen, "verdicts": _verdicts(verdicts), "next": waiting[0] if waiting else None},
    )


def _decide_page(request: HttpRequest, person: Person, seen: Dispute, form: DecisionForm) -> HttpResponse:
    services.log_opened(person, seen.key)
    spans = [span for side in (seen.a, seen.b) for crime in side.crimes for span in crime.spans]
    return render(
        request,
        "adjudication/decide.html",
        {
            "case": seen,
            "form": form,
            "pairs": [_compared(place, seen) for place in range(len(seen.pairs))],
            "added": len(seen.decision.added),
            "log_lines": marked_lines(seen.log, spans),
            "timeline": seen.facts.timeline(),
            "words": wording,
        },
    )


def _crime_page(
    request: HttpRequest, person: Person, seen: Dispute, place: int, form: CrimeForm
) -> HttpResponse:
    services.log_opened(person, seen.key)
    return render(
        request,
        "adjudication/crime.html",
        {
            "case": seen,
            "place": place,
            "form": form,
            "log_lines": marked_lines(seen.log, ()),
            "timeline": seen.facts.timeline(),
            "words": wording,
        },
    )


def _compared(place: int, seen: Dispute) -> dict[str, Any]:
    """One crime as A and as B has it, row by row; rows on which they differ are marked."""
    pair = seen.pairs[place]
    one, other = (dict(_rows(each, seen.facts, seen.log)) for each in (pair.first, pair.second))
    asked = list(dict.fromkeys([*one, *other]))
    order = [str(label) for label in wording.QUESTIONS.values()]
    asked.sort(key=order.index)
    differs = differences(pair, seen.facts)
    return {
        "place": place,
        "differs": bool(differs),
        "rows": [(name, one.get(name, ""), other.get(name, "")) for name in asked],
        "has_own": seen.decision.own[place] is not None,
    }


def _rows(crime: CrimeAnswer | None, facts: Facts, log: str) -> list[tuple[str, str]]:
    verdict = verdict_of(crime, facts.record(crime.record)) if crime else "nothing_required"
    rows = summary_of(crime, facts, log) if crime else []
    return [*rows, (str(wording.QUESTIONS["verdict"]), str(wording.VERDICTS[verdict]))]


def _described(answers: Answers, facts: Facts, log: str) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "rows": summary_of(crime, facts, log),
            "verdict": wording.VERDICTS[verdict_of(crime, facts.record(crime.record))],
        }
        for number, crime in enumerate(answers.crimes, start=1)
    ]


def _verdicts(verdicts: Sequence[Verdict]) -> list[tuple[str, str]]:
    """(crime, what stands) for a table."""
    return [
        (
            class_in_words(each.class_required or each.class_recorded) or _("The whole report"),
            str(wording.VERDICTS[each.stands]),
        )
        for each in verdicts
    ]


def _to(route: str, key: UUID, **named: Any) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(route, kwargs={"key": key, **named}))
