"""A scrutiny panel sees redacted cases once somebody confirmed them and the member declared no conflict."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.review.browsing import address, sent, signed_in
from tests.review.made_up import (
    auditors,
    crimes,
    judge,
    loaded,
    log,
    missing,
    person,
    readings,
    sample,
    sign,
)

from opencdi.errors import UserError
from opencdi.review.actions.models import Action
from opencdi.review.audits.models import Audit
from opencdi.review.judging.services import NotYoursError, StaleFormError
from opencdi.review.people.models import Person
from opencdi.review.policy import Role
from opencdi.review.scrutiny import services
from opencdi.review.scrutiny.models import Panel, PanelCase
from opencdi.review.scrutiny.redaction import BLANK, known_words, redacted

pytestmark = pytest.mark.django_db

TEXT = "09:02 MS ZYLBERG OF 14 HARTLEY ROAD, 07700 900123, STATES HER EX DUNSTAN RAPED HER."


@pytest.fixture
def audit() -> Audit:
    """Three reports of rape, none recorded."""
    pair = auditors("anna", "ben")
    logs = (log(n, text=TEXT, people=("ZYLBERG", "DUNSTAN"), address="14 Hartley Road") for n in (1, 2, 3))
    audit = loaded(sample(*logs))
    for reading in readings(audit):
        judge(reading.person, reading.key, crimes(missing("19C", spans=((0, 5),))))
    sign(*pair)
    return audit


@pytest.fixture
def inspector() -> Person:
    return person("iris", Role.INSPECTOR)


@pytest.fixture
def member() -> Person:
    return person("mona", Role.PANEL_MEMBER)


def soon() -> date:
    return timezone.localdate() + timedelta(days=14)


@pytest.fixture
def panel(audit: Audit, inspector: Person, member: Person) -> Panel:
    return services.call_panel(audit, Panel.Kind.RAPE, soon(), [member], 2, inspector)


@pytest.fixture
def case(panel: Panel) -> PanelCase:
    return panel.cases.all()[0]


def confirmed(case: PanelCase, by: Person) -> PanelCase:
    services.confirm_redaction(by, case.key, 1, case.redacted)
    return services.case_of(case.key)


def test_cases_are_drawn_at_random_and_none_twice(audit: Audit, inspector: Person, member: Person) -> None:
    first = services.call_panel(audit, Panel.Kind.RAPE, soon(), [member], 2, inspector)
    second = services.call_panel(audit, Panel.Kind.RAPE, soon(), [member], 2, inspector)
    drawn = [one.case_id for panel in (first, second) for one in panel.cases.all()]
    assert (len(drawn), len(set(drawn))) == (3, 3)
    with pytest.raises(UserError, match="No settled case of this kind is left"):
        services.call_panel(audit, Panel.Kind.RAPE, soon(), [member], 2, inspector)


def test_a_panel_on_domestic_abuse_draws_no_other_case(
    audit: Audit, inspector: Person, member: Person
) -> None:
    with pytest.raises(UserError, match="No settled case of this kind is left"):
        services.call_panel(audit, Panel.Kind.DOMESTIC_ABUSE, soon(), [member], 2, inspector)


def test_names_addresses_and_numbers_are_blanked(case: PanelCase) -> None:
    for telling in ("ZYLBERG", "DUNSTAN", "HARTLEY", "900123"):
        assert telling not in case.redacted
    assert "09:02" in case.redacted and "RAPED HER" in case.redacted


def test_a_member_sees_nothing_before_the_redaction_is_confirmed_and_they_have_declared(
    case: PanelCase, member: Person, inspector: Person
) -> None:
    assert not services.may_see(member, case)
    case = confirmed(case, inspector)
    assert not services.may_see(member, case)
    services.declare(member, case.panel, has_conflict=False)
    assert services.may_see(member, case)


def test_a_member_with_a_conflict_sees_nothing_and_scores_nothing(
    case: PanelCase, member: Person, inspector: Person
) -> None:
    case = confirmed(case, inspector)
    services.declare(member, case.panel, has_conflict=True)
    with pytest.raises(NotYoursError):
        services.score(member, case, 1, "")


def test_stepping_back_from_one_case_leaves_the_others(
    panel: Panel, member: Person, inspector: Person
) -> None:
    first, second = (confirmed(one, inspector) for one in panel.cases.all())
    services.declare(member, panel, has_conflict=False)
    services.declare(member, panel, True, first)
    assert not services.may_see(member, first)
    assert services.may_see(member, second)


def test_a_confirmed_redaction_is_not_changed(case: PanelCase, inspector: Person) -> None:
    confirmed(case, inspector)
    with pytest.raises(StaleFormError):
        services.confirm_redaction(inspector, case.key, 2, "Something else.")


def test_the_latest_score_of_a_member_counts_and_the_earlier_is_kept(
    case: PanelCase, member: Person, inspector: Person
) -> None:
    case = confirmed(case, inspector)
    services.declare(member, case.panel, has_conflict=False)
    services.score(member, case, 2, "Slow.")
    services.score(member, case, 3, "Not recorded.")
    assert [each.value for each in services.latest_scores(case)] == [3]
    assert case.scores.count() == 2


def test_a_member_goes_from_the_declaration_to_a_recommendation_in_the_browser(
    panel: Panel, member: Person, inspector: Person
) -> None:
    case = panel.cases.all()[0]
    runner = signed_in(inspector)
    page = runner.get(address("redact", case.key))
    assert b"ZYLBERG" in page.content, "who confirms a redaction sees what is blanked"
    runner.post(address("redact", case.key), sent(inspector, version="1", words=case.redacted))
    client = signed_in(member)
    assert b"Do you have a conflict" in client.get(address("panel", panel.key), follow=True).content
    client.post(address("declare", panel.key), sent(member, has_conflict="no"))
    shown = client.get(address("panel_case", case.key)).content
    assert b"RAPED HER" in shown and b"ZYLBERG" not in shown and b"TS-000" not in shown
    assert (
        b"Enter what you observed."
        in client.post(address("panel_case", case.key), sent(member, value="3", remark="")).content
    )
    client.post(address("panel_case", case.key), sent(member, value="3", remark="Never recorded."))
    client.post(address("panel_recommends", panel.key), sent(member, what="Record at first contact."))
    action = Action.objects.get()
    assert (action.what, action.from_panel) == ("Record at first contact.", True)
    assert b"Never recorded." in runner.get(address("run_panel", panel.key)).content


def test_nobody_else_finds_the_panel_or_its_cases(panel: Panel, case: PanelCase, inspector: Person) -> None:
    confirmed(case, inspector)
    for stranger in (
        person("otto", Role.PANEL_MEMBER),
        person("ada", Role.AUDITOR),
        person("luca", Role.FORCE_LEAD, force="Testshire"),
    ):
        client = signed_in(stranger)
        for route, key in (("panel", panel.key), ("panel_case", case.key), ("redact", case.key)):
            assert client.get(address(route, key)).status_code == 404


@given(
    name=st.text(st.characters(categories=["Lu"], codec="ascii"), min_size=3, max_size=12),
    before=st.text(max_size=20),
    after=st.text(max_size=20),
)
def test_a_known_name_never_stands_alone_in_a_redacted_text(name: str, before: str, after: str) -> None:
    text = redacted(f"{before} {name.lower()} {after}", known_words([name]))
    assert name.casefold() not in text.replace(BLANK, "").casefold().split()


@pytest.mark.parametrize(
    "telling",
    [
        "call 07700 900123",
        "lives SW1A 1AA",
        "QQ 12 34 56 C",
        "AB12 CDE",
        "born 01/02/1990",
        "mail a.b@example.test",
        "at 14 Hartley Road",
        "MR SMITHSON said",
        "see @someone",
        "account 12345678",
    ],
)
def test_what_has_a_telling_shape_is_blanked(telling: str) -> None:
    assert BLANK in redacted(telling, [])


def test_times_and_plain_words_are_left() -> None:
    text = "09:02 INFT STATES SHE WAS PUNCHED 3 TIMES AT ABOUT 21:30"
    assert redacted(text, []) == text
