"""What the identity provider says about how strongly somebody proved themselves."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

STRONG = "second_factor_by_provider"


def providers_to_sign_in_with() -> list[dict[str, str]]:
    """Name and address of each configured provider."""
    known: dict[str, Any] = settings.SOCIALACCOUNT_PROVIDERS
    configured = known.get("force_identity", {}).get("APPS", [])
    return [
        {"name": app["name"], "address": reverse("force_identity_login", args=[app["provider_id"]])}
        for app in configured
    ]


def note_strength(request: HttpRequest, sociallogin: SocialLogin) -> None:
    """Remembers in the session that the provider itself asked for a second factor (ASVS 6.8.4)."""
    request.session[STRONG] = is_strong(sociallogin.account.extra_data.get("id_token", {}))


def is_strong(claims: dict[str, Any]) -> bool:
    """Whether ``acr`` or one of ``amr`` is on the list that ``REVIEW_SECOND_FACTOR_BY_PROVIDER`` accepts."""
    methods = claims.get("amr") or []
    said = {str(claims.get("acr", "")), *([methods] if isinstance(methods, str) else map(str, methods))}
    return bool(said & settings.REVIEW_SECOND_FACTOR_BY_PROVIDER)
