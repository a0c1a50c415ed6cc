"""Settings for a force: everything that differs comes from the environment (``docs/deploy.md`` lists it)."""

from __future__ import annotations

import os
import shlex
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from opencdi.review.project import databases, logs
from opencdi.review.project.environment import Environment
from opencdi.review.project.settings import *  # noqa: F403
from opencdi.review.project.settings import SECURE_CSP

_here = Environment(os.environ)

SECRET_KEY = _here.secret("SECRET_KEY")
SEALING_KEYS = _here.several("SEALING_KEYS")
if not SEALING_KEYS:
    raise ImproperlyConfigured(
        "Set OPENCDI_REVIEW_SEALING_KEYS, or OPENCDI_REVIEW_SEALING_KEYS_FILE to a file: name:key, the first "
        "seals and all open. `opencdi review sealing-key NAME` makes one."
    )
ALLOWED_HOSTS = _here.several("HOSTS")
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "Set OPENCDI_REVIEW_HOSTS to the names this service is reached by, no asterisk."
    )

DATABASES = {
    "default": databases.from_environment(
        {
            databases.ADDRESS: _here.value("DATABASE"),
            databases.FILE: _here.value("SQLITE"),
        }
    )
}
if not _here.value("DATABASE") and not _here.value("SQLITE"):
    raise ImproperlyConfigured(
        "Set OPENCDI_REVIEW_DATABASE to the address of a PostgreSQL database "
        "(or OPENCDI_REVIEW_SQLITE to a file, for one small team)."
    )

# Transport: TLS ends at the proxy in front, which says so in X-Forwarded-Proto.
REVIEW_TRUSTED_PROXIES = _here.number("PROXIES", 1)
if REVIEW_TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"

SESSION_COOKIE_NAME = "__Host-sid"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_NAME = "__Host-language"
LANGUAGE_COOKIE_SECURE = True

REVIEW_SCANNER = shlex.split(_here.value("SCANNER"))
REVIEW_MARKING = _here.value("MARKING", "OFFICIAL-SENSITIVE")

# The force's identity provider, if there is one.
if _here.value("OIDC_ISSUER"):
    _issuer = _here.needed("OIDC_ISSUER", "the issuer's address")
    if urlsplit(_issuer).scheme != "https":
        raise ImproperlyConfigured("OPENCDI_REVIEW_OIDC_ISSUER must begin with https://.")
    SOCIALACCOUNT_PROVIDERS = {
        "force_identity": {
            "APPS": [
                {
                    "provider_id": "force",
                    "name": _here.value("OIDC_NAME", "your organisation's account"),
                    "client_id": _here.needed("OIDC_CLIENT_ID", "the client's id at the provider"),
                    "secret": _here.needed("OIDC_CLIENT_SECRET", "the client's secret at the provider"),
                    "settings": {"server_url": _issuer, "oauth_pkce_enabled": True},
                }
            ]
        }
    }
    # Where a sign-in form may lead: browsers hold this against redirects of a form too.
    SECURE_CSP = {
        **SECURE_CSP,
        "form-action": ["'self'", _here.value("OIDC_ORIGIN", "https://" + urlsplit(_issuer).netloc)],
    }
    REVIEW_SECOND_FACTOR_BY_PROVIDER = frozenset(_here.several("OIDC_SECOND_FACTOR"))

# Mail: only links for new passwords and notices that a sign-in changed; never anything of a case.
EMAIL_HOST = _here.value("MAIL_HOST", "localhost")
EMAIL_PORT = _here.number("MAIL_PORT", 25)
EMAIL_HOST_USER = _here.value("MAIL_USER")
EMAIL_HOST_PASSWORD = _here.value("MAIL_PASSWORD")
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = _here.value("MAIL_FROM", f"review-room@{ALLOWED_HOSTS[0].lstrip('.')}")

LOGGING = logs.to_standard_error()
