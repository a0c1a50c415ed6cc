"""What tests of the review room share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import TransactionTestCase

from opencdi.review.events import triggers


@pytest.fixture(autouse=True)
def _tables_can_be_emptied_after_a_test(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Tests with real commits empty every table afterwards, which the events' triggers rightly refuse."""
    empty = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def without_triggers(self: TransactionTestCase) -> None:
        with connection.schema_editor() as editor:
            triggers.drop(editor)
        empty(self)
        with connection.schema_editor() as editor:
            triggers.create(editor)

    monkeypatch.setattr(TransactionTestCase, "_fixture_teardown", without_triggers)
    yield
