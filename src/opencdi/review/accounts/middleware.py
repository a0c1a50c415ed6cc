"""Limits on sessions, and the second factor that every role needs."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse

from opencdi.review.accounts.clock import FORGET, PROVED, SEEN, STARTED
from opencdi.review.accounts.kept import keep_answer
from opencdi.review.accounts.providers import STRONG

Respond = Callable[[HttpRequest], HttpResponseBase]

# The time of the last request is written at most this often, so that reading pages does not write each time.
SECONDS_BETWEEN_WRITES = 30
LEAST_FACTOR = ("totp", "webauthn")


class SessionLimits:
    """Ends a session after too long without a request, and after the longest time in any case.

    What was being sent when the session ended is kept for its author (``accounts.kept``).
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.respond(request)
        now = int(time.time())
        session = request.session
        started, seen = session.setdefault(STARTED, now), session.get(SEEN, now)
        too_old = now - started >= settings.REVIEW_LONGEST_SESSION_SECONDS
        if too_old or now - seen >= settings.REVIEW_IDLE_SECONDS:
            return self._end(request)
        if SEEN not in session or now - seen >= SECONDS_BETWEEN_WRITES:
            session[SEEN] = now
        return self.respond(request)

    @staticmethod
    def _end(request: HttpRequest) -> HttpResponse:
        kept = request.method == "POST" and keep_answer(request)
        back = request.path if request.method in ("GET", "POST") else reverse("home")
        logout(request)
        asked = {"next": back} | ({"kept": "yes"} if kept else {})
        ended = HttpResponseRedirect(f"{reverse('session_ended')}?{urlencode(asked)}")
        ended.headers["Clear-Site-Data"] = FORGET
        return ended


class SignedInOnly(LoginRequiredMiddleware):
    """Asks everybody to sign in (ASVS 8.2.1). A form sent after its session was gone is kept for them."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        if request.method == "POST":
            keep_answer(request)
        return super().handle_no_permission(request, view_func)


class SecondFactor:
    """Sends everybody without a second factor to set one up, and nowhere else (ASVS 6.3.3)."""

    OPEN_ROUTES = frozenset(
        {
            "account_logout", "account_reauthenticate", "session_ended", "stay_signed_in", "set_language",
            "mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn", "help", "accessibility", "privacy",
        }
    )  # fmt: skip

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if (
            request.user.is_authenticated
            and not proved(request)
            and self._route(request) not in self.OPEN_ROUTES
        ):
            return HttpResponseRedirect(reverse("mfa_index"))
        return self.respond(request)

    @staticmethod
    def _route(request: HttpRequest) -> str:
        try:
            return resolve(request.path_info).url_name or ""
        except Resolver404:
            return ""


def proved(request: HttpRequest) -> bool:
    """Whether this session's person has a second factor of ours, or one the provider vouched for."""
    if settings.REVIEW_DEMO and settings.REVIEW_DEMO_WITHOUT_SECOND_FACTOR:
        return True
    if request.session.get(STRONG) or request.session.get(PROVED):
        return True
    if get_adapter().is_mfa_enabled(request.user, types=LEAST_FACTOR):
        request.session[PROVED] = True
        return True
    return False
