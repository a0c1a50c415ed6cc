"""Settings that are the same wherever the review room runs.

``production`` adds what a force needs (secrets, PostgreSQL, HTTPS); ``demo`` adds what a first look needs.
The room refuses to serve on these settings alone: see ``project.checks``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from opencdi.review.project.databases import from_environment

ROOM = Path(__file__).resolve().parent.parent

SECRET_KEY = "tests-only-" + "0" * 50
# name:key pairs; the first seals, all open (opencdi.review.sealing).
SEALING_KEYS = ["tests-only:b25seS1mb3ItdGVzdHMtYW5kLWEtZmlyc3QtbG9vayE="]
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "allauth.usersessions",
    "opencdi.review.people",
    "opencdi.review.accounts",
    "opencdi.review.accounts.identity",
    "opencdi.review.shell",
    "opencdi.review.events",
    "opencdi.review.audits",
    "opencdi.review.judging",
    "opencdi.review.adjudication",
    "opencdi.review.quality",
    "opencdi.review.findings",
    "opencdi.review.files",
    "opencdi.review.answers",
    "opencdi.review.actions",
    "opencdi.review.scrutiny",
    "opencdi.review.desk",
    "opencdi.review.readers",
]

MIDDLEWARE = [
    "opencdi.review.shell.middleware.requests.RequestLog",
    "opencdi.review.shell.middleware.headers.SafeHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "opencdi.review.accounts.middleware.SessionLimits",
    "opencdi.review.accounts.middleware.SignedInOnly",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "opencdi.review.accounts.middleware.SecondFactor",
    "opencdi.review.shell.middleware.plain.PlainPages",
]

ROOT_URLCONF = "opencdi.review.project.urls"
WSGI_APPLICATION = "opencdi.review.project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "opencdi.review.shell.templating.environment",
            "context_processors": ["opencdi.review.shell.context.page"],
        },
    },
    {
        # Only for the texts of mails, which django-allauth keeps in Django's own template language.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
    },
]

DATABASES = {"default": from_environment(os.environ)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Throttles count over all processes, so they live in the database and not in each process's memory.
CACHES = {"default": {"BACKEND": "opencdi.review.project.counts.CountsInDatabase", "LOCATION": "cache"}}

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]
LOCALE_PATHS = [ROOM / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/London"

STATIC_URL = "/static/"
# Served straight from the installed packages: nothing has to be copied at deployment.
WHITENOISE_USE_FINDERS = True

# Accounts.
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
PASSWORD_HASHERS = ["opencdi.review.project.hashing.Argon2idHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "opencdi.review.accounts.passwords.NoWordsOfThisPlace"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60

ACCOUNT_ADAPTER = "opencdi.review.accounts.adapter.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
# No mail to addresses without an account: it would invite strangers, and tell who has one.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_FORMS = {
    "login": "opencdi.review.accounts.forms.SignIn",
    "change_password": "opencdi.review.accounts.forms.ChangePassword",
    "reset_password": "opencdi.review.accounts.forms.AskForNewPassword",
    "reset_password_from_key": "opencdi.review.accounts.forms.NewPassword",
    "reauthenticate": "opencdi.review.accounts.forms.PasswordAgain",
}
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "reset_password": "10/m/ip,3/h/key",
    "reset_password_from_key": "10/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
SOCIALACCOUNT_ADAPTER = "opencdi.review.accounts.adapter.ForceIdentities"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {}
MFA_ADAPTER = "opencdi.review.accounts.adapter.SecondFactors"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_TOTP_ISSUER = "OpenCDI review room"
MFA_TOTP_TOLERANCE = 1
# Accounts are made by an administrator for a known address: there is nothing to verify by mail.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "opencdi.review.accounts.forms.SecondFactorCode",
    "reauthenticate": "opencdi.review.accounts.forms.SecondFactorAgain",
    "activate_totp": "opencdi.review.accounts.forms.ActivateAuthenticator",
    "deactivate_totp": "opencdi.review.accounts.forms.DeactivateAuthenticator",
    "generate_recovery_codes": "opencdi.review.accounts.forms.MakeRecoveryCodes",
    "add_webauthn": "opencdi.review.accounts.forms.AddKey",
    "edit_webauthn": "opencdi.review.accounts.forms.RenameKey",
}
USERSESSIONS_TRACK_ACTIVITY = False

# Sessions: ended after 20 minutes without a request and after 12 hours in any case (ASVS 7.3.1, 7.3.2).
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "opencdi.review.shell.errors.stale_form"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Headers. No inline script or style exists, so none is allowed.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "object-src": ["'none'"],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# Sizes of what may be sent.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_HANDLERS = [
    "opencdi.review.files.handling.SizeGuard",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600

# The room's own.
REVIEW_DEMO = False
REVIEW_DEMO_WITHOUT_SECOND_FACTOR = False
REVIEW_MARKING = "OFFICIAL-SENSITIVE"
REVIEW_IDLE_SECONDS = 20 * 60
REVIEW_LONGEST_SESSION_SECONDS = 12 * 60 * 60
REVIEW_TRUSTED_PROXIES = 0
REVIEW_SECOND_FACTOR_BY_PROVIDER: frozenset[str] = frozenset()
REVIEW_INVITATION_HOURS = 72
REVIEW_LARGEST_FILE = 10_000_000
# A command that reads a file and ends with 0 for clean and 1 for not, such as clamdscan --no-summary -.
REVIEW_SCANNER: list[str] = []
