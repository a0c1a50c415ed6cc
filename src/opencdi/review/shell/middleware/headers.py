"""Headers on every answer, errors and downloads included."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

Respond = Callable[[HttpRequest], HttpResponseBase]

FEATURES = ("camera", "geolocation", "microphone", "payment", "usb", "interest-cohort")


class SafeHeaders:
    """Content security policy, no storing of pages, no device features, no embedding by other sites."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond
        self.policy = "; ".join(f"{name} {' '.join(values)}" for name, values in settings.SECURE_CSP.items())
        self.features = ", ".join(f"{name}=()" for name in FEATURES)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.respond(request)
        response.headers["Content-Security-Policy"] = self.policy
        response.headers["Permissions-Policy"] = self.features
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if not request.path.startswith(settings.STATIC_URL):
            response.headers["Cache-Control"] = "no-store"
        return response
