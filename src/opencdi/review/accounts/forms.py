"""django-allauth's forms in this service's words: labels above, hints that help, no placeholder text."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as passwords
from allauth.mfa.base import forms as factors
from allauth.mfa.recovery_codes import forms as recovery
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as keys
from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from opencdi.review.people.models import Person
from opencdi.review.shell.forms import PlainForm
from opencdi.review.shell.forms.plain import PlainWords

PASSWORD_HINT = _(
    "At least 15 characters. Three or four words that do not belong together are easy to remember."
)
CODE_HINT = _("The 6 figures your authenticator app shows now, or one of your recovery codes.")


class OurWords(PlainWords):
    """Labels and hints by field name; placeholders go."""

    labels: dict[str, Any] = {}
    hints: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, one in self.fields.items():
            one.widget.attrs.pop("placeholder", None)
            one.widget.attrs.pop("autofocus", None)
            one.label = self.labels.get(name, one.label)
            one.help_text = self.hints.get(name, "")


class SignIn(OurWords, passwords.LoginForm):
    labels = {"login": _("Email address"), "password": _("Password")}


class ChangePassword(OurWords, passwords.ChangePasswordForm):
    labels = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password again"),
    }
    hints = {"password1": PASSWORD_HINT}


class AskForNewPassword(OurWords, passwords.ResetPasswordForm):
    labels = {"email": _("Email address")}


class NewPassword(OurWords, passwords.ResetPasswordKeyForm):
    labels = {"password1": _("New password"), "password2": _("New password again")}
    hints = {"password1": PASSWORD_HINT}


class PasswordAgain(OurWords, passwords.ReauthenticateForm):
    labels = {"password": _("Password")}


class SecondFactorCode(OurWords, factors.AuthenticateForm):
    labels = {"code": _("Code")}
    hints = {"code": CODE_HINT}


class SecondFactorAgain(OurWords, factors.ReauthenticateForm):
    labels = {"code": _("Code")}
    hints = {"code": CODE_HINT}


class ActivateAuthenticator(OurWords, totp.ActivateTOTPForm):
    labels = {"code": _("Code from the app")}
    hints = {"code": _("The 6 figures the app shows after you have added this account.")}


class DeactivateAuthenticator(OurWords, totp.DeactivateTOTPForm):
    """Asks nothing; refuses to take the last second factor."""


class MakeRecoveryCodes(OurWords, recovery.GenerateRecoveryCodesForm):
    """Asks nothing."""


class AddKey(OurWords, keys.AddWebAuthnForm):
    labels = {"name": _("Name of the key")}
    hints = {"name": _("So that you can tell your keys apart, for example: blue key on my ring.")}


class RenameKey(OurWords, keys.EditWebAuthnForm):
    labels = {"name": _("Name of the key")}


class ChoosePassword(PlainForm):
    """The first password of an invited person."""

    password1 = forms.CharField(
        label=_("Choose a password"),
        help_text=PASSWORD_HINT,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("The same password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        password_validation.validate_password(password, self.person)
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("Type the same password in both boxes."))
        return cleaned

    def save(self) -> None:
        self.person.set_password(self.cleaned_data["password1"])
        self.person.save(update_fields=["password"])
