"""Settings for a first look on one's own machine: made-up data, SQLite, no HTTPS, no second factor unless
asked.

Refused wherever the address is not this machine's own (``project.checks``).
"""

from __future__ import annotations

import os
from pathlib import Path

from opencdi.review.project import databases, logs
from opencdi.review.project.environment import Environment
from opencdi.review.project.keys import kept_sealing_key, kept_secret
from opencdi.review.project.settings import *  # noqa: F403

_here = Environment(os.environ)
_home = Path(_here.value("DEMO", "audits/review-room")).resolve()
_home.mkdir(parents=True, exist_ok=True)

REVIEW_DEMO = True
REVIEW_DEMO_WITHOUT_SECOND_FACTOR = not _here.says_yes("DEMO_SECOND_FACTOR")
REVIEW_MARKING = "OFFICIAL-SENSITIVE (demonstration)"

SECRET_KEY = kept_secret(_home / "secret-key")
SEALING_KEYS = [kept_sealing_key(_home / "sealing-key")]
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]

DATABASES = {"default": databases.from_environment({databases.FILE: str(_home / "review.sqlite3")})}
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(_home / "mail")
LOGGING = logs.to_file(_home / "log.jsonl")
