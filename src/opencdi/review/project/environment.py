"""What an installation says of itself: values and secrets from the environment or from files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

PREFIX = "OPENCDI_REVIEW_"
SHORTEST_SECRET = 50
FEWEST_CHARACTERS = 12


class Environment:
    """Reads ``OPENCDI_REVIEW_NAME``, or the file that ``OPENCDI_REVIEW_NAME_FILE`` names."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables

    def value(self, name: str, default: str = "") -> str:
        """What is empty counts as not there: compose passes on as empty what nobody has set.

        Raises ImproperlyConfigured where the file named for it cannot be read.
        """
        named = self.variables.get(f"{PREFIX}{name}_FILE", "")
        if not named:
            return self.variables.get(PREFIX + name, "").strip() or default
        try:
            return Path(named).read_text(encoding="utf-8").strip() or default
        except (OSError, UnicodeDecodeError):
            raise ImproperlyConfigured(
                f"{PREFIX}{name}_FILE names a file that cannot be read. Check its path and permissions."
            ) from None

    def needed(self, name: str, what: str) -> str:
        """Raises ImproperlyConfigured, saying ``what`` belongs there, where it is missing."""
        value = self.value(name)
        if not value:
            raise ImproperlyConfigured(f"Set {PREFIX}{name}, or {PREFIX}{name}_FILE to a file: {what}.")
        return value

    def several(self, name: str) -> list[str]:
        """Values between commas or line breaks."""
        return [part.strip() for part in self.value(name).replace("\n", ",").split(",") if part.strip()]

    def number(self, name: str, default: int) -> int:
        value = self.value(name, str(default))
        if not value.isascii() or not value.isdigit():
            raise ImproperlyConfigured(f"{PREFIX}{name} must be a whole number, not what it is now.")
        return int(value)

    def says_yes(self, name: str) -> bool:
        return self.value(name).lower() in ("1", "yes", "true")

    def secret(self, name: str) -> str:
        """A secret that cannot be guessed. Raises ImproperlyConfigured where it is missing or weak."""
        found = self.needed(name, "a long random text; `opencdi review secret` makes one")
        if is_weak(found):
            raise ImproperlyConfigured(
                f"{PREFIX}{name} is weak. Use a random text of at least {SHORTEST_SECRET} characters; "
                "`opencdi review secret` makes one."
            )
        return found


def is_weak(secret: str) -> bool:
    """Short, of few different characters, or one that was meant for tests."""
    return (
        len(secret) < SHORTEST_SECRET
        or len(set(secret)) < FEWEST_CHARACTERS
        or secret.startswith(("tests-only", "django-insecure"))
    )
