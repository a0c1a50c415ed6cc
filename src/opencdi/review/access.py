"""Every route states who may use it; the application refuses to start while one does not.

A view is wrapped once, by ``public`` (no account needed), ``signed_in`` (any account) or ``permitted`` (in
``opencdi.review.permitted``, by the policy). The wrapper leaves its rule on the view, where
``routes_without_rule`` looks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseBase
from django.urls import URLPattern, URLResolver

View = Callable[..., HttpResponseBase]

MARK = "access_rule"


@dataclass(frozen=True)
class AccessRule:
    """Who may use a route, in words for the documents and the start-up check."""

    words: str


PUBLIC = AccessRule("anyone, without an account")
SIGNED_IN = AccessRule("anyone who is signed in")


def public(view: View) -> View:
    """Open to everyone. Only for pages that hold nothing of an audit."""
    return declared(login_not_required(view), PUBLIC)


def signed_in(view: View) -> View:
    """Open to every account, whatever its roles. Only for pages about the person's own account."""
    return declared(view, SIGNED_IN)


def declared(view: View, rule: AccessRule) -> View:
    setattr(view, MARK, rule)
    return view


def rule_of(view: View) -> AccessRule | None:
    return getattr(view, MARK, None)


def routes(patterns: list[Any], before: str = "") -> Iterator[tuple[str, View]]:
    """Every address with its view, as deep as includes go."""
    for pattern in patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern):
            yield address, pattern.callback


def routes_without_rule(patterns: list[Any]) -> list[str]:
    """Addresses whose view states no rule."""
    return [address for address, view in routes(patterns) if rule_of(view) is None]
