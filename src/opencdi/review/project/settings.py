"""Django's settings. What differs from place to place comes from the environment."""

from __future__ import annotations

import os
from pathlib import Path

BASE = Path(__file__).resolve().parent

SECRET_KEY = os.environ.get("OPENCDI_SECRET_KEY", "only-for-tests-and-a-first-look")
# name:key pairs; the first seals, all open (opencdi.review.sealing).
SEALING_KEYS = os.environ.get(
    "OPENCDI_SEALING_KEYS", "first-look:b25seS1mb3ItdGVzdHMtYW5kLWEtZmlyc3QtbG9vayE="
).split(",")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("OPENCDI_HOSTS", "localhost,127.0.0.1,testserver").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "opencdi.review.people",
    "opencdi.review.events",
    "opencdi.review.audits",
    "opencdi.review.judging",
    "opencdi.review.adjudication",
    "opencdi.review.quality",
    "opencdi.review.findings",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

ROOT_URLCONF = "opencdi.review.project.urls"
AUTH_USER_MODEL = "people.Person"
LOGIN_URL = "/accounts/login/"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "DIRS": [BASE / "jinja2"],
        "OPTIONS": {"environment": "opencdi.review.project.jinja.environment"},
    },
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("OPENCDI_SQLITE", "review.sqlite3"),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 5,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;"
            ),
        },
    }
}

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]
USE_TZ = True
TIME_ZONE = "Europe/London"
STATIC_URL = "static/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
