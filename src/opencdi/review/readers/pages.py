"""The pages about readers: which audits, who reads how much, and giving cases to somebody else."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opencdi.errors import UserError
from opencdi.review.audits.models import Assignment, Audit
from opencdi.review.audits.services import assign_readers, places_lacking
from opencdi.review.people.models import Person
from opencdi.review.permitted import permitted, permitted_on
from opencdi.review.policy import Action
from opencdi.review.readers import reassigning
from opencdi.review.readers.forms import WHICH, ReassignForm, Which
from opencdi.review.readers.standing import standing_of_organiser
from opencdi.review.readers.workload import audits_for, workload_of


@require_GET
@permitted(Action.SEE_READERS)
def readers(request: HttpRequest, person: Person) -> HttpResponse:
    return render(request, "readers/audits.html", {"audits": audits_for(person)})


@require_GET
@permitted_on(Action.ASSIGN_READERS, standing_of_organiser)
def audit_readers(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    audit = Audit.objects.get(key=key)
    lacking = places_lacking(audit)
    return render(
        request,
        "readers/audit.html",
        {"audit": audit, "readers": workload_of(audit), "lacking": lacking},
    )


@require_POST
@permitted_on(Action.ASSIGN_READERS, standing_of_organiser)
def fill(request: HttpRequest, person: Person, key: UUID) -> HttpResponse:
    """A reader for every place that has none."""
    try:
        given = assign_readers(Audit.objects.get(key=key), person)
    except UserError as told:
        messages.error(request, str(told))
    else:
        messages.success(request, _given(given))
    return HttpResponseRedirect(reverse("audit_readers", kwargs={"key": key}))


@require_http_methods(["GET", "POST"])
@permitted_on(Action.ASSIGN_READERS, standing_of_organiser)
def reassign(request: HttpRequest, person: Person, key: UUID, reader: UUID) -> HttpResponse:
    audit = Audit.objects.get(key=key)
    workload = next((each for each in workload_of(audit) if each.key == reader), None)
    if workload is None:
        raise Http404
    form = ReassignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            taken = _chosen(audit, Person.objects.get(key=reader), form)
            given = reassigning.reassign(audit, taken, form.cleaned_data["because"], person)
        except UserError as told:
            is_named = form.cleaned_data["which"] == Which.NAMED
            form.add_error("incidents" if is_named else "which", str(told))
        else:
            messages.success(request, _given(given))
            return HttpResponseRedirect(reverse("audit_readers", kwargs={"key": key}))
    return render(
        request,
        "readers/reassign.html",
        {"audit": audit, "reader": workload, "form": form},
    )


def _chosen(audit: Audit, reader: Person, form: ReassignForm) -> list[Assignment]:
    """Raises ``UserError`` where there is nothing of the kind."""
    which = Which(form.cleaned_data["which"])
    if which == Which.NAMED:
        return reassigning.named(audit, reader, form.cleaned_data["incidents"])
    find = reassigning.not_begun if which == Which.NOT_BEGUN else reassigning.not_signed
    found = find(audit, reader)
    if not found:
        raise UserError(
            _("There is none of these: %(which)s. Choose others.") % {"which": WHICH[which].lower()}
        )
    return found


def _given(count: int) -> str:
    if not count:
        return _("Every place has a reader already.")
    return ngettext("%(num)s case was given a reader.", "%(num)s cases were given readers.", count) % {
        "num": f"{count:,}"
    }
