"""Going through pages as somebody who is signed in with a second factor."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import reverse

from opencdi.review.accounts.clock import PROVED
from opencdi.review.accounts.kept import FIELD, author_token
from opencdi.review.people.models import Person


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    session = client.session
    session[PROVED] = True
    session.save()
    return client


def address(route: str, key: UUID | None = None, **named: Any) -> str:
    return reverse(route, kwargs={**({"key": key} if key else {}), **named})


def sent(person: Person, **fields: Any) -> dict[str, Any]:
    """A form's fields, with the token that names its author."""
    return {FIELD: author_token(person), **fields}


CORRECT = {"requires": "crime", "class_code": "8N", "in_time": "yes", "victim": "1", "then": "check"}
