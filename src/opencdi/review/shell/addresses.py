"""The address a request came from, trusting only as many proxies as are configured."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The peer's address, or what the last trusted proxy saw.

    With ``REVIEW_TRUSTED_PROXIES = n`` the n-th entry of X-Forwarded-For from the right is taken: entries
    further left were sent by the client and prove nothing (ASVS 15.3.4). With 0 the header is not read.
    """
    peer: str = request.META.get("REMOTE_ADDR", "")
    trusted: int = settings.REVIEW_TRUSTED_PROXIES
    if not trusted:
        return peer
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    said = seen[-trusted] if len(seen) >= trusted else ""
    return said if _is_address(said) else peer


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
