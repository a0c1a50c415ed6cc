"""Every fact a counting rule may ask about: its values, its question in plain words, and what silence means.

A fact is known (one of its values) or unknown. Where the rules themselves say what to presume (a victim
is believed; evidence that is not there does not count), ``presumed`` holds that value and the pages that
say so; otherwise an unknown fact stays unknown, and the answer is given for each of its values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

YES_NO = ("yes", "no")

AGE_BANDS = ("under_13", "13_to_15", "16_or_17", "adult")

REPORTERS = (
    "victim",
    "parent_or_carer",
    "other_third_party",
    "professional",
    "witness",
    "officer",
    "suspect",
)


@dataclass(frozen=True)
class Presumption:
    """What silence means where all of ``when`` are so."""

    value: str
    page: int
    """Page of the recording rules that gives it."""
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Fact:
    """One fact about a disclosed offence, as rules name it."""

    name: str
    question: str
    values: tuple[str, ...] = YES_NO
    presumptions: tuple[Presumption, ...] = ()
    """The first whose ``when`` is so speaks where the report is silent."""

    @property
    def presumed(self) -> str | None:
        """What silence always means; None where it depends or means nothing."""
        last = self.presumptions[-1] if self.presumptions else None
        return last.value if last and not last.when else None


def _asked(name: str, question: str, values: tuple[str, ...] = YES_NO, *presumed: Presumption) -> Fact:
    return Fact(name, question, values, presumed)


def _presumed(name: str, value: str, page: int, question: str, values: tuple[str, ...] = YES_NO) -> Fact:
    return Fact(name, question, values, (Presumption(value, page),))


LAW_DAYS = (
    date(2012, 11, 25),
    date(2015, 12, 29),
    date(2018, 11, 13),
    date(2019, 4, 12),
    date(2022, 6, 7),
    date(2024, 1, 31),
    date(2024, 8, 24),
    date(2026, 4, 1),
)
"""Days on which the law of an offence changed; the class of a historic offence follows them."""


def committed_before(day: date) -> str:
    """The name of the fact that an offence was committed before one of ``LAW_DAYS``."""
    return f"committed_before_{day:%Y_%m_%d}"


DERIVED: tuple[Fact, ...] = (
    Fact("class", "What class is it?", ()),
    Fact("subcode", "What code is it?", ()),
    Fact("group", "What group is it in?", ()),
    Fact("subgroup", "What subgroup is it in?", ()),
    Fact("victim_based", "Is it a crime against a victim?"),
    Fact("notifiable", "Is it a notifiable offence?"),
    Fact(
        "assertion",
        "How does the report speak of it?",
        ("asserted", "negated", "hypothetical", "retracted", "past", "other_incident"),
    ),
    Fact("attempted", "Was it an attempt?"),
    Fact("victim_kind", "Who suffers it?", ("person", "organisation", "state")),
    Fact("reporter_is_this_victim", "Is the person reporting the victim of this offence?"),
    Fact("indictable_only", "Is it triable on indictment only?"),
    _asked(
        "aged_16_or_over",
        "Is the victim 16 or over?",
        YES_NO,
        Presumption("yes", 28, {"relationship": ("partner",)}),
        Presumption("yes", 55, {"former_partner": ("yes",)}),
    ),
    *(Fact(committed_before(day), f"Was it committed before {day.day} {day:%B %Y}?") for day in LAW_DAYS),
)
"""Facts worked out from the columns of a disclosed offence, never asked as such."""

COLUMNS: tuple[Fact, ...] = (
    _asked("reporter", "Who reports it?", REPORTERS),
    _asked("victim_sex", "What sex is the victim?", ("F", "M", "X")),
    _asked("victim_age", "How old is the victim?", AGE_BANDS),
    _asked(
        "relationship",
        "What is the suspect to the victim?",
        ("partner", "family", "acquaintance", "stranger"),
    ),
    _asked(
        "victim_confirms",
        "Does the victim, or someone who acts for them, confirm that it happened?",
        YES_NO,
        Presumption("no", 7, {"victim_traced": ("no",)}),
        Presumption("yes", 7, {"reporter_is_this_victim": ("yes",)}),
    ),
    _asked(
        "victim_traced",
        "Can the victim, or someone who acts for them, be found?",
        YES_NO,
        Presumption("yes", 7, {"reporter_is_this_victim": ("yes",)}),
    ),
    _presumed(
        "evidence_to_contrary",
        "no",
        7,
        "Is there credible evidence, immediately available, that it did not happen?",
    ),
    _presumed("other_force_records", "no", 11, "Is another force recording it, or does it belong to one?"),
    _presumed(
        "school_deals", "no", 12, "Did it happen at a school in school hours, and is the school dealing?"
    ),
)
"""Facts that have a column of their own in the table of disclosed offences."""

LISTED: tuple[Fact, ...] = (
    # Whether to record
    _asked("points_to_prove", "Are all the points to prove of the offence made out?", YES_NO,
           Presumption("yes", 8, {"reporter": ("officer",)}),
           Presumption("yes", 9, {"disorder_continuing": ("yes",)}),
           Presumption("yes", 9, {"supporting_evidence": ("yes",)}),
           Presumption("yes", 71, {"masturbating": ("yes",)})),
    _presumed("parent_or_carer", "no", 8,
              "Does the third party report as parent, guardian or carer of a child or adult at risk?"),
    _asked("victim_died", "Did the victim die?"),
    _presumed("appropriate_without_confirmation", "no", 7,
              "Is it appropriate or necessary to record it without the victim's confirmation?"),
    _presumed("third_party_in_doubt", "no", 8,
              "Is there doubt about who the third party is, or about the truth of their report?"),
    _presumed("video_only", "no", 8, "Does it rest on video alone, with nobody reporting it?"),
    _presumed("counter_allegation", "no", 8, "Is it a counter allegation by someone accused of a crime?"),
    _presumed("supporting_evidence", "no", 9,
              "Is there anything that supports it: an injury, an independent witness, other evidence?"),
    _presumed("unfit_to_report", "no", 9,
              "Is the victim too drunk or impaired, for now, to give an account?"),
    _presumed("disorder_continuing", "no", 9, "Did officers find disorder going on when they arrived?"),
    _presumed("intent_to_be_believed", "yes", 38, "Was the threat meant to be believed?"),
    _presumed("damage_lasting", "yes", 86, "Is the damage more than can be cleaned off at no cost?"),
    _presumed("nuisance_only", "no", 51, "Were the calls or messages a nuisance only?"),
    _presumed("offensive_enough", "yes", 59,
              "Is the message indecent or grossly offensive, and meant to cause distress or anxiety?"),
    _presumed("knowingly_false", "yes", 59,
              "Was the message known to be false and meant to cause real harm?"),
    _presumed("course_of_conduct", "yes", 50, "Did it happen on more than one occasion?"),
    _asked("personally_connected", "Are the two, or were they, partners or relatives?", YES_NO,
           Presumption("yes", 54, {"former_partner": ("yes",)}),
           Presumption("no", 54, {"relationship": ("acquaintance", "stranger")}),
           Presumption("yes", 54)),
    _presumed("serious_effect", "yes", 54, "Does the behaviour have a serious effect on the victim?"),
    _presumed("harassment_only", "no", 55, "Is the registrar satisfied that it is harassment only?"),
    _presumed("former_partner", "no", 55, "Is the suspect a former partner of the victim?"),
    _presumed("willing_participant", "no", 65, "Did the young person take part willingly?"),
    _presumed("penetration", "no", 65, "Was there penetration?"),
    _presumed("multi_agency_referral", "no", 65, "Did a multi-agency panel refer it?"),
    _presumed("unduly_forced", "no", 66, "Was the child made to send the image by pressure or grooming?"),
    _presumed("lived_together", "no", 82, "Did the two and the animal live in one household before?"),
    _presumed("in_wales", "no", 82, "Was the animal taken in Wales?"),
    _presumed("own_property", "no", 86, "Is it the offender's own property that is threatened?"),
    _presumed("life_endangered_by_threat", "no", 86, "Would carrying out the threat endanger a life?"),
    _presumed("only_carried", "no", 76, "Was the person only driving or carried in a vehicle others took?"),
    _presumed("paid_unprompted", "no", 83, "Did the person come back and pay before any police action?"),
    _presumed("dealt_with_by_owner", "no", 82, "Has the owner of the machine dealt with it entirely?"),
    _presumed("two_could_see", "yes", 71, "Could two or more people have seen the act?"),
    _presumed("masturbating", "no", 69, "Was the person masturbating in a public place?"),
    # Where, and who else deals
    _presumed("scotland_or_northern_ireland", "no", 15,
              "Was it committed in Scotland or Northern Ireland, and does the force there accept it?"),
    _presumed("abroad_without_link", "no", 15, "Was it committed abroad with no link to this country?"),
    _presumed("international_arrival", "no", 16, "Was it on an international flight arriving here?"),
    _presumed("mandatory_fgm_report", "no", 44, "Is it a professional's duty report of FGM of a girl?"),
    _presumed("nrm_referral", "no", 48, "Is it a referral or duty to notify from the competent authority?"),
    _presumed("serious_for_school", "no", 12, "Is it serious as the schools protocol defines it?"),
    _presumed("school_or_family_asks", "no", 12,
              "Has the school, the child, or a parent asked for a crime record?"),
    _presumed("other_authority_leads", "no", 17, "Does another investigating authority have primacy?"),
    _presumed("authority_is_victim", "no", 17, "Is that authority the victim, or reporting for the victim?"),
    _presumed("officer_on_duty", "no", 17, "Is it an allegation against an officer acting in duty?"),
    _presumed("case_to_answer", "no", 17, "Has the appropriate authority found a case to answer?"),
    _presumed("nca_asks_delay", "no", 18, "Does the National Crime Agency ask to delay the record?"),
    _presumed("investigation_confirms", "no", 37,
              "Has the investigation confirmed that the offence is made out?"),
    _asked("call_for_service",
           "Is there an arrest, an offence going on or just past, or a suspect who can be found locally?"),
    _presumed("sarc_for_intelligence", "no", 62,
              "Did a sexual assault referral centre pass it on for intelligence only, without a request?"),
    # Reported before
    _asked("reported_before", "Has it already been reported to the police and recorded?", YES_NO,
           Presumption("no", 12, {"assertion": ("asserted", "negated", "hypothetical", "retracted",
                                                "other_incident")})),
    _presumed("continues_recorded_conduct", "no", 58,
              "Is it more of a course of conduct that is already recorded?"),
    _presumed("offender_dealt_with", "no", 58,
              "Have the police dealt with the offender for it since (charge, caution)?"),
    _presumed("three_months_passed", "no", 58, "Have three months passed since the last recorded incident?"),
    # Which class
    _presumed("racially_or_religiously_aggravated", "no", 52, "Was it racially or religiously aggravated?"),
    _presumed("victim_is_constable", "no", 45, "Is the victim a constable acting in duty?"),
    _presumed("victim_is_emergency_worker", "no", 45,
              "Is the victim another emergency worker acting in duty?"),
    _presumed("force_used_to_steal", "no", 78, "Was force, or the threat of it, used to steal?"),
    _presumed("business_property", "no", 72, "Does the property stolen belong to a business?"),
    _presumed("weapon_carried", "no", 74, "Did a burglar have a firearm, weapon or explosive with them?"),
    _presumed("distraction", "no", 74, "Was an occupant tricked or distracted to get in?"),
    _presumed("by_employee", "no", 81, "Was the thief an employee of the owner?"),
    _presumed("conspiracy", "no", 14, "Is it a conspiracy to commit the offence?"),
    _presumed("vehicle_known_stolen", "no", 97, "Is the vehicle known to be stolen?"),
    _presumed("aggravating_vehicle_damage", "no", 75,
              "Was the taken vehicle damaged, or did its driving damage property or injure someone?"),
    _presumed("sex_based", "no", 87, "Was it done because of the victim's sex?"),
    # What counts besides
    _presumed("weapon_used", "no", 94, "Was the weapon used in another notifiable offence?"),
    _presumed("only_evidence_is_injury", "no", 97, "Is the injury the only evidence of dangerous driving?"),
    _presumed("complied_with_demand", "no", 80, "Did the victim comply with the demand, or lose otherwise?"),
    _presumed("specific_victim", "yes", 97,
              "Was this person singled out, contacted again, or did they act on the contact?"),
    _presumed("only_a_dispute", "no", 97,
              "Is it only that goods or work did not come or were poor, with nothing else to show fraud?"),
    _presumed("suspect_16_or_over", "yes", 28, "Is the suspect 16 or over?"),
    _presumed("suspect_under_18", "no", 65, "Is the suspect under 18?"),
    # Which flags
    _presumed("hostility_race", "no", 26, "Does anybody perceive hostility to race?"),
    _presumed("hostility_religion", "no", 26, "Does anybody perceive hostility to religion or belief?"),
    _presumed("hostility_sexual_orientation", "no", 26,
              "Does anybody perceive hostility to sexual orientation?"),
    _presumed("hostility_disability", "no", 26, "Does anybody perceive hostility to disability?"),
    _presumed("hostility_transgender", "no", 26, "Does anybody perceive hostility to transgender identity?"),
    _presumed("online_element", "no", 29,
              "Was any part of it done online (message, app, web site, smart device)?"),
    _presumed("alcohol_aggravated", "no", 30,
              "Does anybody perceive that alcohol, taken by offender or victim, made it worse?"),
    _presumed("corrosive_used", "no", 30,
              "Was a corrosive substance used on a person, or was that tried, with evidence of it?"),
    _presumed("taken_for_scrap", "no", 27, "Was it taken for the scrap value of its metal?"),
    _presumed("honour_motive", "no", 31,
              "Was it done, or may it have been, to defend the supposed honour of a family or community?"),
    _presumed("spiked", "no", 31, "Was a substance given to the victim in secret?"),
    _presumed("sexually_exploited", "no", 29,
              "Was a young person brought into sexual activity for something wanted, or for another's gain?"),
)  # fmt: skip
"""Facts a disclosed offence may list as ``name=value``; one that is not listed is unknown."""

NAMING: tuple[Fact, ...] = (
    Fact(
        "injury",
        "How was the victim injured? (some: from grazes, bruises or lasting pain up to a broken nose; "
        "serious: really serious harm)",
        ("none", "some", "strangled", "serious"),
    ),
    Fact(
        "intent_of_serious_harm",
        "Did the offender mean to cause really serious harm (weapon, head stamped on)?",
    ),
    Fact("fear_of_violence", "Was the victim put in fear of violence at least twice?"),
    Fact("serious_alarm", "Did it cause serious alarm or distress that changed the victim's daily life?"),
    Fact(
        "spiking_intent",
        "What was the substance given for?",
        ("injure_or_annoy", "endanger_life", "sexual", "not_known"),
    ),
    Fact(
        "building",
        "Which building was entered? (unconnected: a shed, garage or other building of a home, with no door "
        "to it)",
        ("home", "unconnected", "business"),
    ),
    Fact("damaged", "What was damaged?", ("home", "business", "vehicle", "other")),
)
"""Facts that only choose the class of an offence given by its plain name."""

FACTS: dict[str, Fact] = {fact.name: fact for fact in (*DERIVED, *COLUMNS, *LISTED)}


def age_band(age: int) -> str:
    """The band of an age in years that the law of sexual offences and safeguarding uses."""
    if age < 13:
        return AGE_BANDS[0]
    if age < 16:
        return AGE_BANDS[1]
    return AGE_BANDS[2] if age < 18 else AGE_BANDS[3]
