"""Writing events, in the transaction of what they tell of, and checking the chain.

An event holds identifiers, codes, the role and the time, and keyed digests of texts; never a text. If it
cannot be written, what it would have told of does not happen.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection, transaction

from opencdi.ledger import Entry
from opencdi.ledger.chain import START
from opencdi.review.events.kinds import Kind
from opencdi.review.events.models import DigestKey, Event
from opencdi.review.people.models import Person

Value = str | int | bool | None | UUID | Sequence[str]

_CODE = re.compile(r"[\w.:/+@=-]{0,120}")
_LOCK = 0x0CD1
"""The advisory lock that puts writing transactions in order on PostgreSQL."""
_has_the_turn: ContextVar[bool] = ContextVar("has_the_turn", default=False)
"""Inside ``writing``: the outermost took the lock, and it is given back with its transaction."""


@contextmanager
def writing() -> Iterator[None]:
    """One transaction that changes something: they run one after another, on both databases.

    SQLite's begins IMMEDIATE (settings); on PostgreSQL each waits for the advisory lock. So a service reads
    what it is about to change after whoever was before it has ended.
    """
    with transaction.atomic():
        _take_the_turn()
        token = _has_the_turn.set(True)
        try:
            yield
        finally:
            _has_the_turn.reset(token)


def record(kind: Kind, actor: Person | None, **content: Value) -> Entry:
    """Write one event.

    Raises ``TypeError`` for content that is not a code, ``RuntimeError`` outside ``writing``.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("An event is written in the transaction of what it tells of.")
    _take_the_turn()
    last = Event.objects.order_by("-number").values_list("number", "hash").first()
    entry = Entry(
        number=last[0] + 1 if last else 0,
        at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        kind=kind.value,
        content={"actor": str(actor.key) if actor else "command-line", **_checked(content)},
        previous=last[1] if last else START,
    )
    Event.objects.create(
        number=entry.number, body=entry.canonical.decode(), previous=entry.previous, hash=entry.hash
    )
    return entry


def digest(record_key: UUID, text: str) -> str:
    """HMAC-SHA256 of a text under a key of its record, which can be deleted with the record."""
    key, _ = DigestKey.objects.get_or_create(record=record_key, defaults={"secret": secrets.token_bytes(32)})
    return hmac.digest(bytes(key.secret), text.encode(), "sha256").hex()


def entries() -> Iterator[Entry]:
    """Every event in order. Raises ``ValueError`` or ``TypeError`` for a row that is not one."""
    for body in Event.objects.order_by("number").values_list("body", flat=True).iterator():
        yield Entry(**json.loads(body))


def verify() -> list[str]:
    """Sentences about what does not hold in the chain, the first of each kind; empty when it is whole."""
    previous = START
    for expected, row in enumerate(Event.objects.order_by("number").iterator()):
        problem = _problem(row, expected, previous)
        if problem:
            return [problem]
        previous = row.hash
    return []


def _problem(row: Event, expected: int, previous: str) -> str:
    if row.number != expected:
        return f"Event {expected} is missing."
    if row.previous != previous:
        return f"Event {row.number} does not follow from the event before it."
    if hashlib.sha256(row.body.encode()).hexdigest() != row.hash:
        return f"Event {row.number} was changed: it does not have the hash that stands beside it."
    try:
        entry = Entry(**json.loads(row.body))
    except (ValueError, TypeError):
        return f"Event {row.number} cannot be read."
    if (entry.number, entry.previous, entry.hash) != (row.number, row.previous, row.hash):
        return f"Event {row.number} says otherwise of itself than the row it stands in."
    return ""


def _checked(content: dict[str, Value]) -> dict[str, object]:
    return {name: _code(name, value) for name, value in content.items()}


def _code(name: str, value: Value) -> object:
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, str):
        if not _CODE.fullmatch(value):
            raise TypeError(f"`{name}` of an event holds free text. Give its digest.")
        return value
    return [_code(name, each) for each in value]


def _take_the_turn() -> None:
    if connection.vendor == "postgresql" and not _has_the_turn.get():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
