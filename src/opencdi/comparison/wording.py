"""What a finding says, and what would settle it: one sentence each, by kind and detail.

``{name}`` stands for a column of the finding. No sentence carries a name, an address or the narrative.
"""

from __future__ import annotations

import re

Key = tuple[str, str]

EXPLANATIONS: dict[Key, str] = {
    ("missing", ""): (
        "The report describes an offence of class {class_required} ({title_required}) "
        "and no crime was recorded from it{repeats}."
    ),
    ("missing", "n100_record"): (
        "The report describes a rape that is not yet a confirmed crime "
        "and no N100 record was made of it{repeats}."
    ),
    ("additional_missing", ""): (
        "The report calls for a further crime of class {class_required} ({title_required}); "
        "other crimes were recorded from it, this one was not{repeats}."
    ),
    ("wrong_class", ""): (
        "The report describes class {class_required} ({title_required}); "
        "the crime is recorded as class {class_recorded} ({title_recorded})."
    ),
    ("wrong_class", "same_subgroup"): (
        "The report describes class {class_required} ({title_required}); the crime is recorded as "
        "class {class_recorded} ({title_recorded}), of the same subgroup."
    ),
    (
        "late",
        "",
    ): "The crime was recorded {hours_to_record} hours after the report, past the 24 hours allowed.",
    ("n100_instead_of_crime", ""): (
        "The report describes a confirmed rape; the record is an N100 reported incident and not a crime."
    ),
    ("n100_instead_of_crime", "other_sexual"): (
        "The report describes class {class_required} ({title_required}); "
        "the record is an N100 reported incident of rape and not a crime."
    ),
    ("wrongly_cancelled", "transfer_unsupported"): (
        "The crime was transferred (C1), but nothing names another force that has accepted it."
    ),
    ("wrongly_cancelled", "no_other_crime"): (
        "The crime was cancelled as a duplicate (C3), but no other live crime was found for the report."
    ),
    ("wrongly_cancelled", "self_defence_class"): (
        "The crime was cancelled for self-defence (C5), which class {class_recorded} does not allow."
    ),
    ("wrongly_cancelled", "not_independent"): (
        "The cancellation was decided by someone who is not independent of the investigation."
    ),
    ("wrongly_cancelled", "authority"): (
        "A crime of class {class_recorded} was cancelled on new information "
        "and not by the force crime registrar."
    ),
    ("wrongly_cancelled", "rationale_missing"): (
        "The crime was cancelled with no rationale, or one too short to judge, "
        "while the report describes an offence."
    ),
    ("wrongly_cancelled", "rationale_weak"): (
        "The rationale for cancelling gives a reason "
        "that is not verifiable information that no crime occurred."
    ),
    ("wrongly_cancelled", "rationale_unverified"): (
        "The rationale for cancelling names no verifiable information, while the report describes an offence."
    ),
    ("over_recorded", "nothing_disclosed"): (
        "A crime of class {class_recorded} is on record, "
        "and nothing was found in the report as logged that describes an offence."
    ),
    ("over_recorded", "repeats_a_crime"): (
        "A further crime of class {class_recorded} is on record than the report seems to call for; "
        "it may record the same crime twice."
    ),
    ("over_recorded", "counted_in_principal"): (
        "A crime of class {class_recorded} is on record, "
        "which the rules seem to count in the principal crime of the same report."
    ),
    ("paperwork", "flag"): "The report calls for the {flag} flag; the crime record does not carry it.",
    ("paperwork", "victim"): "The crime has a victim by its class; the record names none.",
    ("paperwork", "rationale"): "The crime was cancelled or transferred and no rationale is on the record.",
    ("paperwork", "victim_not_told"): (
        "The crime was cancelled or transferred and the record says that the victim was not told."
    ),
    ("cannot_tell", "missing_fact"): (
        "The report may require a crime of class {class_required} ({title_required}); "
        "a fact that decides it is not in the log, and no crime is on record."
    ),
    ("cannot_tell", "code_only"): (
        "The report was opened under a code for class {class_required} ({title_required}); no word of the "
        "log was read as that offence, and no crime is on record."
    ),
    ("cannot_tell", "faint_words"): (
        "A few words of the report may describe class {class_required} ({title_required}); "
        "they are too faint to call for a crime, and none is on record."
    ),
    ("cannot_tell", "n100_on_record"): (
        "The report describes class {class_required} ({title_required}); "
        "an N100 reported incident of rape is on record from it, and no crime."
    ),
    ("cannot_tell", "unmapped_class"): (
        "The report describes class {class_required} ({title_required}); "
        "the crime on record carries a code that could not be mapped to a class."
    ),
    ("cannot_tell", "possible_crime"): (
        "The report describes class {class_required} ({title_required}); a crime that may have come "
        "from it is on record, but it may belong to another report."
    ),
}

SETTLES: dict[Key, str] = {
    ("missing", ""): "Read the log and its updates; search the crime system by victim and place.",
    ("missing", "n100_record"): "Ask the registrar whether an N100 is held under another reference.",
    ("additional_missing", ""): (
        "Count the victims and offenders in the log against the crimes recorded from it."
    ),
    ("wrong_class", ""): "Compare the log and the victim's account with the points to prove of both classes.",
    ("wrong_class", "same_subgroup"): (
        "Compare the log and the victim's account with the points to prove of both classes."
    ),
    ("late", ""): "Check the time the report reached the force and the time on the crime's first version.",
    (
        "n100_instead_of_crime",
        "",
    ): "Check whether the victim, or who acts for them, has confirmed the offence.",
    ("n100_instead_of_crime", "other_sexual"): (
        "Check whether the victim, or who acts for them, has confirmed an offence, and which."
    ),
    ("wrongly_cancelled", "transfer_unsupported"): "Ask for the receiving force's crime reference.",
    ("wrongly_cancelled", "no_other_crime"): "Find the live crime that the cancelled one repeats.",
    ("wrongly_cancelled", "self_defence_class"): "Check the class and the ground; the registrar decides.",
    ("wrongly_cancelled", "not_independent"): "Check who decided, and their part in the investigation.",
    ("wrongly_cancelled", "authority"): "Find the registrar's decision.",
    ("wrongly_cancelled", "rationale_missing"): "Find the decision and the information it rested on.",
    ("wrongly_cancelled", "rationale_weak"): "Find additional verifiable information that no crime occurred.",
    ("wrongly_cancelled", "rationale_unverified"): (
        "Find additional verifiable information that no crime occurred."
    ),
    ("over_recorded", "nothing_disclosed"): (
        "Read the log and the crime's first account; the crime may rest on a later one."
    ),
    ("over_recorded", "repeats_a_crime"): "Compare the victims and times of the two crimes.",
    ("over_recorded", "counted_in_principal"): "Check victim and offender against the principal crime rule.",
    ("paperwork", "flag"): "Check the definition of the flag against the log; add the flag if it is met.",
    ("paperwork", "victim"): "Check the crime record for the victim's details.",
    ("paperwork", "rationale"): "Find the decision and add the rationale to the record.",
    ("paperwork", "victim_not_told"): "Tell the victim, and record when and how.",
    ("cannot_tell", "missing_fact"): "{missing_facts}",
    ("cannot_tell", "code_only"): (
        "Read the log: does it say what the opening code says, or why it does not hold?"
    ),
    ("cannot_tell", "faint_words"): "Read the log: is an offence described at all?",
    ("cannot_tell", "n100_on_record"): "Ask the registrar what the N100 was made for.",
    ("cannot_tell", "unmapped_class"): "Add the crime's code to the code list of the profile and run again.",
    ("cannot_tell", "possible_crime"): "Open the crime named and see which report it came from.",
}


def sentence(templates: dict[Key, str]) -> str:
    """A SQL expression that picks the template of a row's ``kind`` and ``details`` and fills it."""
    cases = " ".join(
        f"when kind = '{kind}' and wording = '{detail}' then {_filled(template)}"
        for (kind, detail), template in templates.items()
    )
    return f"case {cases} end"


def _filled(template: str) -> str:
    parts = []
    for part in re.split(r"(\{\w+\})", template):
        if part.startswith("{"):
            parts.append(f"coalesce({part[1:-1]}, '')")
        elif part:
            parts.append("'" + part.replace("'", "''") + "'")
    return " || ".join(parts)
