"""What tests of the review room share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import TransactionTestCase

from opencdi.review.actions.models import ActionStep, Explanation
from opencdi.review.answers.models import Correction, Deadline, DisputeDecision, ForceAnswer
from opencdi.review.desk.models import Advice, LeadDecision
from opencdi.review.events import append_only, triggers
from opencdi.review.scrutiny.models import Declaration, Score

ADDED_ONLY = append_only.guarded(
    (
        Deadline,
        ForceAnswer,
        DisputeDecision,
        Correction,
        ActionStep,
        Explanation,
        Declaration,
        Score,
        Advice,
        LeadDecision,
    )
)


@pytest.fixture(scope="session", autouse=True)
def _tables_can_be_emptied_after_a_test() -> Iterator[None]:
    """Tests with real commits empty every table afterwards, which the events' triggers rightly refuse."""
    empty = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def without_triggers(self: TransactionTestCase) -> None:
        with connection.schema_editor() as editor:
            triggers.drop(editor)
            append_only.drop(editor, ADDED_ONLY)
        empty(self)
        with connection.schema_editor() as editor:
            triggers.create(editor)
            append_only.create(editor, ADDED_ONLY)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(TransactionTestCase, "_fixture_teardown", without_triggers)
        yield
