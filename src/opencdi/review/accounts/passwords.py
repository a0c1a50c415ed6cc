"""A password may not lean on the words of this place (ASVS 6.2.11)."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

PLACE_WORDS = frozenset(
    [
        "police",
        "force",
        "crime",
        "cdi",
        "opencdi",
        "audit",
        "auditor",
        "registrar",
        "incident",
        "review",
        "password",
        "constable",
        "officer",
        "inspector",
        "detective",
        "offence",
        "victim",
        "official",
        "sensitive",
        "thamesmere",
    ]
)
FORCE_WORDS = frozenset(
    [
        "avon",
        "somerset",
        "bedfordshire",
        "cambridgeshire",
        "cheshire",
        "cleveland",
        "cumbria",
        "derbyshire",
        "devon",
        "cornwall",
        "dorset",
        "durham",
        "dyfed",
        "powys",
        "essex",
        "gloucestershire",
        "manchester",
        "gwent",
        "hampshire",
        "hertfordshire",
        "humberside",
        "kent",
        "lancashire",
        "leicestershire",
        "lincolnshire",
        "london",
        "merseyside",
        "metropolitan",
        "norfolk",
        "northamptonshire",
        "northumbria",
        "nottinghamshire",
        "wales",
        "staffordshire",
        "suffolk",
        "surrey",
        "sussex",
        "thames",
        "valley",
        "warwickshire",
        "mercia",
        "midlands",
        "yorkshire",
        "wiltshire",
        "north",
        "south",
        "east",
        "west",
        "city",
        "greater",
    ]
)
SHARE_OF_PLACE_WORDS = 0.6


class NoWordsOfThisPlace:
    """Refuses a password that is mostly words anybody here would guess, or its holder's own names."""

    def validate(self, password: str, user: object | None = None) -> None:
        letters = re.sub(r"[^a-z]", "", password.lower())
        if not letters:
            return
        rest = letters
        for word in sorted(PLACE_WORDS | FORCE_WORDS | _own(user), key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(rest) <= len(letters) * (1 - SHARE_OF_PLACE_WORDS):
            raise ValidationError(
                _("Choose a password not made of your name, your force's name or words of this work."),
                code="words_of_this_place",
            )

    def get_help_text(self) -> str:
        return _("Do not use your name, your force's name or words such as police, crime or audit.")


def _own(user: object | None) -> set[str]:
    text = " ".join(str(getattr(user, name, "") or "") for name in ("name", "email", "force")).lower()
    return {word for word in re.findall(r"[a-z]+", text) if len(word) > 2}
