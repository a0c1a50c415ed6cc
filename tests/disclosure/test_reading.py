"""What the reader of logs holds: which offences words disclose, and how a log speaks of them."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opencdi.disclosure.circumstances import Context
from opencdi.disclosure.disclosing import the_discloser

VICTIM = Context(caller_role="victim")


def offences(narrative: str, context: Context = VICTIM) -> list[dict]:
    return list(the_discloser().rows("I1", narrative, context))


def asserted(narrative: str, context: Context = VICTIM) -> set[str]:
    return {row["class_code"] for row in offences(narrative, context) if row["assertion"] == "asserted"}


@pytest.mark.parametrize(
    ("narrative", "class_code"),
    [
        ("IP STATES HER NEIGHBOUR SLAPPED HER ROUND THE FACE, NO INJURIES SEEN", "105A"),
        ("Boyfriend punched complainant in the mouth, lip is bleeding", "8N"),
        ("Male has been stabbed in the leg outside the pub", "5D"),
        ("Husband put his hands round her throat until she could not breathe", "8N"),
        ("Ex says he will come round and kill her", "3B"),
        ("Reports she was raped by a man she met online", "19C"),
        ("14 year old girl raped by an older boy", "19D"),
        ("Man on the bus rubbed her thigh and touched her breasts", "20A"),
        ("Unknown man exposed himself to a jogger in the park", "88E"),
        ("Her ex keeps turning up at her work and waits outside her house", "8Q"),
        ("Neighbour continues to harass the caller over a fence", "8L"),
        ("Sent vile and abusive messages on Facebook", "8R"),
        ("Partner checks her phone, controls all the money and does not allow her to see friends", "8U"),
        ("Two youths pulled a knife and demanded his phone", "34B"),
        ("Came home to find the house broken into, jewellery taken", "28I"),
        ("Garden shed broken into overnight and mower stolen", "28M"),
        ("Break in at the office, laptops taken", "30C"),
        ("Car stolen from the driveway", "48"),
        ("Tools stolen from his van overnight", "45"),
        ("Secured mountain bike taken from bike rack", "44"),
        ("Male left the store without paying for spirits", "46"),
        ("Phone snatched from her hand by a lad on a moped", "39"),
        ("Someone has smashed the windscreen of my car", "58C"),
        ("Bins set on fire by kids", "56B"),
        ("Man seen dealing drugs from a car", "92A"),
        ("Found with a small bag of cannabis", "92E"),
        ("Male walking around with a machete", "10D"),
    ],
)
def test_plain_words_disclose_their_offence(narrative: str, class_code: str) -> None:
    assert class_code in asserted(narrative)


@pytest.mark.parametrize(
    ("narrative", "assertion"),
    [
        ("Verbal argument, no assault disclosed", "negated"),
        ("She denies that he hit her", "negated"),
        ("Caller asks what to do if someone breaks into the house", "hypothetical"),
        ("Concern for safety, history of domestic violence at the address", "past"),
        ("Phone was stolen. Update: has since found it in her bag", "retracted"),
        ("Says he was punched. Now states it did not happen", "retracted"),
    ],
)
def test_how_the_log_speaks_of_an_offence_is_kept(narrative: str, assertion: str) -> None:
    rows = offences(narrative)
    assert {row["assertion"] for row in rows} == {assertion}


@pytest.mark.parametrize(
    "narrative",
    [
        "Lost wallet somewhere in town, wants to report it",
        "Elderly female has fallen in the street, ambulance called",
        "Two car collision, no injuries, exchange of details",
        "Intruder alarm sounding at the school, keyholder informed",
        "Loud music from number 12 again",
        "Student became ill and was taken to hospital",
        "Caller had a panic attack on the train",
    ],
)
def test_everyday_logs_disclose_nothing(narrative: str) -> None:
    assert asserted(narrative) == set()


def test_an_officers_no_offences_does_not_undo_the_words_of_the_report() -> None:
    said = "IP reports her brother punched her in the face."
    closed = said + " Officer attended, no offences."
    assert asserted(closed) == asserted(said)
    assert offences(closed)[0]["strength"] < offences(said)[0]["strength"]


def test_a_victim_who_will_not_support_a_prosecution_still_confirms() -> None:
    (row,) = offences("IP was punched by her brother, does not wish to make a complaint")
    assert row["victim_confirms"] == "yes"


def test_a_third_partys_report_of_a_victim_who_says_nothing_is_not_confirmed() -> None:
    witness = Context(caller_role="witness")
    (row,) = offences("Passer by saw a man punch a woman. Female refuses to say what happened", witness)
    assert row["victim_confirms"] == "no"


def test_each_victim_of_one_act_is_an_offence() -> None:
    rows = offences("Susp assaulted two women outside the club")
    assert [row["victim_no"] for row in rows] == [1, 2]


def test_a_code_alone_supports_an_offence_weakly() -> None:
    (row,) = offences("", Context(opening_group="robbery"))
    assert (row["class_code"], row["basis"], row["span_starts"]) == ("34B", "code", [])
    assert row["strength"] < 0.5


def test_a_non_crime_closing_code_does_not_remove_words() -> None:
    context = Context(caller_role="victim", closing_group="anti_social_behaviour")
    assert "105A" in asserted("He slapped me", context)


def test_abuse_between_partners_is_due_the_domestic_flag() -> None:
    (row,) = offences("Her husband slapped her")
    assert row["relationship"] == "partner"
    assert "domestic_abuse" in row["flags_due"]


def test_a_spelling_slip_in_a_word_that_matters_is_read() -> None:
    assert "105A" in asserted("IP was assualted by a stranger")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_spans_of_any_text_lie_inside_it(noise: str) -> None:
    narrative = noise + " he punched her and stole a phone " + noise
    for row in offences(narrative):
        for start, end in zip(row["span_starts"], row["span_ends"], strict=True):
            assert 0 <= start < end <= len(narrative)


def test_a_span_holds_the_words_it_names() -> None:
    narrative = "Café owner – says a “customer” PUNCHED him"
    (row,) = offences(narrative)
    assert narrative[row["span_starts"][0] : row["span_ends"][0]] == "PUNCHED"


@pytest.mark.parametrize(
    "narrative",
    [
        "<p>IP was <b>punched</b> by her ex</p>",
        "IP\x00 was\x07 PUNCHED\x1b by her ex",
        "Elle a été frappée. SHE WAS PUNCHED BY HER EX. Pobił ją. 他打了她",
        "IP WAS PUNCHED\r\nBY HER EX\r\n",
    ],
)
def test_mark_up_control_characters_and_other_languages_do_not_hide_the_words(narrative: str) -> None:
    assert "105A" in asserted(narrative)


def test_a_log_without_a_single_stop_costs_no_more_than_its_length() -> None:
    """Eight times the text may cost at most twenty times the processor's time (linear is eight)."""
    words = "he punched her and stole a phone from the car no knife if drugs threatened to kill "

    def seconds(times: int) -> float:
        began = process_time()
        offences(words * times)
        return process_time() - began

    seconds(100)
    assert seconds(4_000) < 20 * seconds(500)


@pytest.mark.parametrize(
    "narrative",
    [
        "He thinks his neighbour is going to batter him",
        "She is convinced her ex will kill her",
        "Says her boyfriend will smash her face in at some point",
    ],
)
def test_what_somebody_is_afraid_of_is_no_threat(narrative: str) -> None:
    assert asserted(narrative) == set()


@pytest.mark.parametrize(
    "narrative",
    [
        "Caller has read of a stabbing on facebook and wants patrols",
        "Alarm only. Wants to know if police caught who did the burglary on Church Lane",
        "Window broken by hail overnight",
    ],
)
def test_what_happened_to_others_or_by_weather_is_no_offence(narrative: str) -> None:
    assert asserted(narrative) == set()


def test_two_acts_on_one_person_make_one_victim() -> None:
    rows = [
        row for row in offences("Her ex shoved IP and punched her in the face") if row["concept"] == "assault"
    ]
    assert [row["victim_no"] for row in rows] == [1]


def test_who_reports_for_a_victim_nobody_found_confirms_nothing() -> None:
    log = "A man punched a woman at the bus stop. Female had gone on arrival, no victim come forward"
    assert offences(log, Context(caller_role="third_party"))[0]["victim_confirms"] == "unknown"
    assert offences(log, Context(caller_role="victim"))[0]["victim_confirms"] == "yes"


def test_the_alcohol_flag_is_due_where_the_words_blame_the_drink() -> None:
    assert "alcohol" in offences("Both had been drinking and he punched her")[0]["flags_due"]
    assert "alcohol" not in offences("Drunk male punched him")[0]["flags_due"]
    assert "alcohol" not in offences("Caller is intoxicated. Says he was punched")[0]["flags_due"]


def test_abuse_of_a_child_at_home_is_no_domestic_abuse() -> None:
    row = offences("His mum slapped him", Context(flags=("youth",)))[0]
    assert "domestic_abuse" not in row["flags_due"]


@pytest.mark.parametrize(
    "narrative",
    [
        "I would like to report that my bicycle was stolen from the station",
        "She is afraid of him, he raped her last month",
        "Having nightmares since her ex raped her",
        "Concerned about his son, who has been punched by another pupil",
        "If you could let me know what happens next, my shed was burgled",
        "Wants advice about a neighbour who has spat at her",
        "Friend fears she was raped at the party",
    ],
)
def test_what_is_supposed_ends_where_a_log_goes_on_to_tell(narrative: str) -> None:
    assert {row["assertion"] for row in offences(narrative)} == {"asserted"}


@pytest.mark.parametrize(
    "narrative",
    [
        "She is afraid that he will come round and punch her",
        "If he comes back he might rape her",
        "Worried that, after dark, someone could break into the house",
    ],
)
def test_what_is_feared_or_supposed_stays_so(narrative: str) -> None:
    assert "asserted" not in {row["assertion"] for row in offences(narrative)}


def test_what_officers_found_out_takes_a_report_back_unless_it_is_an_offence() -> None:
    assert not asserted("Woman said a burglar had broken in. Officers learned that he was her son's friend.")
    assert asserted("Called to an argument. Officers learned that he had punched her in the face.")
    assert "105A" not in asserted(
        "Caller located the man who punched him, who turned out to be the actor in a play."
    )


def test_an_officers_all_in_order_takes_weight_and_not_the_report() -> None:
    told = "Her coat was stolen off the table."
    (alone,), (closed,) = offences(told), offences(f"{told} Attended, all in order.")
    assert closed["assertion"] == "asserted"
    assert closed["strength"] < alone["strength"]


def test_a_car_stolen_and_found_smashed_up_is_a_car_stolen() -> None:
    assert asserted("My car was stolen last night and has been found smashed up.") == {"48"}


@pytest.mark.parametrize(
    ("narrative", "class_code"),
    [
        ("Searched at the arch, lock knife in male's sock", "10D"),
        ("Daughter, 14, told her that the man upstairs has sex with her", "22B"),
        ("She was drunk and he took advantage of her at the party", "19C"),
        ("Said they would stab him unless he handed over his phone", "34B"),
        ("Came back to find her Fiesta on bricks", "45"),
        ("He put his fingers inside her and she kept pushing him off", "20A"),
    ],
)
def test_what_was_found_gone_or_done_to_whom_is_read_without_its_name(
    narrative: str, class_code: str
) -> None:
    assert class_code in asserted(narrative)


@pytest.mark.parametrize(
    "narrative",
    [
        "Deputy removed a dead animal from the highway",
        "New recruits were at shooting practice at the gun club",
        "Kitchen knife in his bag, new in packaging with receipt, chef on his way to work",
        "A vehicle lost traction and slid into a pole",
        "Her dog was attacked by the neighbour's dog",
        "One has taken his belt off at the gate as asked",
    ],
)
def test_lawful_things_animals_and_mishaps_are_no_offence(narrative: str) -> None:
    assert not asserted(narrative)
