"""What the reader holds on who did it to whom, and on acts that were only said, dealt with or disproved."""

from __future__ import annotations

import pytest

from opencdi.disclosure.circumstances import Context
from opencdi.disclosure.disclosing import the_discloser


def offences(narrative: str, context: Context | None = None) -> list[dict]:
    return list(the_discloser().rows("I1", narrative, context or Context(caller_role="victim")))


def asserted(narrative: str) -> set[str]:
    return {row["class_code"] for row in offences(narrative) if row["assertion"] == "asserted"}


@pytest.mark.parametrize(
    "narrative",
    [
        "Neighbour threatened to beat him up over a parking space",
        "Ex says he will punch her when he sees her",
        "She told staff she was going to slap the receptionist",
    ],
)
def test_an_act_that_is_only_threatened_is_a_threat_and_no_assault(narrative: str) -> None:
    found = asserted(narrative)
    assert "9A" in found
    assert not found & {"105A", "8N"}


@pytest.mark.parametrize(
    "narrative",
    [
        "Lost her purse. Ten years ago her uncle punched her, he went to prison for it",
        "Noisy party. Mentions next door had theft last month, already with police",
        "Asked if she had been hit, says no",
        "Caller dreads that he could smash the car up at some point",
        "Podcast about rape made the caller think",
    ],
)
def test_what_was_dealt_with_asked_feared_or_heard_of_is_not_reported(narrative: str) -> None:
    assert asserted(narrative) == set()


@pytest.mark.parametrize(
    ("narrative", "relationship"),
    [
        ("Her husband slapped her", "partner"),
        ("Her ex came to the door. He punched her in the face", "partner"),
        ("Unknown male punched her brother. Her mum is on the way", "stranger"),
        ("His mate's brother kicked him in the stomach", "acquaintance"),
        ("Her sister's car was keyed overnight", None),
    ],
)
def test_the_relationship_is_that_of_the_one_who_did_it(narrative: str, relationship: str | None) -> None:
    assert offences(narrative)[0]["relationship"] == relationship


def test_a_knife_or_a_post_spoken_of_elsewhere_in_the_log_calls_for_no_flag() -> None:
    log = "Two men punched him outside the bar. He ran home. He rang his mum. Caller will send an email"
    assert offences(log)[0]["flags_due"] == []
    assert "online" in offences("Threatening messages sent to her on Instagram")[0]["flags_due"]


@pytest.mark.parametrize(
    "narrative",
    [
        "Man punched her in the face. Her brother got it too",
        "Lads kicked him to the floor. Same to his cousin",
        "Customer spat at the cashier. The manager was also hit",
    ],
)
def test_somebody_who_suffered_it_too_is_another_victim(narrative: str) -> None:
    rows = [row for row in offences(narrative) if row["class_code"] == "105A"]
    assert [row["victim_no"] for row in rows] == [1, 2]


def test_weeks_and_months_are_no_count_of_victims() -> None:
    rows = offences("He keeps texting the victim, for two months victim has blocked him")
    assert {row["victim_no"] for row in rows} == {1}


def test_a_code_adds_no_offence_beside_one_told_in_words() -> None:
    context = Context(caller_role="victim", closing_group="violence")
    assert {row["basis"] for row in offences("Someone keyed my car", context)} == {"words"}


@pytest.mark.parametrize(
    ("narrative", "code"),
    [
        ("He pushed the trolley out past the tills with meat", "105A"),
        ("Ex is in breach of a restraining order, texted her partner", "105A"),
        ("Somebody used my name for identity theft", "49"),
    ],
)
def test_a_word_inside_another_expression_is_not_read_on_its_own(narrative: str, code: str) -> None:
    assert code not in asserted(narrative)


def test_footage_that_disproves_the_report_is_evidence_to_the_contrary() -> None:
    (row, *_) = offences("Says he was slapped. CCTV viewed, nobody touched anyone")
    assert row["evidence_to_contrary"] == "yes"


@pytest.mark.parametrize(
    ("log", "due"),
    [
        ("HER BROTHER PUNCHED HER IN THE FACE", True),
        ("A MAN PUNCHED HER IN THE FACE. HER COUSIN WAS THERE AND HE WENT FOR HIM AS WELL", False),
        ("HER HUSBAND PUNCHED HER IN THE FACE AND DID THE SAME TO HER MUM", True),
        ("THE BABY WAS FOUND ALONE IN THE HOUSE, HIS MUM OUT SINCE YESTERDAY", False),
    ],
)
def test_domestic_abuse_is_by_a_partner_or_relative_who_did_it_to_somebody_grown(log: str, due: bool) -> None:
    found = offences(log)
    assert found
    assert any("domestic_abuse" in row["flags_due"] for row in found) is due
