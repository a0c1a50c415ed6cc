"""An invitation: a link that lets a person whom an administrator added choose how they sign in."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.urls import reverse

from opencdi.review.people.models import Person

PURPOSE = "opencdi.review.invitation"
OPEN = "invited"


class InvitationExpiredError(Exception):
    """The link is too old, used, or not ours."""


def invitation_path(person: Person) -> str:
    """The path of a link that works once and for ``REVIEW_INVITATION_HOURS``.

    The signature covers the password in force, so that the link is dead as soon as one is chosen.
    """
    return reverse("invitation", args=[signing.dumps([str(person.key), _state(person)], salt=PURPOSE)])


def person_of(token: str) -> Person:
    """Whom a link invites. Raises InvitationExpiredError."""
    try:
        key, state = signing.loads(token, salt=PURPOSE, max_age=settings.REVIEW_INVITATION_HOURS * 3600)
        person = Person.objects.get(key=key, is_active=True)
    except (signing.BadSignature, Person.DoesNotExist, ValueError, TypeError):
        raise InvitationExpiredError from None
    if state != _state(person):
        raise InvitationExpiredError
    return person


def open_invitation(request: HttpRequest, person: Person) -> None:
    request.session.cycle_key()
    request.session[OPEN] = str(person.key)


def invited_person(request: HttpRequest) -> Person | None:
    """The person whose invitation was opened in this session."""
    key: Any = request.session.get(OPEN)
    return Person.objects.filter(key=key, is_active=True).first() if key else None


def close_invitation(request: HttpRequest) -> None:
    request.session.pop(OPEN, None)


def _state(person: Person) -> str:
    """Changes when a password is set or an identity is bound."""
    bound = SocialAccount.objects.filter(user=person).count()
    return signing.Signer(salt=PURPOSE).signature(f"{person.password}|{bound}|{person.last_login}")
