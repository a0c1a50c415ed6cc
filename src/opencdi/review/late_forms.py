"""A form that comes too late, because somebody went on meanwhile: nothing is lost, and a page says so."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from opencdi.review.accounts.kept import keep_answer
from opencdi.review.judging.services import NotYoursError, StaleFormError
from opencdi.review.people.models import Person
from opencdi.review.shell.errors import shown

View = Callable[..., HttpResponseBase]


def nothing_lost(route: str) -> Callable[[View], View]:
    """Keep what was sent for its author, and lead back to where it is given back.

    Where there was nothing to keep, or the form is closed, it leads to ``route`` of the same key.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, person: Person, key: UUID, **named: Any) -> HttpResponseBase:
            try:
                return view(request, person, key, **named)
            except StaleFormError:
                again = request.path if keep_answer(request) else reverse(route, kwargs={"key": key})
                return shown(request, "changed", again=again)
            except NotYoursError:
                raise Http404 from None

        return guarded

    return guard
