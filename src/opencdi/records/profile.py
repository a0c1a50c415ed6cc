"""The mapping profile: how one kind of export becomes the audit's tables.

Forces write their own reports, so nothing here knows a vendor's layout. A profile is a TOML file of
these sections; an unknown key is an error that names the file and the key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import BeforeValidator, Field, field_validator, model_validator

from opencdi import schema
from opencdi.errors import UserError
from opencdi.settings import Strict, load_toml, validated

BUILTIN = "builtin:"

VOCABULARIES: dict[str, tuple[str, ...]] = {
    "channel": schema.CHANNELS,
    "caller_role": schema.CALLER_ROLES,
    "opening_group": schema.INCIDENT_GROUPS,
    "closing_group": schema.INCIDENT_GROUPS,
    "flags": (*schema.FLAGS, "ignore"),
    "status": schema.CRIME_STATUSES,
    "n100_code": ("N100/1", "N100/2", "N100/3"),
    "cancellation_code": ("C1", "C2", "C3", "C4", "C5"),
    "victim_informed": schema.ANSWERS,
    "sex": ("F", "M", "X"),
}
"""The coded fields and what their codes may mean. ``ignore`` declares a qualifier that is no flag."""

INCIDENT_FIELDS = (
    "incident_id",
    "reported_at",
    "channel",
    "caller_role",
    "opening_code",
    "opening_group",
    "closing_codes",
    "closing_group",
    "flags",
    "attended_at",
    "closed_at",
    "unit",
    "address",
    "postcode",
    "beat",
    "latitude",
    "longitude",
    "other_force",
    "crime_references",
    "narrative",
)

CRIME_FIELDS = (
    "crime_id",
    "incident_reference",
    "reported_at",
    "recorded_at",
    "occurred_from",
    "occurred_to",
    "offence_code",
    "offence_title",
    "status",
    "n100_code",
    "cancellation_code",
    "cancelled_at",
    "cancelled_by",
    "cancellation_reason",
    "victim_informed",
    "outcome_code",
    "outcome_at",
    "flags",
    "address",
    "postcode",
    "beat",
    "latitude",
    "longitude",
    "summary",
)

FIELDS = {"incidents": INCIDENT_FIELDS, "crimes": CRIME_FIELDS}
REQUIRED_FIELDS = {"incidents": ("incident_id", "reported_at"), "crimes": ("crime_id", "recorded_at")}
IDENTIFIERS = {"incidents": "incident_id", "crimes": "crime_id"}

_STRPTIME_CODES = frozenset("aAbBdHIjmMpSyYzfZ-%")


def _long_form(value: Any) -> Any:
    if isinstance(value, str):
        return {"columns": (value,)}
    if isinstance(value, list):
        return {"columns": tuple(value)}
    return value


def _checked_pattern(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"the pattern is not a regular expression ({error})") from None
    if re.search(r"\(\?(<?[=!])|\\[1-9]", pattern):
        raise ValueError("a pattern may not look ahead, look behind or refer back")
    return pattern


def _checked_formats(formats: tuple[str, ...]) -> tuple[str, ...]:
    for each in formats:
        codes = set(re.findall(r"%-?(.)", each))
        if not codes or codes - _STRPTIME_CODES:
            raise ValueError(f"`{each}` is not a date format such as %d/%m/%Y %H:%M")
    return formats


_zones = cache(available_timezones)


def _checked_zone(zone: str) -> str:
    if zone not in _zones():
        raise ValueError(f"`{zone}` is not a time zone such as Europe/London")
    return zone


Pattern = Annotated[str, BeforeValidator(_checked_pattern)]
Formats = Annotated[tuple[str, ...], BeforeValidator(lambda value: _checked_formats(tuple(value)))]
Zone = Annotated[str, BeforeValidator(_checked_zone)]


class Source(Strict):
    """Where the text of one field comes from.

    Several columns are joined, in order, leaving out the empty ones. ``pattern`` keeps the first
    group (or the whole) of the first match; for ``crime_references`` of every match. ``separator``
    cuts a list. ``formats`` and ``zone`` are for dates and override the profile's.
    """

    columns: tuple[str, ...] = Field(min_length=1)
    join: str = " "
    pattern: Pattern | None = None
    separator: str | None = Field(None, min_length=1)
    formats: Formats = ()
    zone: Zone | None = None

    @property
    def group(self) -> int:
        return 1 if self.pattern and re.compile(self.pattern).groups else 0


FieldSource = Annotated[Source, BeforeValidator(_long_form)]


class Layout(Strict):
    """How the bytes of a file become rows."""

    delimiter: str | None = Field(None, description="One character; found from the header where absent")
    quote: str = Field('"', min_length=1, max_length=1)
    charset: str = Field("by rule", description="by rule, or a name such as utf-8 or windows-1252")
    header_line: int = Field(1, ge=1, description="Line (or sheet row) the headings stand on")
    headings: tuple[str, ...] = Field((), description="For a file without headings; its rows begin at once")
    sheet: str | None = Field(None, description="Sheet of a workbook; needed where several hold rows")

    @field_validator("delimiter")
    @classmethod
    def _one_character(cls, value: str | None) -> str | None:
        if value is not None and (len(value) != 1 or value in '"\r\n'):
            raise ValueError("a delimiter is one character, such as `,`, `;`, `|` or a tab (\\t)")
        return value


class RowRule(Strict):
    """Which rows: those whose column has one of some values, matches a pattern, or is empty."""

    column: str
    equals: tuple[str, ...] = ()
    matches: Pattern | None = None
    empty: bool = False
    because: str = Field(min_length=1, description="Said in the reconciliation and in reasons")

    @model_validator(mode="after")
    def _one_test(self) -> RowRule:
        if sum((bool(self.equals), self.matches is not None, self.empty)) != 1:
            raise ValueError("a rule needs exactly one of `equals`, `matches` and `empty = true`")
        return self


class PartyLayout(Strict):
    """The columns that hold one person or organisation."""

    role: Literal["victim", "suspect", "caller", "witness", "other"]
    surname: str | None = None
    forename: str | None = None
    full_name: str | None = Field(None, description="SURNAME, Forename or Forename SURNAME in one column")
    born_on: str | None = None
    sex: str | None = None
    telephone: str | None = None
    organisation: str | None = Field(None, description="Column with the name of a business or other body")
    formats: Formats = Field((), description="Formats of born_on, where they are not the profile's")

    @model_validator(mode="after")
    def _somebody(self) -> PartyLayout:
        if not self.columns:
            raise ValueError("a party needs at least one column")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        named = (
            self.surname,
            self.forename,
            self.full_name,
            self.born_on,
            self.sex,
            self.telephone,
            self.organisation,
        )
        return tuple(name for name in named if name is not None)


class Profile(Strict):
    """The whole of a mapping profile."""

    table: Literal["incidents", "crimes"]
    about: str = ""
    rejects_allowed: float = Field(
        0.05,
        ge=0,
        le=1,
        description="Share of a file's rows that may be rejected before reading stops; unless it is 0, three "
        "rows may be, if they are less than half",
    )
    zone: Zone = "Europe/London"
    formats: Formats = ()
    not_compared: tuple[str, ...] = Field(
        (), description="Columns that may differ between copies of one row, such as the time of the export"
    )
    nulls: tuple[str, ...] = ("null", "(null)", "n/a", "#n/a")
    layout: Layout = Layout()
    columns: dict[str, FieldSource]
    constants: dict[str, str] = Field({})
    codes: dict[str, dict[str, str]] = Field({})
    patterns: dict[str, dict[Pattern, str]] = Field({})
    flag_columns: dict[str, str] = Field({}, description="Yes/no columns, each with the flag it stands for")
    party: tuple[PartyLayout, ...] = ()
    skip: tuple[RowRule, ...] = ()
    keep: tuple[RowRule, ...] = Field((), description="Rows none of these describe are skipped")
    not_auditable: tuple[RowRule, ...] = ()

    @model_validator(mode="after")
    def _known_words(self) -> Profile:
        fields = FIELDS[self.table]
        for name in (*self.columns, *self.constants):
            if name not in fields:
                raise ValueError(f"`{name}` is not a field of {self.table}: {', '.join(fields)}")
        for name in REQUIRED_FIELDS[self.table]:
            if name not in self.columns:
                raise ValueError(f"`columns` must say which column holds {name}")
        for kind, lists in (("codes", self.codes), ("patterns", self.patterns)):
            for name, meanings in lists.items():
                _check_meanings(f"{kind}.{name}", name, meanings)
        for name, value in self.constants.items():
            _check_meanings(f"constants.{name}", name, {"": value}, coded_only=False)
        _check_meanings("flag_columns", "flags", self.flag_columns)
        return self

    @cached_property
    def headings_used(self) -> tuple[str, ...]:
        """Every column of the export that the profile names, once."""
        rules = (*self.skip, *self.keep, *self.not_auditable)
        named = (
            *(column for source in self.columns.values() for column in source.columns),
            *self.flag_columns,
            *(column for party in self.party for column in party.columns),
            *(rule.column for rule in rules),
            *self.not_compared,
        )
        return tuple(dict.fromkeys(named))

    def zone_of(self, source: Source) -> str:
        return source.zone or self.zone


def _check_meanings(place: str, name: str, meanings: Mapping[str, str], coded_only: bool = True) -> None:
    allowed = VOCABULARIES.get(name)
    if allowed is None:
        if coded_only:
            raise ValueError(f"`{place}` is not a coded field: {', '.join(VOCABULARIES)}")
        return
    for meaning in meanings.values():
        if meaning not in allowed:
            raise ValueError(f"`{place}`: `{meaning}` is not one of {', '.join(allowed)}")


def profile_path(name: str, root: Path) -> Path:
    """Where a profile stands: in the audit's folder, or (``builtin:NAME``) in the package.

    Raises ``UserError`` for a built-in profile that does not exist.
    """
    if not name.startswith(BUILTIN):
        return root / name
    if name not in builtin_profiles():
        raise UserError(
            f"There is no built-in profile `{name}`. The built-in ones are {', '.join(builtin_profiles())}."
        )
    return Path(str(resources.files("opencdi.records") / "profiles" / f"{name[len(BUILTIN) :]}.toml"))


def builtin_profiles() -> list[str]:
    """Names of the profiles that come with the package, for public logs."""
    folder = Path(str(resources.files("opencdi.records") / "profiles"))
    return sorted(BUILTIN + path.stem for path in folder.glob("*.toml"))


def load_profile(name: str, root: Path) -> Profile:
    """Read and check a profile. Raises ``UserError`` naming the file and the first wrong key."""
    path = profile_path(name, root)
    return validated(Profile, load_toml(path), path)
