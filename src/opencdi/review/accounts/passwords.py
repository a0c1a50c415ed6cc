"""A password may not lean on the words of this place (ASVS 6.2.11)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SHARE_OF_PLACE_WORDS = 0.6


class NoWordsOfThisPlace:
    """Refuses a password that is mostly words anybody here would guess, or its holder's own names."""

    def validate(self, password: str, user: object | None = None) -> None:
        letters = re.sub(r"[^a-z]", "", password.lower())
        if not letters:
            return
        rest = letters
        for word in sorted(place_words() | _own(user), key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(rest) <= len(letters) * (1 - SHARE_OF_PLACE_WORDS):
            raise ValidationError(
                _("Choose a password not made of your name, your force's name or words of this work."),
                code="words_of_this_place",
            )

    def get_help_text(self) -> str:
        return _("Do not use your name, your force's name or words such as police, crime or audit.")


@cache
def place_words() -> frozenset[str]:
    """Words of the work and of the names of forces, a line each."""
    return frozenset(Path(__file__).with_name("place-words.txt").read_text(encoding="ascii").split())


def _own(user: object | None) -> set[str]:
    text = " ".join(str(getattr(user, name, "") or "") for name in ("name", "email", "force")).lower()
    return {word for word in re.findall(r"[a-z]+", text) if len(word) > 2}
