"""What must hold before the review room serves anybody. The server and ``opencdi review check`` ask it.

Each check is a function that answers with sentences about what is wrong, so that all of it is told at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.urls import get_resolver

from opencdi.review.access import routes_without_rule
from opencdi.review.project.environment import is_weak

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
NOT_HERE = ("django.contrib.admin", "django.contrib.admindocs", "debug_toolbar")
SHARED_CACHES = ("CountsInDatabase", "PyMemcacheCache", "RedisCache")


def every_route_states_its_rule() -> Iterator[str]:
    for address in routes_without_rule(get_resolver().url_patterns):
        yield f"The address {address!r} states no access rule (opencdi.review.access)."


def nothing_shows_its_inside() -> Iterator[str]:
    if settings.DEBUG:
        yield "DEBUG is on."
    for name in NOT_HERE:
        if apps.is_installed(name):
            yield f"{name} is installed: case data has no other door than this application's own pages."


def secrets_are_strong() -> Iterator[str]:
    if is_weak(settings.SECRET_KEY):
        yield "The secret key is weak."
    if any(key.startswith("tests-only:") for key in settings.SEALING_KEYS):
        yield "A sealing key is the one of the tests."


def a_demonstration_stays_on_its_own_machine() -> Iterator[str]:
    if not settings.REVIEW_DEMO:
        if settings.REVIEW_DEMO_WITHOUT_SECOND_FACTOR:
            yield "The second factor is waived, which only a demonstration may do."
        return
    if not set(settings.ALLOWED_HOSTS) <= LOOPBACK:
        yield "A demonstration may only be reached from its own machine (ALLOWED_HOSTS)."
    if connection.vendor != "sqlite":
        yield "A demonstration keeps its made-up data in SQLite, not in a force's PostgreSQL."


def a_force_is_reached_safely() -> Iterator[str]:
    if settings.REVIEW_DEMO:
        return
    for name in ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"):
        if not getattr(settings, name):
            yield f"{name} is off: sign-ins would cross the network in the clear."
    if not settings.SESSION_COOKIE_NAME.startswith("__Host-"):
        yield "The session cookie's name does not begin with __Host-."


def throttles_count_over_all_processes() -> Iterator[str]:
    if settings.CACHES["default"]["BACKEND"].rpartition(".")[2] not in SHARED_CACHES:
        yield "The cache is each process's own, so that throttles would allow as many times more."


def the_way_to_the_database_is_guarded() -> Iterator[str]:
    """TLS with the server's name checked, unless the database is on this machine (ASVS 12.3.x)."""
    if connection.vendor != "postgresql":
        return
    config = connection.settings_dict
    host = config["HOST"] or config["OPTIONS"].get("host", "")
    on_this_machine = not host or host.startswith("/") or host in LOOPBACK
    if not on_this_machine and config["OPTIONS"].get("sslmode") != "verify-full":
        yield "The database is on another machine: add ?sslmode=verify-full&sslrootcert=FILE to its address."


CONFIGURATION: tuple[Callable[[], Iterator[str]], ...] = (
    every_route_states_its_rule,
    nothing_shows_its_inside,
    secrets_are_strong,
    a_demonstration_stays_on_its_own_machine,
    a_force_is_reached_safely,
    throttles_count_over_all_processes,
    the_way_to_the_database_is_guarded,
)


def what_is_wrong() -> list[str]:
    """Every sentence of every check, those of the database last and only if it can be asked."""
    from opencdi.review.project.database_checks import DATABASE

    wrong = [sentence for check in CONFIGURATION for sentence in check()]
    return wrong or [sentence for check in DATABASE for sentence in check()]


def refuse_to_start_unsafely() -> None:
    """Raises ImproperlyConfigured, naming everything that is wrong."""
    wrong = what_is_wrong()
    if wrong:
        listed = "\n".join(f"- {sentence}" for sentence in wrong)
        raise ImproperlyConfigured(f"The review room does not start:\n{listed}")


@register(Tags.security, deploy=True)
def deployment_check(**_: object) -> list[Error]:
    """The same for ``check --deploy``."""
    return [
        Error(sentence, id=f"review.E{number:03}")
        for number, check in enumerate(CONFIGURATION, start=1)
        for sentence in check()
    ]
