"""Every address of the review room states who may use it."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import get_resolver, path

from opencdi.review.access import public, routes_without_rule


def test_no_address_is_without_an_access_rule() -> None:
    assert routes_without_rule(get_resolver().url_patterns) == []


def test_an_address_without_a_rule_is_named() -> None:
    open_to_all = public(lambda request: HttpResponse())
    patterns = [path("about", open_to_all), path("cases/", lambda request: HttpResponse())]
    assert routes_without_rule(patterns) == ["cases/"]
