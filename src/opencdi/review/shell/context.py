"""What the base template shows on every page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from opencdi.review.accounts.kept import author_token
from opencdi.review.accounts.providers import providers_to_sign_in_with
from opencdi.review.people.models import Person
from opencdi.review.shell.navigation import places_for


@dataclass(frozen=True)
class Page:
    """The frame of one page for one person."""

    language: str
    home: str
    marking: str
    handling: str
    demo: bool
    idle_seconds: int
    person: Person | None = None
    navigation: list[dict[str, object]] = field(default_factory=list)
    author_token: str = ""
    gives_back: bool = False
    """The form holds what was sent when it could not be saved."""
    messages: list[Any] = field(default_factory=list)
    providers: list[dict[str, str]] = field(default_factory=list)
    other_languages: list[tuple[str, str]] = field(default_factory=list)


def page(request: HttpRequest) -> dict[str, Page]:
    """Context processor: ``page`` in every template."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    user = getattr(request, "user", None)
    person = user if isinstance(user, Person) and user.is_authenticated else None
    return {
        "page": Page(
            language=language,
            home=reverse("home"),
            marking=settings.REVIEW_MARKING,
            handling=_("Handle with care. Do not photograph or forward."),
            demo=settings.REVIEW_DEMO,
            idle_seconds=settings.REVIEW_IDLE_SECONDS,
            person=person,
            navigation=places_for(person.roles, request.path) if person else [],
            author_token=author_token(person) if person else "",
            gives_back=getattr(request, "gives_back", False),
            messages=list(get_messages(request)),
            providers=providers_to_sign_in_with(),
            other_languages=[(code, name) for code, name in settings.LANGUAGES if code != language],
        )
    }
