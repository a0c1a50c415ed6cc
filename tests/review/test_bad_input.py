"""What people get wrong, by real requests: each is a plain page that says what to do, and nothing is lost.

The answers of auditors themselves stand in ``test_pages_of_judging``; loading in ``test_loading``.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.review import aftermath
from tests.review.browsing import sent, signed_in
from tests.review.known_audit import folder_in
from tests.review.made_up import auditors, loaded, readings, recorded_sample
from tests.review.world import DIFFERING, HALF_DECIDED, World, built

from opencdi.cli import main
from opencdi.review.audits.models import Assignment, Audit
from opencdi.review.people.models import Interest
from opencdi.review.policy import Role

pytestmark = pytest.mark.django_db

EMOJI_AND_ARABIC = "👮🏽‍♀️ قالت إنه ضربها ‮ and she is safe"
CHANGED = "Somebody changed this while you were working on it"
AGAIN = "If you had chosen a file, choose it again"
KEPT = "This is what you sent when it could not be saved"


@pytest.fixture
def world() -> World:
    return built()


# Where somebody writes something long: who, at which address, which fields, and which of them is long.


def _at(route: str, **named: Any) -> str:
    return reverse(route, kwargs=named)


Place = Callable[[World], tuple[Role, str, dict[str, str], str]]

PLACES: dict[str, Place] = {
    "decide": lambda world: (
        Role.ADJUDICATOR,
        _at("decide", key=world.disputes[DIFFERING]),
        {"version": "1", "choice_0": "a", "choice_1": "a", "then": "draft"},
        "reason",
    ),
    "answer": lambda world: (
        Role.FORCE_LEAD,
        _at("answer_verdict", key=world.after.verdicts[aftermath.AWAITING]),
        {"version": "0", "says": "dispute"},
        "reason",
    ),
    "decide-dispute": lambda world: (
        Role.INSPECTOR,
        _at("decide_dispute", key=world.after.verdicts[aftermath.DISPUTED]),
        {"version": "1", "verdict": "correct"},
        "reason",
    ),
    "correct-record": lambda world: (
        Role.REGISTRAR,
        _at("correct_record", key=world.after.verdicts[aftermath.UPHELD]),
        {"version": "1", "crime_id": "42/1/26"},
        "note",
    ),
    "recommend": lambda world: (
        Role.INSPECTOR,
        _at("recommend", key=world.after.audit),
        {},
        "what",
    ),
    "explain": lambda world: (Role.FORCE_LEAD, _at("explain", key=world.after.audit), {}, "words"),
    "evidence": lambda world: (
        Role.FORCE_LEAD,
        _at("add_evidence", key=world.after.actions[aftermath.OPEN]),
        {"version": "1"},
        "words",
    ),
    "score": lambda world: (
        Role.PANEL_MEMBER,
        _at("panel_case", key=world.after.panel_case),
        {"value": "2"},
        "remark",
    ),
    "lead": lambda world: (
        Role.REGISTRAR,
        _at("lead", key=world.after.lead),
        {"says": "no_crime"},
        "reason",
    ),
    "advice": lambda world: (
        Role.REGISTRAR,
        _at("question", key=world.after.advised),
        {"version": "1"},
        "words",
    ),
}


def _page(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_session_lost_in_the_middle_of_a_long_answer_gives_it_back_on_the_same_page(world: World) -> None:
    text = "A LONG ANSWER THAT MUST NOT BE LOST. " * 50
    for name, place in PLACES.items():
        role, path, fields, long = place(world)
        person = world.people[role]
        client = signed_in(person)
        assert client.get(path).status_code == 200, name
        client.session.flush()
        assert client.post(path, sent(person, **fields, **{long: text})).status_code == 302, name
        again = _page(signed_in(person).get(path))
        assert KEPT in again and text.strip() in again, name


def test_a_megabyte_of_text_is_refused_beside_its_field_and_is_still_there(world: World) -> None:
    text = "x" * 1_000_000
    for name, place in PLACES.items():
        role, path, fields, long = place(world)
        person = world.people[role]
        answer = signed_in(person).post(path, sent(person, **fields, **{long: text}))
        assert answer.status_code == 200, name
        page = _page(answer)
        assert f'href="#id_{long}"' in page and "characters or fewer" in page, name
        assert text in page, name


def test_emoji_and_right_to_left_text_are_taken_and_nothing_in_them_is_markup(world: World) -> None:
    words = f"{EMOJI_AND_ARABIC} <b>&amp;"
    for name, place in PLACES.items():
        role, path, fields, long = place(world)
        person = world.people[role]
        client = signed_in(person)
        given = {**fields, **_version(_page(client.get(path))), long: words}
        answer = client.post(path, sent(person, **given), follow=True)
        assert answer.status_code == 200, name
        assert "<b>&amp;" not in _page(answer), name
        assert f'href="#id_{long}"' not in _page(answer), name


def _version(page: str) -> dict[str, str]:
    """The version the form has now, where it has one."""
    found = re.search(r'name="version" value="([0-9]+)"', page)
    return {"version": found[1]} if found else {}


def test_a_form_that_somebody_else_overtook_is_told_so_and_leads_back_to_what_was_typed(
    world: World,
) -> None:
    today = timezone.localdate()
    day = {"corrected_on_day": today.day, "corrected_on_month": today.month, "corrected_on_year": today.year}
    versioned = {name: place for name, place in PLACES.items() if "version" in place(world)[2]}
    assert len(versioned) >= 6
    for name, place in versioned.items():
        role, path, fields, long = place(world)
        person = world.people[role]
        client = signed_in(person)
        late = {**fields, **day, "version": "77", long: "TYPED IN VAIN"}
        answer = client.post(path, sent(person, **late))
        assert answer.status_code == 409, name
        assert CHANGED in _page(answer) and f'href="{path}"' in _page(answer), name
        again = _page(client.get(path))
        assert KEPT in again and "TYPED IN VAIN" in again, name
    # The mere press of a button leaves nothing to keep: it leads to the page as it is now.
    erin, key = world.people[Role.ADJUDICATOR], world.disputes[HALF_DECIDED]
    answer = signed_in(erin).post(_at("confirm_decision", key=key), sent(erin, version="77"))
    assert answer.status_code == 409
    assert f'href="{_at("decide", key=key)}"' in _page(answer)


def test_a_wrong_file_is_refused_beside_its_field_and_the_reason_is_still_there(world: World) -> None:
    lead = world.people[Role.FORCE_LEAD]
    path = _at("answer_verdict", key=world.after.verdicts[aftermath.AWAITING])
    client = signed_in(lead)
    fields = {"version": "1", "says": "dispute", "reason": "THE WORDS I WROTE"}
    for name, content in (("evidence.pdf", b"MZ\x90\x00"), ("evidence.exe", b"MZ\x90\x00"), ("no.pdf", b"")):
        answer = client.post(path, {**sent(lead, **fields), "file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 200, name
        assert 'href="#id_file"' in _page(answer), name
        assert "THE WORDS I WROTE" in _page(answer), name


def test_a_form_that_comes_back_says_that_its_file_has_to_be_chosen_again(world: World) -> None:
    lead = world.people[Role.FORCE_LEAD]
    path = _at("answer_verdict", key=world.after.verdicts[aftermath.AWAITING])

    def asked_with_a_file(client: Client, **fields: str) -> Any:
        file = SimpleUploadedFile("evidence.pdf", b"%PDF-1.7 shows it")
        return client.post(path, {**sent(lead, says="dispute", **fields), "file": file})

    client = signed_in(lead)
    assert AGAIN not in _page(client.get(path))
    assert AGAIN in _page(asked_with_a_file(client, version="0", reason=""))
    client.session.flush()
    asked_with_a_file(client, version="0", reason="OF A LOST SESSION")
    lost = _page(signed_in(lead).get(path))
    assert "OF A LOST SESSION" in lost and AGAIN in lost
    assert asked_with_a_file(signed_in(lead), version="77", reason="OVERTAKEN").status_code == 409
    overtaken = _page(signed_in(lead).get(path))
    assert "OVERTAKEN" in overtaken and AGAIN in overtaken


def test_a_deadline_in_the_past_is_refused_beside_its_field(world: World) -> None:
    member = str(world.people[Role.PANEL_MEMBER].pk)
    after = world.after
    places: list[tuple[Role, str, str, dict[str, str]]] = [
        (Role.INSPECTOR, _at("ask_for_answers", key=after.not_asked), "last_day", {}),
        (
            Role.INSPECTOR,
            _at("call_panel", key=after.not_asked),
            "meets_on",
            {"kind": "rape", "most": "2", "members": member},
        ),
        (
            Role.FORCE_LEAD,
            _at("take_on", key=after.actions[aftermath.RECOMMENDED]),
            "due_on",
            {"version": "1", "owner": "Head of contact management"},
        ),
    ]
    for role, path, name, fields in places:
        person = world.people[role]
        answer = signed_in(person).post(path, {**sent(person, **fields), **_yesterday(name)})
        assert answer.status_code == 200, name
        assert f'href="#id_{name}_' in _page(answer), name
        assert "must be today or later" in _page(answer), name


def _yesterday(name: str) -> dict[str, Any]:
    day = timezone.localdate() - timedelta(days=1)
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def test_an_expired_invitation_says_whom_to_ask_and_shows_nothing_of_the_person() -> None:
    answer = Client().get("/account/invitation/eyJhbGciOi:1abcde:not-ours/")
    assert answer.status_code == 410
    assert "Ask the administrator for a new invitation" in _page(answer)


def test_a_person_who_finds_that_a_report_is_about_them_never_sees_it_again() -> None:
    """Somebody else gets it, and no further assignment gives it back to them."""
    anna, _ben, _dora = auditors("anna", "ben", "dora")
    audit = loaded(recorded_sample(2))
    mine = next(each for each in readings(audit) if each.person == anna)
    client = signed_in(anna)
    page = client.get(_at("hand_back", key=mine.key))
    assert b"interest" in page.content
    done = client.post(_at("hand_back", key=mine.key), sent(anna, because="interest"), follow=True)
    assert done.status_code == 200
    assert Interest.objects.filter(person=anna, value=str(mine.case.key)).exists()
    for route in ("content_warning", "read_case", "check_case", "submitted"):
        assert client.get(_at(route, key=mine.key)).status_code == 404
    again = Assignment.objects.filter(case=mine.case, ended_at__isnull=True)
    assert again.count() == 2 and anna not in {each.person for each in again}


def test_an_auditor_of_the_audited_force_is_given_nothing_in_an_inspection() -> None:
    from opencdi.review.people.services import add_person, grant

    auditors("anna", "ben")
    own = add_person("own@example.test", "Own", "Testshire")
    grant(own, Role.AUDITOR)
    loaded(recorded_sample(4))
    assert not own.assignments.exists()
    assert b"No reports have been given to you yet" in signed_in(own).get(_at("queue")).content


def test_the_sample_of_another_audit_is_refused_by_the_command_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = folder_in(tmp_path / "testshire-2026", 12, "1 2 3 4 5 6")
    other = tmp_path / "othershire-2026"
    shutil.copytree(mine, other)
    toml = (other / "audit.toml").read_text().replace("Testshire", "Othershire")
    (other / "audit.toml").write_text(toml)
    monkeypatch.setattr(sys, "argv", ["opencdi", "review", "load", str(other)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "sample of another audit" in said and "Load the folder it was drawn in" in said
    assert not Audit.objects.exists()
