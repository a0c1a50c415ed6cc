"""What follows from somebody signing in, failing to, or changing how they sign in."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from allauth.usersessions.models import UserSession
from django.contrib.auth import signals as auth_signals
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest

from opencdi.review.accounts.clock import PROVED, SEEN, STARTED
from opencdi.review.people.models import Person
from opencdi.review.shell.addresses import client_address

CHANGES = [
    mfa_signals.authenticator_added,
    mfa_signals.authenticator_removed,
    mfa_signals.authenticator_reset,
    account_signals.password_changed,
    account_signals.password_set,
    account_signals.password_reset,
]

log = logging.getLogger("opencdi.review.security")


@receiver(auth_signals.user_logged_in)
def start_the_clock(request: HttpRequest, user: Person, **_: Any) -> None:
    for name in (STARTED, SEEN):
        request.session.pop(name, None)
    log.info("signed in", extra=_who(request, user))


@receiver(auth_signals.user_logged_out)
def note_sign_out(request: HttpRequest, user: Person | None, **_: Any) -> None:
    log.info("signed out", extra=_who(request, user))


@receiver(auth_signals.user_login_failed)
def note_failure(request: HttpRequest | None = None, **_: Any) -> None:
    """The address tried is not written down: people type passwords into that box."""
    log.warning("sign-in failed", extra=_who(request, None))


@receiver(mfa_signals.authentication_failed)
def note_factor_failure(request: HttpRequest, user: Person, **_: Any) -> None:
    log.warning("second factor failed", extra=_who(request, user))


@receiver(
    [mfa_signals.authenticator_added, mfa_signals.authenticator_removed, mfa_signals.authenticator_reset]
)
@receiver([account_signals.password_changed, account_signals.password_set, account_signals.password_reset])
def end_other_sessions(request: HttpRequest, user: Person, **_: Any) -> None:
    """Whoever holds an older session may be the reason for the change (ASVS 7.4.3)."""
    request.session.pop(PROVED, None)
    ended = end_sessions_of(user, but=request.session.session_key or "")
    log.warning("sign-in changed", extra=_who(request, user) | {"sessions_ended": ended})


def end_sessions_of(person: Person, but: str = "") -> int:
    """Ends every session of a person, except the one named. Answers how many there were."""
    keys = [key for key in _keys(person) if key != but]
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(user=person, session_key__in=keys).delete()
    return len(keys)


def _keys(person: Person) -> list[str]:
    return list(UserSession.objects.filter(user=person).values_list("session_key", flat=True))


def _who(request: HttpRequest | None, person: Person | None) -> dict[str, Any]:
    return {
        "person": str(person.key) if isinstance(person, Person) else "",
        "address": client_address(request) if request is not None else "",
    }
