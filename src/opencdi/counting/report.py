"""One report as structured facts, as a person types it: its form, its checks, and its rows.

The form is a pydantic model, from which the JSON Schema of the facts file is derived.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from opencdi.counting import classification, traits
from opencdi.counting.classification import HOCR
from opencdi.counting.derive import LONDON
from opencdi.counting.editions import Edition, edition, edition_on
from opencdi.counting.facts import LISTED, age_band
from opencdi.schema import FLAGS

YesNo = Literal["yes", "no", "unknown"]


def _as_answer(value: Any) -> Any:
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


Answer = Annotated[YesNo, BeforeValidator(_as_answer)]

Said = Annotated[str, BeforeValidator(_as_answer)]

Reporter = Literal[
    "victim",
    "parent_or_carer",
    "other_third_party",
    "professional",
    "witness",
    "officer",
    "suspect",
    "unknown",
]


class Strict(BaseModel):
    """A part of a facts file: an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Victim(Strict):
    """Someone, or some body, that suffers an offence. Victims are numbered from 1 as they stand."""

    kind: Literal["person", "organisation"] = "person"
    sex: Literal["F", "M", "X"] | None = None
    age: int | None = Field(None, ge=0, le=130, description="Age in years")
    relationship: Literal["partner", "family", "acquaintance", "stranger", "unknown"] = Field(
        "unknown", description="What the suspect is to the victim"
    )
    confirms: Answer = Field("unknown", description="Does the victim, or who acts for them, confirm?")
    traced: Answer = Field("unknown", description="Can the victim, or who acts for them, be found?")
    household: int | None = Field(None, ge=1, description="Victims with one number live in one household")


class Offence(Strict):
    """One offence that the report describes, against one or more victims."""

    class_: str | None = Field(None, alias="class", description="Home Office class, such as 8N")
    code: str | None = Field(None, description="Home Office code, such as 008/06")
    name: str | None = Field(None, description="Plain name, such as rape or assault")
    words: str | None = Field(None, description="The facts in words; not read by any rule")
    says: Literal["asserted", "negated", "hypothetical", "retracted", "past", "other_incident"] = Field(
        "asserted", description="How the report speaks of it; past: disclosed late, of another time"
    )
    victims: Annotated[list[int] | Literal["state"], Field(description="Numbers of victims, or state")] = (
        Field(default_factory=lambda: [1])
    )
    suspects: int = Field(1, ge=0, description="Which offender, or group acting together; 0: not known")
    offenders: int | None = Field(None, ge=1, le=50, description="How many offenders took part")
    attempted: bool = False
    occurred_on: date | None = Field(None, description="Date of the offence, where not the day of the report")
    property_no: int | None = Field(
        None, ge=1, alias="property", description="Which household, building or shop, where there are several"
    )
    finished_incident: int = Field(
        1, ge=1, description="2 or more for offending that resumed after the police had notice"
    )
    facts: dict[str, Said] = Field(default_factory=dict, description="Further facts, by name")
    flags: list[Literal[FLAGS]] = Field(default_factory=list, description="Crime flags known to be due")  # type: ignore[valid-type]


class Recorded(Strict):
    """A crime already on record, and what has come to light about it."""

    class_: str | None = Field(None, alias="class")
    code: str | None = None
    additional_verifiable_information: Answer = Field(
        "no", description="Is there AVI that no crime occurred?"
    )
    committed_elsewhere: Answer = Field("no", description="Was it committed in another force's area?")
    receiving_force_reference: Answer = Field("no", description="Has the receiving force given a number?")
    duplicate: Answer = Field("no", description="Is it a duplicate, or part of a crime already recorded?")
    recorded_in_error: Answer = Field("no", description="Was it recorded by mistake?")
    self_defence: Answer = Field(
        "no", description="Does evidence show that the suspect acted in self-defence?"
    )
    classified_wrongly: Answer = Field("no", description="Was the class wrong, or has more become known?")
    reported_incident_only: Answer = Field(
        "no", description="A rape: should it have been a reported incident (N100) from the start?"
    )
    victim_told: Answer = Field("no", description="Has the victim been told of the decision?")

    @property
    def is_reported_incident_of_rape(self) -> bool:
        return "N100" in (self.class_, (self.code or "").partition("/")[0])

    charged: str | None = Field(None, description="Class or code charged instead of the crime recorded")
    same_material_facts: Answer = Field(
        "unknown", description="Does the charge use the same facts, the suspect being principal or accessory?"
    )
    prosecutor_prefers: Answer = Field(
        "no",
        description="Has the prosecutor advised that charge in the public interest?",
    )
    victim_under_13: Answer = Field("no", description="Is the victim of the rape under 13?")
    theft_charged_low_level: Answer = Field(
        "unknown",
        description="Retail robbery: little force, low value, no weapon, offender not prolific?",
    )


class Report(Strict):
    """The facts of one report."""

    reported_at: datetime = Field(description="When the report was received; without an offset, London time")
    reporter: Reporter = Field("unknown", description="Who reports")
    edition: str = Field("by-date", description="An edition to apply, or by-date: the one in force")
    facts: dict[str, Said] = Field(default_factory=dict, description="Facts of every offence")
    victims: list[Victim] = Field(default_factory=list)
    offences: list[Offence] = Field(default_factory=list)
    recorded: Recorded | None = None

    @property
    def at(self) -> datetime:
        return self.reported_at if self.reported_at.tzinfo else self.reported_at.replace(tzinfo=LONDON)

    @property
    def day(self) -> date:
        """The date whose rules apply."""
        return self.at.astimezone(LONDON).date() if self.edition == "by-date" else self.rules.valid_from

    @property
    def rules(self) -> Edition:
        if self.edition == "by-date":
            return edition_on(self.at.astimezone(LONDON).date())
        return edition(self.edition)

    def incident(self) -> dict[str, Any]:
        """The report as a row of ``schema.INCIDENTS``, as far as counting reads it."""
        third = self.reporter in ("parent_or_carer", "other_third_party")
        return {"reported_at": self.at, "caller_role": "third_party" if third else self.reporter}

    def rows(self) -> list[dict[str, Any]]:
        """Its offences as rows of ``schema.DISCLOSED_OFFENCES``, one for each victim.

        ``stands_in`` is the place of the offence in the report, from 1.
        """
        rows: list[dict[str, Any]] = []
        for place, offence in enumerate(self.offences, start=1):
            for number in self.numbers_of(offence):
                row = self._row(offence, number)
                rows.append({**row, "offence_no": len(rows) + 1, "stands_in": place})
        return rows

    def _row(self, offence: Offence, number: int) -> dict[str, Any]:
        victim = self.victim(number)
        said = self.said(offence)
        chosen = chosen_class(offence, self.naming_facts(offence, number))
        return {
            "class_code": chosen[0],
            "subcode": chosen[1],
            "concept": offence.name or chosen[0],
            "assertion": offence.says,
            "attempted": offence.attempted,
            "victim_no": number,
            "victim_kind": "state" if number == 0 else victim.kind,
            "victim_sex": victim.sex,
            "victim_age": victim.age,
            "suspect_group": offence.suspects,
            "offenders": offence.offenders,
            "property_no": offence.property_no or victim.household,
            "finished_incident": offence.finished_incident,
            "relationship": said.get("relationship", victim.relationship),
            "occurred_on": offence.occurred_on,
            "victim_confirms": said.get("victim_confirms", victim.confirms),
            "victim_traced": said.get("victim_traced", victim.traced),
            "evidence_to_contrary": said.get("evidence_to_contrary", "unknown"),
            "other_force_records": said.get("other_force_records", "unknown"),
            "school_deals": said.get("school_deals", "unknown"),
            "facts": self._listed(said),
            "flags_due": list(offence.flags),
            "strength": 1.0,
        }

    def _listed(self, said: Mapping[str, str]) -> list[str]:
        names = {fact.name for fact in LISTED}
        listed = [f"{name}={value}" for name, value in said.items() if name in names and value != "unknown"]
        if self.reporter in ("parent_or_carer", "other_third_party") and "parent_or_carer" not in said:
            listed.append(f"parent_or_carer={'yes' if self.reporter == 'parent_or_carer' else 'no'}")
        return listed

    def numbers_of(self, offence: Offence) -> list[int]:
        """The victims an offence is counted against; 0 for the state."""
        if isinstance(offence.victims, list):
            named = "victims" in offence.model_fields_set
            return offence.victims if named or not against_the_state(offence, bool(self.victims)) else [0]
        return [0]

    def victim(self, number: int) -> Victim:
        """A victim by number; one of whom nothing is said where none are listed."""
        return self.victims[number - 1] if 0 < number <= len(self.victims) else Victim()

    def said(self, offence: Offence) -> dict[str, str]:
        return {**self.facts, **offence.facts}

    def naming_facts(self, offence: Offence, number: int) -> dict[str, str]:
        """What chooses the class of an offence given by its plain name."""
        victim = self.victim(number)
        known = dict(self.said(offence))
        known["attempted"] = "yes" if offence.attempted else "no"
        if victim.sex:
            known["victim_sex"] = victim.sex
        if victim.age is not None:
            known["victim_age"] = age_band(victim.age)
        return {name: value for name, value in known.items() if value != "unknown"}


def against_the_state(offence: Offence, victims_listed: bool) -> bool:
    """Is it against the state, where the offence itself names no victim?

    A weapon class also holds threats to a person; it is one where the report lists victims.
    """
    if offence.name:
        return False
    found = traits.of(*chosen_class(offence, {}))
    weapon = found.group == "Possession of weapons" and found.victim_or_state != "V"
    return found.victim_or_state == "S" or (weapon and not victims_listed)


def only_code(class_code: str) -> str | None:
    """The code of a class that has only one."""
    codes = {row.code for row in classification.load().rows_of(class_code)}
    return min(codes) if len(codes) == 1 else None


# Plain names ---------------------------------------------------------------------------------------


@cache
def plain_names() -> dict[str, dict[str, Any]]:
    """Plain names of offences, with the class and code each is by the facts."""
    return tomllib.loads((HOCR / "plain_names.toml").read_text(encoding="utf-8"))


def chosen_class(offence: Offence, known: Mapping[str, str]) -> tuple[str, str | None]:
    """The class and code of an offence. Raises ``FactNeededError`` where a plain name needs one more fact."""
    if offence.name:
        return _named(offence.name, known)
    listed = classification.load()
    code = offence.code and (listed.normalise(offence.code) or offence.code)
    if offence.class_:
        class_code = listed.normalise(offence.class_) or offence.class_
        return class_code, code or only_code(class_code)
    return listed.class_of(code or "") or (code or "").split("/")[0], code


def _named(name: str, known: Mapping[str, str]) -> tuple[str, str]:
    needed: str | None = None
    known = {**plain_names()[name].get("presumed", {}), **known}
    for choice in plain_names()[name]["choices"]:
        answers = [
            known[fact] in values if fact in known else None for fact, values in choice["when"].items()
        ]
        if False in answers:
            continue
        if None in answers:
            needed = list(choice["when"])[answers.index(None)]
            break
        return choice["class"], choice["code"]
    raise FactNeededError(needed or "victim_age")


class FactNeededError(Exception):
    """A plain name stands for several classes, and this fact chooses between them."""

    def __init__(self, fact: str) -> None:
        super().__init__(fact)
        self.fact = fact


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a facts file."""
    return Report.model_json_schema(by_alias=True)
