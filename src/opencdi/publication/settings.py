"""``publication.toml`` of an audit and ``release.toml`` of a release: what no table of rates holds."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from opencdi.publication.dates import in_london
from opencdi.settings import Strict, load_toml, validated


class ActionSettings(Strict):
    what: str = Field(min_length=1)
    owner: str = Field(min_length=1, description="An office, such as `Head of contact`; never a person")
    due: date | None = None
    state: str = Field("open", description="open, done, late, closed by somebody else")


class CountSettings(Strict):
    kind: str = Field(min_length=1)
    count: int = Field(ge=0)


class AuditPublication(Strict):
    """``publication.toml`` in the folder of an audit."""

    force_code: str = Field("", description="GSS code; by the force's name in audit.toml where empty")
    title: str = ""
    publisher: str = ""
    grade_rules: str = Field("", description="Dated rules such as cdi-2017; empty: no grade is spoken of")
    grade: str = ""
    explanation: str = Field("", description="The force's own words on its figures")
    cause: list[CountSettings] = Field([])
    action: list[ActionSettings] = Field([])


class CorrectionSettings(Strict):
    on: date
    what: str = Field(min_length=1)
    why: str = Field(min_length=1)


def _at_half_past_nine(value: datetime) -> datetime:
    local = in_london(value)
    if (local.hour, local.minute, local.second) != (9, 30, 0):
        raise ValueError("statistics are released at 09:30 London time, to everybody at once")
    return value


def _a_moment(value: object) -> object:
    if not isinstance(value, date):
        raise ValueError("must be a day and a time without quotation marks, such as 2027-01-14T09:30:00")
    return value


ReleaseTime = Annotated[datetime, BeforeValidator(_a_moment), AfterValidator(_at_half_past_nine)]


class PlannedSettings(Strict):
    on: ReleaseTime
    what: str = Field(min_length=1)


class SignerSettings(Strict):
    """One of the two or more people who may sign the release off."""

    office: str = Field(min_length=1, description="An office, such as `Chief statistician`; never a person")
    key: str = Field(min_length=1, description="Verifier key, as `opencdi ledger keygen` prints it")


class ReleaseSettings(Strict):
    """``release.toml``: who publishes, when, and what comes next. Without it a release is a draft."""

    title: str = "How well the police record crime"
    publisher: str = "Publisher not named"
    contact: str = "no contact given"
    statistician: str = "not named"
    number: str = "1"
    released: ReleaseTime | None = None
    embargo: ReleaseTime | None = None
    signer: list[SignerSettings] = Field([], description="Two or more, each with a key of their own")
    mixed_editions: str = Field("", description="Why forces audited under different editions are compared")
    made_up: bool = False
    correction: list[CorrectionSettings] = Field([])
    planned: list[PlannedSettings] = Field([])


def read_audit_publication(folder: Path) -> AuditPublication:
    """``publication.toml``, and over it ``review-words.toml``, which `opencdi review export` writes.

    Raises ``UserError`` naming the first wrong key; an absent file is an empty one.
    """
    paths = [folder / name for name in ("publication.toml", "review-words.toml")]
    read = [validated(AuditPublication, load_toml(path), path) for path in paths if path.exists()]
    told = {name: getattr(each, name) for each in read for name in each.model_fields_set}
    return AuditPublication(**told)


def read_release_settings(path: Path | None) -> ReleaseSettings:
    return validated(ReleaseSettings, load_toml(path), path) if path else ReleaseSettings()
