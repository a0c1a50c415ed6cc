"""Rules are shown as they stood on the day of the report, with their source."""

from __future__ import annotations

from datetime import date

import pytest

from opencdi.errors import UserError
from opencdi.report.rules import applied


def test_a_rule_says_its_statement_and_page_in_the_order_given() -> None:
    shown = applied(["within-24-hours", "one-crime-per-victim"], date(2026, 5, 1))
    assert [rule.rule_id for rule in shown] == ["within-24-hours", "one-crime-per-victim"]
    assert "24 hours" in shown[0].statement
    assert shown[0].source == "recording-rules-2026-27, page 10"
    assert shown[0].verified


def test_a_rule_carried_back_before_its_document_is_not_called_verified() -> None:
    assert not applied(["within-24-hours"], date(2024, 5, 1))[0].verified


def test_an_unknown_rule_is_a_sentence() -> None:
    with pytest.raises(UserError, match="There is no rule `no-such-rule`"):
        applied(["no-such-rule"], date(2026, 5, 1))
