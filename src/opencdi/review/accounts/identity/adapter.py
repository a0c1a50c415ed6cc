"""What is believed of the provider: only a signed token for us, from that issuer, for this sign-in."""

from __future__ import annotations

import secrets
from typing import Any

from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.http import HttpRequest
from django.urls import reverse

NONCE = "identity_nonce"


class ForceIdentityAdapter(OpenIDConnectOAuth2Adapter):
    """Checks signature, issuer, audience, time and nonce, however the token came (ASVS 6.8.2, 10.5.x)."""

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **more: Any
    ) -> SocialLogin:
        """Raises OAuth2Error for anything that does not check."""
        credential = more["response"].get("id_token")
        if not credential:
            raise OAuth2Error("The provider sent no identity token.")
        config = self.openid_config
        issuer = app.settings["server_url"]
        if config["issuer"].rstrip("/") != issuer.partition("/.well-known/")[0].rstrip("/"):
            raise OAuth2Error("The provider names another issuer than the one configured.")
        claims = jwtkit.verify_and_decode(
            credential=credential,
            keys_url=config["jwks_uri"],
            issuer=config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        expected = request.session.pop(NONCE, "")
        if not expected or not secrets.compare_digest(expected, str(claims.get("nonce", ""))):
            raise OAuth2Error("The token was not made for this sign-in.")
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        path = reverse("force_identity_callback", kwargs={"provider_id": self.provider_id})
        address: str = build_absolute_uri(request, path, self.redirect_uri_protocol)
        return address
