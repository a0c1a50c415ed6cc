"""Who reads what: by ticket, evenly, and nobody who has an interest."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.review.made_up import auditors, loaded, log, person, readings, recorded_sample, sample

from opencdi.errors import UserError
from opencdi.review.audits.assigning import Wanted, assign, queue_order
from opencdi.review.audits.loading import load
from opencdi.review.audits.models import Audit
from opencdi.review.audits.services import assign_readers
from opencdi.review.judging.reading import queue
from opencdi.review.people.models import Interest
from opencdi.review.people.services import declare_interest
from opencdi.review.policy import Role

PEOPLE = ("anna", "ben", "clara", "dora", "emil")


@given(
    cases=st.integers(0, 60),
    people=st.integers(2, 5),
    secret=st.text(min_size=1, max_size=8),
    third=st.sets(st.integers(0, 59)),
)
def test_every_place_gets_a_reader_nobody_reads_twice_and_work_is_even(
    cases: int, people: int, secret: str, third: set[int]
) -> None:
    slots = {number: (1, 2, 3) if number in third and people > 2 else (1, 2) for number in range(cases)}
    wanted = [Wanted(str(number), each, frozenset()) for number, each in slots.items()]
    chosen = assign(wanted, PEOPLE[:people], {}, secret)
    assert sorted((each.case, each.slot) for each in chosen) == sorted(
        (str(number), slot) for number, each in slots.items() for slot in each
    )
    assert len({(each.case, each.person) for each in chosen}) == len(chosen)
    load_of = Counter(each.person for each in chosen)
    assert max((load_of[name] for name in PEOPLE[:people]), default=0) <= 1 + min(
        load_of[name] for name in PEOPLE[:people]
    )


@given(barred=st.lists(st.sets(st.sampled_from(PEOPLE), max_size=3), max_size=30))
def test_nobody_is_given_what_they_may_not_read(barred: list[set[str]]) -> None:
    wanted = [Wanted(str(number), (1, 2), frozenset(each)) for number, each in enumerate(barred)]
    for each in assign(wanted, PEOPLE, {}, "secret"):
        assert each.person not in barred[int(each.case)]


def test_too_few_readers_is_said_in_a_sentence() -> None:
    with pytest.raises(UserError, match="2 readers are wanted for a case and only 1 may read it"):
        assign([Wanted("1", (1, 2), frozenset({"anna"}))], ("anna", "ben"), {}, "secret")


def test_the_tickets_decide_and_another_secret_decides_otherwise() -> None:
    wanted = [Wanted(str(number), (1, 2), frozenset()) for number in range(20)]
    assert assign(wanted, PEOPLE, {}, "one") == assign(wanted, PEOPLE, {}, "one")
    assert assign(wanted, PEOPLE, {}, "one") != assign(wanted, PEOPLE, {}, "other")
    assert queue_order("abcdefgh", "anna", "one") != queue_order("abcdefgh", "ben", "one")


@pytest.mark.django_db
def test_in_an_inspection_nobody_of_the_audited_force_reads() -> None:
    auditors("anna", "ben")
    own = person("own", Role.AUDITOR, force="testshire")
    audit = loaded(recorded_sample(6))
    assert own not in {each.person for each in readings(audit)}


@pytest.mark.django_db
def test_in_a_force_of_its_own_audit_its_people_read() -> None:
    people = [person(name, Role.AUDITOR, force="Testshire") for name in ("anna", "ben")]
    audit = loaded(recorded_sample(2), kind=Audit.Kind.IN_FORCE)
    assert {each.person for each in readings(audit)} == set(people)


@pytest.mark.django_db
def test_who_declared_an_interest_in_the_unit_or_the_force_does_not_read() -> None:
    anna, ben, clara = auditors("anna", "ben", "clara")
    declare_interest(anna, Interest.About.UNIT, "reading STATION")
    audit = load(sample(log(1, unit="Reading Station")), reread_chance=Decimal(0)).audit
    assign_readers(audit)
    assert {each.person for each in readings(audit)} == {ben, clara}
    declare_interest(ben, Interest.About.FORCE, "Testshire")
    with pytest.raises(UserError, match="only 1 may read it"):
        assign_readers(
            load(sample(log(2, unit="Reading Station"), name="second"), reread_chance=Decimal(0)).audit
        )


@pytest.mark.django_db
def test_assigning_again_changes_nothing() -> None:
    auditors("anna", "ben", "clara")
    audit = loaded(recorded_sample(5))
    before = [(each.pk, each.person_id) for each in readings(audit)]
    assert assign_readers(audit) == 0
    assert [(each.pk, each.person_id) for each in readings(audit)] == before


@pytest.mark.django_db
def test_a_queue_is_numbered_from_one_without_gaps_that_would_tell_something() -> None:
    anna, ben, _ = auditors("anna", "ben", "clara")
    loaded(recorded_sample(9), reread_chance="1")
    for reader in (anna, ben):
        assert [item.number for item in queue(reader)] == list(range(1, 10))
