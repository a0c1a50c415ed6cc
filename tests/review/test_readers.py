"""Cases of one reader go to others: by ticket, never to who had them or has an interest, each with events."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from tests.review.browsing import address, sent, signed_in
from tests.review.made_up import (
    auditors,
    correct,
    judge,
    loaded,
    number_of,
    person,
    readings,
    recorded_sample,
    sign,
)

from opencdi.errors import UserError
from opencdi.review.audits.loading import load
from opencdi.review.audits.models import Assignment, Audit
from opencdi.review.audits.services import is_interested, places_lacking
from opencdi.review.events.chain import entries, verify
from opencdi.review.judging.models import Judgement
from opencdi.review.judging.reading import queue
from opencdi.review.people.models import Interest, Person
from opencdi.review.people.services import declare_interest, end, grant
from opencdi.review.policy import Role
from opencdi.review.readers.reassigning import named, not_begun, not_signed, reassign
from opencdi.review.readers.workload import workload_of

pytestmark = pytest.mark.django_db

Ended = Assignment.Ended
CASES = 6


@pytest.fixture
def people() -> list[Person]:
    return auditors("anna", "ben", "clara", "dora")


@pytest.fixture
def audit(people: list[Person]) -> Audit:
    return loaded(recorded_sample(CASES))


@pytest.fixture
def admin() -> Person:
    return person("adam", Role.ADMINISTRATOR)


def of(audit: Audit, reader: Person) -> list[Assignment]:
    return [each for each in readings(audit) if each.person_id == reader.pk]


def judged(reading: Assignment) -> None:
    judge(reading.person, reading.key, correct(number_of(reading.case.incident_id)))


def kinds(*wanted: str) -> Counter[str]:
    return Counter(each.kind for each in entries() if each.kind in wanted)


def test_everything_unsigned_goes_to_others_and_what_is_signed_stays(
    audit: Audit, people: list[Person], admin: Person
) -> None:
    anna = people[0]
    mine = of(audit, anna)
    judged(mine[0])
    sign(anna)
    judged(mine[1])
    taken = not_signed(audit, anna)
    assert len(taken) == len(mine) - 1
    assert reassign(audit, taken, Ended.REASSIGNED, admin) == len(taken)
    assert [each.pk for each in of(audit, anna)] == [mine[0].pk]
    assert places_lacking(audit) == 0
    for reading in readings(audit):
        assert Assignment.objects.filter(case=reading.case, person=reading.person).count() == 1


def test_what_was_begun_is_kept_aside_and_the_rest_can_be_taken_alone(
    audit: Audit, people: list[Person], admin: Person
) -> None:
    anna = people[0]
    mine = of(audit, anna)
    judged(mine[0])
    reassign(audit, not_begun(audit, anna), Ended.REASSIGNED, admin)
    assert [each.key for each in queue(anna)] == [mine[0].key]
    reassign(audit, not_signed(audit, anna), Ended.REASSIGNED, admin)
    assert queue(anna) == []
    assert (
        Judgement.objects.get(assignment=mine[0]).content
        == correct(number_of(mine[0].case.incident_id)).model_dump_json()
    )


def test_work_stays_even_among_those_who_are_left(audit: Audit, people: list[Person], admin: Person) -> None:
    reassign(audit, not_signed(audit, people[0]), Ended.REASSIGNED, admin)
    counts = [len(of(audit, each)) for each in people[1:]]
    assert sum(counts) == 2 * CASES
    # Three cases, each to one of the two who did not read it: at worst all three had the same other reader.
    assert max(counts) - min(counts) <= 2


def test_nobody_with_an_interest_is_given_a_case(audit: Audit, people: list[Person], admin: Person) -> None:
    anna, ben, clara, dora = people
    case = of(audit, anna)[0].case
    others = [each for each in (ben, clara, dora) if not case.assignments.filter(person=each).exists()]
    declare_interest(others[0], Interest.About.CASE, str(case.key))
    reassign(audit, named(audit, anna, [case.incident_id]), Ended.REASSIGNED, admin)
    now = {each.person for each in case.assignments.filter(ended_at__isnull=True)}
    assert others[0] not in now and others[1] in now and anna not in now


def test_where_nobody_is_left_nothing_changes(audit: Audit, people: list[Person], admin: Person) -> None:
    for each in people[1:]:
        end(each.memberships.get(), admin)
    before = [(each.pk, each.person_id) for each in readings(audit)]
    told = len(list(entries()))
    with pytest.raises(UserError, match="only 0 may read it"):
        reassign(audit, not_signed(audit, people[0]), Ended.INTEREST, admin)
    assert [(each.pk, each.person_id) for each in readings(audit)] == before
    assert len(list(entries())) == told
    assert not Interest.objects.exists()


def test_an_interest_named_by_the_administrator_bars_the_reader_for_good(
    audit: Audit, people: list[Person], admin: Person
) -> None:
    case = of(audit, people[0])[0].case
    reassign(audit, named(audit, people[0], [case.incident_id]), Ended.INTEREST, admin)
    assert is_interested(people[0], case)
    declared = [each for each in entries() if each.kind == "interest-declared"]
    assert declared[-1].content["actor"] == str(admin.key)
    assert declared[-1].content["person"] == str(people[0].key)


def test_each_case_has_its_events_by_whoever_asked(audit: Audit, people: list[Person], admin: Person) -> None:
    before = kinds("reader-assigned")
    taken = not_signed(audit, people[0])
    reassign(audit, taken, Ended.REASSIGNED, admin)
    found = [each for each in entries() if each.kind == "reader-replaced"]
    assert len(found) == len(taken)
    assert {each.content["actor"] for each in found} == {str(admin.key)}
    assert kinds("reader-assigned") - before == Counter({"reader-assigned": len(taken)})
    assert verify() == []


@pytest.mark.parametrize("number", ["TS-9999", ""])
def test_a_number_that_is_not_theirs_takes_none(
    audit: Audit, people: list[Person], admin: Person, number: str
) -> None:
    mine = of(audit, people[0])
    with pytest.raises(UserError, match="Anna has no unsigned case of the number"):
        named(audit, people[0], [mine[0].case.incident_id, number])


def test_what_was_signed_meanwhile_is_not_taken(audit: Audit, people: list[Person], admin: Person) -> None:
    taken = not_signed(audit, people[0])
    judged(taken[0])
    sign(people[0])
    with pytest.raises(UserError, match="is signed"):
        reassign(audit, taken, Ended.REASSIGNED, admin)
    assert len(of(audit, people[0])) == len(taken)


def test_an_administrator_is_no_auditor(people: list[Person], admin: Person) -> None:
    with pytest.raises(UserError, match="an auditor may learn nothing"):
        grant(people[0], Role.ADMINISTRATOR)
    with pytest.raises(UserError, match="an auditor may learn nothing"):
        grant(admin, Role.AUDITOR)


# In the browser -----------------------------------------------------------------------------------


def test_the_page_shows_who_has_how_much_and_gives_cases_away(
    audit: Audit, people: list[Person], admin: Person
) -> None:
    browser = signed_in(admin)
    assert audit.name.encode() in browser.get(address("readers")).content
    where = address("reassign", audit.key, reader=people[0].key)
    assert where.encode() in browser.get(address("audit_readers", audit.key)).content
    given = {"which": "not_signed", "incidents": "", "because": "reassigned"}
    page = browser.post(where, sent(admin, **given), follow=True)
    assert b"cases were given readers." in page.content
    assert queue(people[0]) == []
    anna = next(each for each in workload_of(audit) if each.name == "Anna")
    assert (anna.not_begun, anna.begun, anna.submitted, anna.signed, anna.may_read) == (0, 0, 0, 0, True)


def test_a_mistake_is_said_at_the_field_and_changes_nothing(
    audit: Audit, people: list[Person], admin: Person
) -> None:
    where = address("reassign", audit.key, reader=people[0].key)
    before = [each.pk for each in readings(audit)]
    for given, words in (
        ({"which": "named", "incidents": "TS-9999", "because": "interest"}, b"no unsigned case"),
        ({"which": "named", "incidents": " ", "because": "interest"}, b"Enter the number of each case"),
        ({"which": "not_signed", "incidents": ""}, b"Select why"),
    ):
        assert words in signed_in(admin).post(where, sent(admin, **given)).content
    assert [each.pk for each in readings(audit)] == before


def test_a_place_that_was_left_empty_is_filled_by_one_press(people: list[Person], admin: Person) -> None:
    audit = load(recorded_sample(3), reread_chance=Decimal(0)).audit
    browser = signed_in(admin)
    assert b"Places without a reader: 6." in browser.get(address("audit_readers", audit.key)).content
    page = browser.post(address("fill_places", audit.key), follow=True)
    assert b"6 cases were given readers." in page.content
    assert b"Every place has a reader." in page.content


def test_in_an_inspection_no_administrator_of_the_audited_force_sees_to_readers(
    audit: Audit, people: list[Person]
) -> None:
    theirs = person("tess", Role.ADMINISTRATOR, force="Testshire")
    browser = signed_in(theirs)
    assert browser.get(address("audit_readers", audit.key)).status_code == 404
    assert audit.name.encode() not in browser.get(address("readers")).content
    assert browser.post(address("fill_places", audit.key)).status_code == 404


@pytest.mark.parametrize("role", [each for each in Role if each != Role.ADMINISTRATOR])
def test_nobody_else_sees_who_reads_what(audit: Audit, people: list[Person], role: Role) -> None:
    browser = signed_in(person("olga", role))
    assert browser.get(address("readers")).status_code == 403
    for route, more in (("audit_readers", {}), ("reassign", {"reader": people[0].key})):
        assert browser.get(address(route, audit.key, **more)).status_code == 404
