"""A view that the policy guards: the case is found, the standing worked out, and only then the view asked.

What is not granted is answered like an address that does not exist, so that nobody learns by trying whether
there is such a case, and the attempt is an event.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase

from opencdi.review.access import AccessRule, View, declared
from opencdi.review.events.chain import record, writing
from opencdi.review.events.kinds import Kind
from opencdi.review.people.models import Person
from opencdi.review.policy import Action, Standing, allowed

FindStanding = Callable[[Person, UUID], Standing | None]
"""How somebody stands towards the case that a key in an address names; None where there is none."""


def permitted(action: Action) -> Callable[[View], View]:
    """For a page that is about no case. The view is called with the request."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **named: object) -> HttpResponseBase:
            person = _person(request)
            if not allowed(person.roles, action):
                _tell(person, action)
                raise PermissionDenied
            return view(request, person, **named)

        return declared(guarded, AccessRule(f"who may {_plain(action)}"))

    return guard


def permitted_on(action: Action, find: FindStanding) -> Callable[[View], View]:
    """For a page about one case, named by ``key``. The view is called with the request, person and key."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, key: UUID, **named: object) -> HttpResponseBase:
            person = _person(request)
            standing = find(person, key)
            if standing is None or not allowed(person.roles, action, standing):
                _tell(person, action, key)
                raise Http404
            return view(request, person, key, **named)

        return declared(guarded, AccessRule(f"who may {_plain(action)}, by their part in the case"))

    return guard


def _person(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def _tell(person: Person, action: Action, key: UUID | None = None) -> None:
    with writing():
        record(Kind.ACCESS_REFUSED, person, action=action.value, key=key)


def _plain(action: Action) -> str:
    return action.value.replace("_", " ")
