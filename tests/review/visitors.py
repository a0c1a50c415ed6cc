"""People with accounts, and browsers signed in as them."""

from __future__ import annotations

import base64
import time
from itertools import count
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.test import Client

from opencdi.review.people.models import Person
from opencdi.review.people.services import add_person, grant
from opencdi.review.policy import Role
from opencdi.review.sealing import seal

PASSWORD = "plum lantern bicycle moth"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_numbers = count(1)


def somebody(*roles: Role, password: str | None = None, force: str = "", factor: bool = True) -> Person:
    """A person in these roles, with an authenticator app unless ``factor`` is off."""
    number = next(_numbers)
    person = add_person(f"person{number}@example.invalid", f"Person {number}", force, password)
    for role in roles:
        grant(person, role)
    if factor:
        sealed = base64.b64encode(seal(SECRET, "mfa/secret")).decode()
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": sealed})
    return person


def code_now() -> str:
    """What the app of everybody made here shows at this moment."""
    return code_of(SECRET)


def code_of(secret: str) -> str:
    """What an app with this secret shows at this moment."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def browser_of(person: Person, **defaults: str) -> Client:
    """A browser in which this person is signed in."""
    browser = Client(**defaults)  # type: ignore[arg-type]
    browser.force_login(person)
    UserSession.objects.create(
        user=person,
        session_key=browser.session.session_key,
        ip=defaults.get("REMOTE_ADDR", "127.0.0.1"),
        user_agent="a browser of the tests",
    )
    return browser


def sign_in(browser: Client, person: Person, password: str = PASSWORD) -> Any:
    """Types address and password into the sign-in page."""
    return browser.post("/account/sign-in/", {"login": person.email, "password": password})
