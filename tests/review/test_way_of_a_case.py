"""Whatever people do, in whatever order, a case goes only the ways of the table; nothing is overwritten."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.review.made_up import NOTHING, auditors, correct, crimes, loaded, missing, person, recorded_sample

from opencdi.review.adjudication.models import Adjudication, Settlement, Verdict
from opencdi.review.adjudication.pairing import agree
from opencdi.review.adjudication.services import decide, dispute, waiting_for
from opencdi.review.adjudication.services import save as save_decision
from opencdi.review.adjudication.settling import facts_of, sign_off, signed_of
from opencdi.review.audits.models import Assignment, Case
from opencdi.review.audits.states import TRANSITIONS, State
from opencdi.review.events.chain import entries, verify
from opencdi.review.judging.models import Judgement
from opencdi.review.judging.reading import case_to_read
from opencdi.review.judging.services import (
    IncompleteError,
    NotYoursError,
    StaleFormError,
    hand_back,
    save,
    submit,
    take_back,
)
from opencdi.review.policy import Role

WAYS = {(each.source, each.move.value, each.target) for each in TRANSITIONS}
REFUSED = (StaleFormError, NotYoursError, IncompleteError)
SAID = st.sampled_from(["correct", "missing", "nothing", "incomplete"])


class WayOfACase(RuleBasedStateMachine):
    """Three cases, four auditors, an adjudicator, half of the cases drawn for a third reading."""

    def __init__(self) -> None:
        super().__init__()
        self._world = transaction.atomic()
        self._world.__enter__()
        self.stood: dict[int, list[Any]] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._world.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        self.people = auditors("anna", "ben", "dora", "emil")
        self.clara = person("clara", Role.ADJUDICATOR)
        self.audit = loaded(recorded_sample(3), reread_chance="0.5")

    def _reading(self, at: int) -> Assignment:
        """Any assignment there ever was, ended ones too."""
        every = Assignment.objects.order_by("pk")
        return every[at % every.count()]

    @rule(at=st.integers(0, 30), said=SAID, behind=st.integers(0, 1))
    def somebody_saves(self, at: int, said: str, behind: int) -> None:
        reading = self._reading(at)
        case = case_to_read(reading.person, reading.key)
        version = max(0, (case.version if case else 0) - behind)
        number = int(reading.case.incident_id[-4:])
        answers = {
            "correct": correct(number),
            "missing": crimes(missing()),
            "nothing": NOTHING,
            "incomplete": crimes(missing(cause="")),
        }[said]
        try:
            save(reading.person, reading.key, version, answers)
        except REFUSED:
            assert case is None or case.stage in ("submitted", "signed") or (behind and case.version)

    @rule(at=st.integers(0, 30))
    def somebody_submits(self, at: int) -> None:
        reading = self._reading(at)
        case = case_to_read(reading.person, reading.key)
        try:
            submit(reading.person, reading.key, case.version if case else 0)
        except REFUSED:
            return
        assert case is not None and case.stage == Judgement.Stage.DRAFT

    @rule(at=st.integers(0, 30))
    def somebody_takes_back(self, at: int) -> None:
        reading = self._reading(at)
        case = case_to_read(reading.person, reading.key)
        try:
            take_back(reading.person, reading.key, case.version if case else 0)
        except REFUSED:
            return
        assert case is not None and case.stage == Judgement.Stage.SUBMITTED

    @rule(at=st.integers(0, 3))
    def somebody_signs(self, at: int) -> None:
        sign_off(self.people[at])

    @rule(at=st.integers(0, 30))
    def somebody_hands_back(self, at: int) -> None:
        reading = self._reading(at)
        signed = Judgement.objects.filter(assignment=reading, stage="signed").exists()
        try:
            hand_back(reading.person, reading.key)
        except REFUSED:
            return
        assert not signed

    @precondition(lambda self: Adjudication.objects.filter(decided_at__isnull=True).exists())
    @rule(side=st.sampled_from(["a", "b"]), reason=st.sampled_from(["As the log says.", ""]))
    def the_adjudicator_decides(self, side: str, reason: str) -> None:
        adjudication = waiting_for(self.clara)[0]
        seen = dispute(self.clara, adjudication.key)
        choices = (side,) * len(seen.pairs)
        decision = seen.decision.model_copy(update={"choices": choices, "reason": reason})
        save_decision(self.clara, adjudication.key, seen.version, decision)
        try:
            decide(self.clara, adjudication.key, seen.version + 1)
        except IncompleteError:
            assert not reason

    @invariant()
    def every_move_is_in_the_table(self) -> None:
        for entry in entries():
            if entry.kind == "case-moved":
                way = entry.content
                assert (State(way["before"]), way["move"], State(way["state"])) in WAYS

    @invariant()
    def the_state_is_what_the_signatures_say(self) -> None:
        for case in Case.objects.select_related("planned_rereading"):
            signed, facts = signed_of(case), facts_of(case)
            both = signed.first is not None and signed.second is not None
            if not both:
                assert case.state == State.READING
            elif case.state == State.REREADING:
                assert signed.third_is_planned and signed.third is None
                assert agree(signed.first, signed.second, facts)  # type: ignore[arg-type]
            else:
                assert case.state in (State.DIFFERING, State.SETTLED)
            assert (case.state == State.SETTLED) == Settlement.objects.filter(case=case).exists()

    @invariant()
    def what_stands_never_changes(self) -> None:
        for settlement in Settlement.objects.all():
            rows = list(Verdict.objects.filter(settlement=settlement).values_list("number", "verdict"))
            assert self.stood.setdefault(settlement.pk, rows) == rows

    @invariant()
    def nobody_judges_a_case_twice_or_decides_what_they_judged(self) -> None:
        pairs = list(Assignment.objects.values_list("case", "person"))
        assert len(pairs) == len(set(pairs))
        decided = set(Adjudication.objects.values_list("case", "person"))
        assert not decided & set(pairs)

    @invariant()
    def the_chain_is_whole_and_tells_no_text(self) -> None:
        assert verify() == []
        assert "log says" not in json.dumps([dict(entry.content) for entry in entries()])


@pytest.mark.slow
@pytest.mark.django_db
def test_a_case_goes_only_the_ways_of_the_table() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        WayOfACase,
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
