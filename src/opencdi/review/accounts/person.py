"""The person behind a request."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from opencdi.review.people.models import Person


def signed_in_person(request: HttpRequest) -> Person:
    """Who is signed in. Raises PermissionDenied where nobody is: a view for the signed in was left open."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user
