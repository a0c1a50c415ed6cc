"""Made-up people for a first look. None exists anywhere else: a room starts without accounts (ASVS 6.3.2)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from opencdi.review.people.models import Person
from opencdi.review.people.services import add_person, grant
from opencdi.review.policy import Role

PEOPLE = (
    ("Amira Holt", "amira", Role.AUDITOR, ""),
    ("Ben Castell", "ben", Role.AUDITOR, ""),
    ("Cerys Lowe", "cerys", Role.AUDITOR, ""),
    ("Dev Marsh", "dev", Role.AUDITOR, ""),
    ("Erin Vale", "erin", Role.ADJUDICATOR, ""),
    ("Farah Stone", "farah", Role.REGISTRAR, "own"),
    ("Gwen Pryor", "gwen", Role.FORCE_LEAD, "own"),
    ("Hugh Ferris", "hugh", Role.INSPECTOR, ""),
    ("Ines Bright", "ines", Role.PANEL_MEMBER, ""),
    ("Jon Meadows", "jon", Role.STATISTICIAN, ""),
    ("Kaya Reed", "kaya", Role.ADMINISTRATOR, ""),
    ("Leon Ash", "leon", Role.DATA_PROTECTION, "own"),
)
WORDS = Path(__file__).with_name("demo-words.txt")


@dataclass(frozen=True)
class Made:
    """Role and address of each made-up person, and the password they share."""

    people: list[tuple[str, str]]
    password: str


def add_people(force: str) -> Made:
    """Adds whoever is not there yet; the password is made once and kept beside the database."""
    password = _password(Path(settings.DATABASES["default"]["NAME"]).parent / "demo-password")
    made = []
    for name, first, role, side in PEOPLE:
        email = f"{first}@demo.invalid"
        if not Person.objects.filter(email=email).exists():
            grant(add_person(email, name, force if side else "", password), role)
        made.append((role.value.replace("_", " "), email))
    return Made(made, password)


def _password(path: Path) -> str:
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    words = WORDS.read_text(encoding="ascii").split()
    password = " ".join(secrets.choice(words) for _ in range(4))
    path.touch(mode=0o600)
    path.write_text(password + "\n", encoding="ascii")
    return password
