"""The provider as django-allauth knows it: it signs people in by issuer and subject, and nothing else."""

from __future__ import annotations

import secrets
from typing import Any

from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest

from opencdi.review.accounts.identity.adapter import NONCE, ForceIdentityAdapter


class ForceIdentityProvider(OpenIDConnectProvider):
    id = "force_identity"
    name = "Force identity"
    oauth2_adapter_class = ForceIdentityAdapter

    def get_default_scope(self) -> list[str]:
        return ["openid"]

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """What is asked for is ours to say, not the address's."""
        scope: list[str] = self.get_scope()
        return scope

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, Any]:
        """A fresh nonce, which the answer must repeat (ASVS 10.5.1)."""
        request.session[NONCE] = secrets.token_urlsafe(24)
        return {**self.get_auth_params(), "nonce": request.session[NONCE]}

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Issuer and subject together: a subject alone means nothing at another issuer (ASVS 6.8.1)."""
        claims = data["id_token"]
        return f"{claims['iss']} {claims['sub']}"

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """None: an address at the provider says nothing about whose account this is."""
        return []


provider_classes = [ForceIdentityProvider]
