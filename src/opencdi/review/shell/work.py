"""My work: the first page after signing in, in parts. An application joins when it is ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opencdi.review.people.models import Person
from opencdi.review.policy import Role


@dataclass(frozen=True)
class Task:
    """One line: what it is, where it leads, and what stands beside it (a count or a state)."""

    words: str
    href: str
    state: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Part:
    """The tasks of one role. ``tasks`` is asked only for somebody who holds it."""

    title: str | Promise
    role: Role
    tasks: Callable[[Person], list[Task]]


_parts: dict[Callable[[Person], list[Task]], Part] = {}


def join(title: str | Promise, role: Role, tasks: Callable[[Person], list[Task]]) -> None:
    """Adds a part once, however often its application says that it is ready: Django may ask again."""
    _parts[tasks] = Part(title, role, tasks)


def work_of(person: Person) -> list[tuple[str, list[Task]]]:
    """Title and tasks of every part for which this person holds the role."""
    roles = person.roles
    return [(str(part.title), part.tasks(person)) for part in _parts.values() if part.role in roles]


def left_in_words(count: int) -> str:
    """``3 left``, or that nothing is left."""
    return ngettext("%(num)s left", "%(num)s left", count) % {"num": count} if count else _("Nothing left")
