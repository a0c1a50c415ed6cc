"""Addresses of accounts. Only those of django-allauth that this place uses, each with its access rule."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from allauth.usersessions import views as sessions
from django.urls import path, re_path

from opencdi.review.access import public, signed_in
from opencdi.review.accounts import views
from opencdi.review.accounts.identity import views as identity

urlpatterns = [
    path("sign-in/", public(account.login), name="account_login"),
    path("sign-out/", public(views.sign_out), name="account_logout"),
    path("inactive/", public(account.account_inactive), name="account_inactive"),
    path("session-ended/", public(views.session_ended), name="session_ended"),
    path("stay-signed-in/", signed_in(views.stay_signed_in), name="stay_signed_in"),
    path("invitation/<str:token>/", public(views.invitation), name="invitation"),
    path("", signed_in(views.account), name="account"),
    path("reauthenticate/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", signed_in(account.password_change), name="account_change_password"),
    path("password/set/", signed_in(account.password_set), name="account_set_password"),
    path("password/reset/", public(account.password_reset), name="account_reset_password"),
    path("password/reset/sent/", public(account.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        public(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/done/",
        public(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("second-factor/", signed_in(factors.index), name="mfa_index"),
    path("second-factor/check/", public(factors.authenticate), name="mfa_authenticate"),
    path("second-factor/again/", signed_in(factors.reauthenticate), name="mfa_reauthenticate"),
    path("second-factor/app/", signed_in(totp.activate_totp), name="mfa_activate_totp"),
    path("second-factor/app/remove/", signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("second-factor/keys/", signed_in(keys.list_webauthn), name="mfa_list_webauthn"),
    path("second-factor/keys/add/", signed_in(keys.add_webauthn), name="mfa_add_webauthn"),
    path(
        "second-factor/keys/again/",
        signed_in(keys.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("second-factor/keys/<int:pk>/remove/", signed_in(keys.remove_webauthn), name="mfa_remove_webauthn"),
    path("second-factor/keys/<int:pk>/rename/", signed_in(keys.edit_webauthn), name="mfa_edit_webauthn"),
    path("second-factor/codes/", signed_in(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "second-factor/codes/make/",
        signed_in(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "second-factor/codes/file/",
        signed_in(recovery.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("with/<str:provider_id>/", public(identity.login), name="force_identity_login"),
    path("with/<str:provider_id>/back/", public(identity.callback), name="force_identity_callback"),
    path("sessions/", signed_in(sessions.list_usersessions), name="usersessions_list"),
]
