"""The room refuses to start unsafely, and says why (ASVS 13.2.2, 13.3.1, 13.4.x, 12.x)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse
from django.urls import path
from tests.review.security.conftest import production_values
from typer.testing import CliRunner

from opencdi.review.people.models import Person
from opencdi.review.project import checks, databases
from opencdi.review.project.database_checks import the_tables_are_of_this_version
from opencdi.review.project.environment import is_weak
from opencdi.review.project.keys import kept_secret, new_secret

urlpatterns = [path("open/", lambda request: HttpResponse())]


def _says(check: Callable[[], Any]) -> str:
    return " ".join(check())


def test_13_4_2_the_settings_of_a_force_pass_every_check(production: Any) -> None:
    for check in checks.CONFIGURATION:
        if check is not checks.secrets_are_strong:
            assert list(check()) == []


@pytest.mark.django_db
def test_12_1_1_check_deploy_has_nothing_to_say_of_a_force(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in production_values(monkeypatch).items():
        if name not in ("DATABASES", "LOGGING"):
            setattr(settings, name, value)
    assert [message.msg for message in run_checks(include_deployment_checks=True)] == []


def test_8_2_1_a_route_without_an_access_rule_keeps_the_room_from_starting(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    assert "'open/' states no access rule" in _says(checks.every_route_states_its_rule)


@pytest.mark.parametrize(
    ("name", "value", "check", "said"),
    [
        ("DEBUG", True, checks.nothing_shows_its_inside, "DEBUG is on"),
        ("SECRET_KEY", "a" * 60, checks.secrets_are_strong, "secret key is weak"),
        ("SECURE_SSL_REDIRECT", False, checks.a_force_is_reached_safely, "SECURE_SSL_REDIRECT is off"),
        ("SESSION_COOKIE_SECURE", False, checks.a_force_is_reached_safely, "SESSION_COOKIE_SECURE is off"),
        ("SESSION_COOKIE_NAME", "sid", checks.a_force_is_reached_safely, "__Host-"),
        (
            "REVIEW_DEMO_WITHOUT_SECOND_FACTOR",
            True,
            checks.a_demonstration_stays_on_its_own_machine,
            "only a demonstration may",
        ),
        (
            "REVIEW_DEMO",
            True,
            checks.a_demonstration_stays_on_its_own_machine,
            "only be reached from its own",
        ),
        (
            "CACHES",
            {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
            checks.throttles_count_over_all_processes,
            "each process's own",
        ),
    ],
)
def test_13_4_2_what_is_unsafe_is_named(
    production: Any, name: str, value: Any, check: Callable[[], Any], said: str
) -> None:
    setattr(production, name, value)
    assert said in _says(check)


def test_13_4_2_the_settings_of_the_tests_do_not_start_a_room(settings: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match="secret key is weak"):
        checks.refuse_to_start_unsafely()


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"SECRET_KEY": ""}, "Set OPENCDI_REVIEW_SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is weak"),
        ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY is weak"),
        ({"SEALING_KEYS": ""}, "SEALING_KEYS"),
        ({"HOSTS": ""}, "OPENCDI_REVIEW_HOSTS"),
        ({"HOSTS": "*"}, "no asterisk"),
        ({"DATABASE": ""}, "OPENCDI_REVIEW_DATABASE"),
        ({"DATABASE": "mysql://x/y"}, "must look like postgresql://"),
        ({"PROXIES": "two"}, "must be a whole number"),
        ({"OIDC_ISSUER": "http://id.example", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b"}, "https://"),
        ({"OIDC_ISSUER": "https://id.example"}, "OIDC_CLIENT_ID"),
        ({"SECRET_KEY": "", "SECRET_KEY_FILE": "/nowhere/at/all"}, "cannot be read"),
    ],
)
def test_13_3_1_a_missing_or_weak_secret_is_refused_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], said: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=said):
        production_values(monkeypatch, **variables)


def test_13_3_1_a_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = new_secret()
    (tmp_path / "secret").write_text(secret + "\n")
    values = production_values(monkeypatch, SECRET_KEY="", SECRET_KEY_FILE=str(tmp_path / "secret"))
    assert values["SECRET_KEY"] == secret


def test_13_3_1_a_secret_made_for_a_demonstration_is_strong_kept_and_only_its_owners(tmp_path: Path) -> None:
    made = kept_secret(tmp_path / "secret")
    assert not is_weak(made)
    assert kept_secret(tmp_path / "secret") == made
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_6_3_2_a_fresh_room_has_no_accounts() -> None:
    assert Person.objects.count() == 0


def test_13_4_3_there_is_no_admin_site_and_no_page_about_the_insides(client: Any, db: None) -> None:
    for address in ("/admin/", "/docs/", "/api/", "/.git/config", "/static/", "/static/review/", "/metrics"):
        assert client.get(address).status_code == 404


def test_12_3_1_a_database_elsewhere_is_reached_by_tls_with_its_name_checked(settings: Any) -> None:
    from django.db import connection

    config = databases.postgresql("postgresql://room@db.example/review")
    guarded = databases.postgresql("postgresql://room@db.example/review?sslmode=verify-full")
    kept, vendor = connection.settings_dict, connection.vendor
    try:
        connection.vendor = "postgresql"  # type: ignore[misc]
        connection.settings_dict = config
        assert "sslmode=verify-full" in _says(checks.the_way_to_the_database_is_guarded)
        connection.settings_dict = guarded
        assert _says(checks.the_way_to_the_database_is_guarded) == ""
    finally:
        connection.settings_dict = kept
        connection.vendor = vendor  # type: ignore[misc]


def test_an_incomplete_setting_is_one_plain_sentence_at_the_command_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import subprocess
    import sys

    found = subprocess.run(
        [sys.executable, "-c", "from opencdi.cli import main; main()", "review", "check"],
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 2
    assert "OPENCDI_REVIEW_SECRET_KEY" in found.stderr
    assert "Traceback" not in found.stderr


def test_tables_of_a_newer_version_keep_the_room_from_starting(db: None) -> None:
    assert not list(the_tables_are_of_this_version())
    MigrationRecorder(connection).record_applied("judging", "0099_of_next_year")
    assert "of a newer version" in _says(the_tables_are_of_this_version)


def test_secrets_from_the_command_line_are_strong() -> None:
    from opencdi.cli.review import app

    made = CliRunner().invoke(app, ["secret"]).output.strip()
    assert not is_weak(made)
