"""Everybody asks for everything, with other people's keys (ASVS 8.x); reading changes nothing (3.5.3)."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver
from tests.review.aftermath import RAPE_LOG
from tests.review.screens import SCREENS
from tests.review.security.addresses import filled
from tests.review.visitors import browser_of
from tests.review.world import LONG_LOG, World, built

from opencdi.review.access import PUBLIC, SIGNED_IN, routes, rule_of
from opencdi.review.audits.models import Material
from opencdi.review.events.chain import entries
from opencdi.review.events.kinds import Kind
from opencdi.review.policy import Role

pytestmark = pytest.mark.django_db

READERS = (Role.AUDITOR, Role.ADJUDICATOR)
# Sessions and throttles are kept there; refusals and views of a narrative are events, by design.
MAY_CHANGE = {"django_session", "cache", "usersessions_usersession", "events_event", "events_digestkey"}
OPENED = (Kind.NARRATIVE_OPENED, Kind.LEAD_OPENED)
SHOW_A_LOG = ("judge", "decide", "answer-verdict", "decide-dispute", "correct-record", "redact", "panel-case")
GUARDED = [
    pattern
    for pattern, view in routes(get_resolver().url_patterns)
    if rule_of(view) not in (PUBLIC, SIGNED_IN)
]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once; each test's own changes are rolled back to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield built()
        transaction.set_rollback(True)


def _addresses(world: World, keys: Iterable[UUID]) -> list[tuple[str, UUID | None]]:
    """Every guarded address, with each of these keys."""
    found: list[tuple[str, UUID | None]] = []
    for pattern in GUARDED:
        if "uuid:" in pattern:
            found += [(filled(pattern, {"key": str(key)}), key) for key in keys]
        else:
            found.append((filled(pattern, {}), None))
    return found


def _keys_of(world: World, role: Role) -> set[UUID]:
    if role == Role.AUDITOR:
        return set(world.readings.values())
    if role == Role.ADJUDICATOR:
        return set(world.disputes.values())
    return world.after.keys_of(role)


def _a_few(world: World) -> list[UUID]:
    """One key of each kind."""
    kinds = (world.readings, world.second_readings, world.disputes)
    return [*(next(iter(kind.values())) for kind in kinds), *world.after.a_few()]


def test_8_2_1_without_an_account_every_guarded_address_leads_to_the_sign_in_page(world: World) -> None:
    for address, _key in _addresses(world, _a_few(world)):
        for method in ("get", "post"):
            answer = getattr(Client(), method)(address)
            assert answer.status_code == 302, address
            assert answer.headers["Location"].startswith("/account/sign-in/"), address


@pytest.mark.parametrize("role", list(Role))
def test_8_2_2_nobody_opens_a_page_by_somebody_elses_key(world: World, role: Role) -> None:
    browser, own = browser_of(world.people[role]), _keys_of(world, role)
    keys = {*world.keys(), *world.after.a_few()} if role in READERS else _a_few(world)
    for address, key in _addresses(world, keys):
        if key is not None and key not in own:
            for answer in (browser.get(address), browser.post(address, {"version": "0"})):
                assert answer.status_code in (404, 405), address
                shown = answer.content.decode()
                assert not any(log.splitlines()[0] in shown for log in (LONG_LOG, RAPE_LOG)), address


@pytest.mark.parametrize("role", list(Role))
def test_8_3_1_a_key_that_exists_and_one_that_does_not_are_answered_alike(world: World, role: Role) -> None:
    browser, nobodys = browser_of(world.people[role]), UUID(int=0)
    theirs = next(iter(world.keys() - _keys_of(world, role)))
    for pattern in (one for one in GUARDED if "uuid:" in one):
        seen = [_told(browser.get(filled(pattern, {"key": str(key)}))) for key in (theirs, nobodys)]
        assert seen[0] == seen[1], pattern


def test_8_3_2_a_refusal_is_an_event(world: World) -> None:
    stranger = world.people[Role.FORCE_LEAD]
    before = sum(entry.kind == "access-refused" for entry in entries())
    browser_of(stranger).get(filled("reading/<uuid:key>/read/", {"key": str(next(iter(world.keys())))}))
    after = [entry for entry in entries() if entry.kind == "access-refused"]
    assert len(after) == before + 1
    assert after[-1].content["actor"] == str(stranger.key)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_screen_opens_for_whom_it_is_meant(world: World, screen: Any) -> None:
    browser = browser_of(world.people[screen.who]) if screen.who else Client()
    answer = browser.get(screen.address(world))
    assert answer.status_code == screen.status
    assert answer.content.count(b"<h1") == 1


def test_16_3_2_every_screen_that_shows_a_log_is_an_event_of_whoever_saw_it(world: World) -> None:
    lines = {line for material in Material.objects.all() for line in material.log.splitlines()}
    telling = {line for line in lines if len(line) > 20}
    showing, untold = [], []
    for screen in (each for each in SCREENS if each.who):
        person = world.people[screen.who]
        before = len(list(entries()))
        page = html.unescape(browser_of(person).get(screen.address(world)).content.decode())
        if any(line in page for line in telling):
            showing.append(screen.name)
            told = [entry for entry in list(entries())[before:] if entry.kind in OPENED]
            if [entry.content["actor"] for entry in told] != [str(person.key)]:
                untold.append(screen.name)
    assert untold == []
    assert set(SHOW_A_LOG) <= set(showing)


def _rows() -> Counter[str]:
    """A digest of each table's rows."""
    found: Counter[str] = Counter()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table not in MAY_CHANGE:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                found[table] = hash(tuple(sorted(map(repr, cursor.fetchall()))))
    return found


@pytest.mark.parametrize("role", list(Role))
def test_3_5_3_reading_pages_changes_nothing(world: World, role: Role) -> None:
    browser, before = browser_of(world.people[role]), _rows()
    for pattern, _view in routes(get_resolver().url_patterns):
        keys = _keys_of(world, role) or _a_few(world)
        for key in keys if "uuid:" in pattern else [UUID(int=0)]:
            browser.get(filled(pattern, {"key": str(key)}))
    after = _rows()
    assert {table for table in before if before[table] != after[table]} == set()


def test_3_5_3_the_tables_that_may_change_exist() -> None:
    known = {model._meta.db_table for model in apps.get_models()} | {"cache"}
    assert known >= MAY_CHANGE


def _told(answer: Any) -> tuple[int, str, dict[str, str]]:
    """What an answer tells: status, text without tokens, headers."""
    text = re.sub(r'value="[^"]{20,}"|data-token="[^"]+"', "", answer.content.decode())
    headers = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
    return answer.status_code, text, headers
