"""Every request in the operational log: its route, never its address, which may hold a token."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from opencdi.review.shell.addresses import client_address

Respond = Callable[[HttpRequest], HttpResponseBase]

log = logging.getLogger("opencdi.review.requests")


class RequestLog:
    """Gives each request a reference that an error page can show, and writes one line when it is answered."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.reference = secrets.token_hex(5)  # type: ignore[attr-defined]
        begun = time.perf_counter()
        response = self.respond(request)
        if not request.path.startswith(settings.STATIC_URL):
            spent = round((time.perf_counter() - begun) * 1000)
            log.info(
                "request", extra={**described(request), "status": response.status_code, "milliseconds": spent}
            )
        return response


def described(request: HttpRequest) -> dict[str, Any]:
    """Route, method, person and network address of a request, for the extras of a log line."""
    match = request.resolver_match
    return {
        "reference": getattr(request, "reference", ""),
        "route": match.route if match else "",
        "method": request.method,
        "person": str(getattr(getattr(request, "user", None), "key", "")),
        "address": client_address(request),
    }
