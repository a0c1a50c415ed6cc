"""Answers that Django gives without a page get one: a form's address opened as a page (405)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from opencdi.review.shell.errors import shown

Respond = Callable[[HttpRequest], HttpResponseBase]


class PlainPages:
    """Stands nearest to the views, so that everything a page needs is there."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.respond(request)
        if response.status_code != 405:
            return response
        page = shown(request, "not-allowed")
        page.headers["Allow"] = response.headers.get("Allow", "")
        return page
