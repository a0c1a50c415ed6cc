"""The chain of events: append-only, without texts, in the transaction of what it tells of."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from tests.review.made_up import auditors, correct, judge, loaded, readings, recorded_sample

from opencdi.ledger.checkpoint import check, checkpoint
from opencdi.ledger.note import SigningKey
from opencdi.review.events import chain, triggers
from opencdi.review.events.chain import digest, entries, record, verify, writing
from opencdi.review.events.kinds import MEANING, Kind
from opencdi.review.events.models import DigestKey, Event
from opencdi.review.judging.models import Judgement

pytestmark = pytest.mark.django_db


def write(count: int = 3) -> None:
    for number in range(count):
        with writing():
            record(Kind.EVENTS_READ, None, number=number)


def test_every_kind_has_a_meaning() -> None:
    assert set(MEANING) == set(Kind)


def test_each_event_follows_the_one_before() -> None:
    write()
    assert [entry.number for entry in entries()] == [0, 1, 2]
    assert verify() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events_event SET body = 'x' WHERE number = 1",
        "DELETE FROM events_event WHERE number = 1",
        "DELETE FROM events_event",
        "INSERT INTO events_event (number, body, previous, hash) VALUES (7, 'x', 'y', 'z')",
        "INSERT INTO events_event (number, body, previous, hash) VALUES (3, 'x', 'y', 'z')",
        "INSERT INTO events_event (number, body, previous, hash) VALUES (2, 'x', 'y', 'z')",
    ],
)
def test_the_database_itself_refuses_to_change_delete_or_misplace_an_event(statement: str) -> None:
    write()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify() == []


def test_replacing_an_event_is_refused_too() -> None:
    write()
    statement = {
        "sqlite": "INSERT OR REPLACE INTO events_event (number, body, previous, hash) VALUES (1,'x','y','z')",
        "postgresql": "TRUNCATE events_event",
    }[connection.vendor]
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify() == []


def _tampered(change: Callable[[], object]) -> list[str]:
    with connection.schema_editor() as editor:
        triggers.drop(editor)
    change()
    return verify()


@pytest.mark.django_db(transaction=True)
def test_who_drops_the_triggers_and_changes_an_event_is_found_at_its_number() -> None:
    write()
    assert "Event 1 was changed" in _tampered(lambda: Event.objects.filter(number=1).update(body="{}"))[0]


@pytest.mark.django_db(transaction=True)
def test_who_drops_the_triggers_and_deletes_an_event_is_found_at_its_number() -> None:
    write()
    assert _tampered(lambda: Event.objects.filter(number=1).delete()) == ["Event 1 is missing."]


def test_a_text_is_refused_and_its_digest_is_not() -> None:
    with writing():
        with pytest.raises(TypeError, match="free text"):
            record(Kind.EVENTS_READ, None, reason="she was punched in the face")
        record(Kind.EVENTS_READ, None, reason=digest(uuid.uuid4(), "she was punched in the face"))


def test_a_digest_cannot_be_linked_to_its_text_once_the_key_is_deleted() -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    with writing():
        before = digest(one, "a text")
        assert digest(one, "a text") == before != digest(other, "a text")
        DigestKey.objects.filter(record=one).delete()
        assert digest(one, "a text") != before


@pytest.mark.django_db(transaction=True)
def test_no_event_is_written_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError):
        record(Kind.EVENTS_READ, None)


def test_what_cannot_be_told_does_not_happen(monkeypatch: pytest.MonkeyPatch) -> None:
    auditors("anna", "ben")
    audit = loaded(recorded_sample(1))
    reading = readings(audit)[0]

    def full(*_: object, **__: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(chain.Event.objects, "create", full)
    with pytest.raises(DatabaseError):
        judge(reading.person, reading.key, correct(1))
    assert not Judgement.objects.filter(stage=Judgement.Stage.SUBMITTED).exists()


def test_a_checkpoint_shows_a_history_written_anew() -> None:
    write(5)
    key = SigningKey.generate("testshire.example")
    note = checkpoint(list(entries()), key)
    write(2)
    assert check(note, key.verifier, list(entries())) == []
    assert check(note, key.verifier, list(entries())[1:]) != []
