"""Where django-allauth asks how this place wants it."""

from __future__ import annotations

import base64
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse

from opencdi.review.accounts import providers
from opencdi.review.accounts.clock import STARTED
from opencdi.review.accounts.invitations import invited_person
from opencdi.review.sealing import seal, unseal
from opencdi.review.shell.addresses import client_address
from opencdi.review.shell.errors import refused

FIRST_FACTOR_SECONDS = 15 * 60


class Accounts(DefaultAccountAdapter):
    """Passwords. Nobody signs up: an administrator adds a person and invites them."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Not for a first second factor: it is set up straight after signing in, within minutes."""
        request = self.request
        if app == "allauth.mfa" and not SecondFactors().is_mfa_enabled(request.user):
            started: int = request.session.get(STARTED, 0)
            return time.time() - started > FIRST_FACTOR_SECONDS
        required: bool = super().is_reauthentication_required(app=app, **more)
        return required

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Only what a page cannot show by itself; allauth's greetings are left out."""


class ForceIdentities(DefaultSocialAccountAdapter):
    """The force's identity provider. It proves who somebody is; it never makes an account."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Binds an identity to the person whose invitation is open in this session; refuses a stranger's.

        The key is issuer and subject, never the e-mail address (ASVS 6.8.1).
        """
        if sociallogin.is_existing:
            providers.note_strength(request, sociallogin)
            return
        person = invited_person(request)
        if person is None:
            raise ImmediateHttpResponse(refused(request, "identity-unknown"))
        sociallogin.connect(request, person)
        providers.note_strength(request, sociallogin)


class SecondFactors(DefaultMFAAdapter):
    """Secrets of second factors lie sealed in the database, bound to this purpose."""

    PLACE = "mfa/secret"

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(text, self.PLACE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(base64.b64decode(encrypted_text), self.PLACE)

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """The last second factor cannot be taken away by its holder: every role needs one."""
        kind = type(authenticator)
        others = kind.objects.filter(user_id=authenticator.user_id).exclude(pk=authenticator.pk)
        return bool(others.filter(type__in=["totp", "webauthn"]).exists())

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return str(user.get_username())
