"""Moving everything sealed to the first sealing key, so that an older key can be laid aside.

It may run while the room is used and be stopped at any time: each value is moved only if it is still what was
read, in batches of one transaction and one event each, and what lies under the first key already is passed
over. Memory is one batch of keys and one value (a file of ten megabytes at most).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps

from opencdi.review.accounts.adapter import SecondFactors
from opencdi.review.accounts.kept import place_of
from opencdi.review.accounts.models import KeptAnswer
from opencdi.review.events.chain import record, writing
from opencdi.review.events.kinds import Kind
from opencdi.review.files.models import StoredFile
from opencdi.review.sealing import SealBrokenError, Sealed, first_key, name_of_key, resealed

BATCH = 200


@dataclass(frozen=True)
class SealedColumn:
    """A column of sealed values, and where a row's value stands."""

    model: Any
    column: str
    place: Callable[[Any], str]

    @property
    def name(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def moved(self, value: Any, row: Any) -> Any:
        """The value under the first key; None where it is already.

        Raises ``SealBrokenError`` where it does not open.
        """
        sealed = bytes(value)
        if not sealed or name_of_key(sealed) == first_key():
            return None
        return resealed(sealed, self.place(row))


@dataclass(frozen=True)
class SecondFactorSecrets(SealedColumn):
    """Secrets of second factors, which lie as base64 inside a column of JSON."""

    def moved(self, value: Any, row: Any) -> Any:
        data = {name: self._each(part) for name, part in value.items()}
        return None if data == value else data

    def _each(self, part: Any) -> Any:
        if isinstance(part, list):
            return [self._each(each) for each in part]
        sealed = _sealed_text(part)
        if sealed is None or name_of_key(sealed) == first_key():
            return part
        return base64.b64encode(resealed(sealed, SecondFactors.PLACE)).decode()


@dataclass
class Resealed:
    """What a run came to."""

    moved: int = 0
    broken: list[str] = field(default_factory=list)
    """Places of what does not open: its key is not among the keys, or it was changed."""


def columns() -> list[SealedColumn]:
    """Everything sealed there is: each model's ``Sealed`` attributes, files, kept answers, second factors."""
    found = [
        SealedColumn(model, each.column, each.place)
        for model in apps.get_models()
        for each in vars(model).values()
        if isinstance(each, Sealed)
    ]
    return [
        *found,
        SealedColumn(StoredFile, "content_sealed", lambda row: row.content_place),
        SealedColumn(KeptAnswer, "sealed", lambda row: place_of(row.person, row.path)),
        SecondFactorSecrets(Authenticator, "data", lambda row: SecondFactors.PLACE),
    ]


def reseal(tell: Callable[[int], None] = lambda rows: None) -> Resealed:
    """Moves what is sealed under other keys to the first one. ``tell`` hears of each batch's rows."""
    come_to = Resealed()
    for column in columns():
        for batch in _batches(column.model):
            with writing():
                moved = sum(_move(column, key, come_to) for key in batch)
                if moved:
                    record(Kind.KEYS_CHANGED, None, column=column.name, key=first_key(), count=moved)
            come_to.moved += moved
            tell(len(batch))
    return come_to


def count_of_rows() -> int:
    """How many rows a run looks at, for its progress."""
    return sum(column.model._default_manager.count() for column in columns())


def _batches(model: Any) -> Iterator[list[Any]]:
    last = None
    while True:
        rows = model._default_manager.order_by("pk")
        if last is not None:
            rows = rows.filter(pk__gt=last)
        keys = list(rows.values_list("pk", flat=True)[:BATCH])
        if not keys:
            return
        yield keys
        last = keys[-1]


def _move(column: SealedColumn, key: Any, come_to: Resealed) -> int:
    """Moves one row's value; how many were moved. A row that went meanwhile is none."""
    rows = column.model._default_manager.filter(pk=key)
    row = rows.first()
    if row is None:
        return 0
    value = getattr(row, column.column)
    try:
        new = column.moved(value, row)
    except SealBrokenError:
        come_to.broken.append(f"{column.name}, row {key}")
        return 0
    if new is None:
        return 0
    changed: int = rows.filter(**{column.column: value}).update(**{column.column: new})
    return changed


def _sealed_text(part: Any) -> bytes | None:
    if not isinstance(part, str):
        return None
    try:
        return base64.b64decode(part, validate=True)
    except binascii.Error:
        return None
