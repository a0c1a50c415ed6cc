"""A person's own account, the end of a session, and invitations."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.account.views import logout as allauth_logout
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from opencdi.review.accounts.clock import FORGET
from opencdi.review.accounts.forms import ChoosePassword
from opencdi.review.accounts.invitations import (
    InvitationExpiredError,
    close_invitation,
    open_invitation,
    person_of,
)
from opencdi.review.accounts.person import signed_in_person
from opencdi.review.accounts.providers import providers_to_sign_in_with
from opencdi.review.shell.errors import shown


def account(request: HttpRequest) -> HttpResponse:
    """Who one is here, and how one signs in."""
    person = signed_in_person(request)
    factors = Authenticator.objects.filter(user=person).exclude(type="recovery_codes").count()
    return render(request, "accounts/account.html", {"roles": sorted(person.roles), "factors": factors})


def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Ends the session and has the browser forget what it kept of it (ASVS 14.3.1)."""
    answer: HttpResponseBase = allauth_logout(request)
    if request.method == "POST":
        answer.headers["Clear-Site-Data"] = FORGET
    return answer


@require_POST
def stay_signed_in(request: HttpRequest) -> HttpResponse:
    """Asked by the warning before a session ends: the request itself is what counts."""
    return HttpResponse(status=204)


def session_ended(request: HttpRequest) -> HttpResponse:
    """Says that the session is over, whether an answer was kept, and leads back."""
    asked = request.GET.get("next", "")
    back = asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else ""
    return render(
        request, "accounts/session_ended.html", {"next": back, "kept": request.GET.get("kept") == "yes"}
    )


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """An invited person chooses a password, or goes on to their organisation's own sign-in."""
    try:
        person = person_of(token)
    except InvitationExpiredError:
        return shown(request, "expired-link")
    form = ChoosePassword(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        close_invitation(request)
        entered: HttpResponse = perform_login(request, Login(user=person, redirect_url="/"))
        return entered
    if providers_to_sign_in_with():
        open_invitation(request, person)
    return render(request, "accounts/invitation.html", {"form": form, "person": person})
