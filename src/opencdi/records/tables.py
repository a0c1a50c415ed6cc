"""The accepted rows of a raw file as incidents, crimes and parties."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from opencdi import schema
from opencdi.engine import Dialect, letters_and_digits, sql_text
from opencdi.records.codes import CodeList, flags_of_columns, meaning
from opencdi.records.expressions import Expressions
from opencdi.records.profile import PartyLayout


@dataclass(frozen=True)
class Accepted:
    """One raw file whose rows have been judged.

    ``relation`` holds its raw rows, ``lines`` is a relation of the lines to take, ``codes`` the lists
    looked up, ``number`` the number of the file in the names of step results.
    """

    expressions: Expressions
    relation: str
    lines: str
    source_file: str
    number: int
    force: str
    codes: dict[str, CodeList]

    @property
    def dialect(self) -> Dialect:
        return self.expressions.dialect

    @property
    def has_flags(self) -> bool:
        return "flags" in self.expressions.profile.columns

    @property
    def is_crimes(self) -> bool:
        return self.expressions.profile.table == "crimes"

    def raw(self, *uses: str) -> str:
        """The raw rows with what some expressions use: a FROM clause named ``raw``."""
        return self.expressions.rows(self.relation, *uses)

    def rows(self, *uses: str) -> str:
        """The accepted raw rows with what some expressions use and every code looked up."""
        joins = [
            f"left join {codes.table} as code_{name} on code_{name}.written = {codes.written}"
            for name, codes in self.codes.items()
        ]
        if self.has_flags:
            joins.append(
                f"left join read_flags_{self.number} as flag on flag.written = "
                f"{self.expressions.items('flags')}"
            )
        if self.is_crimes:
            joins.append(
                f"left join read_offence_{self.number} as offence"
                f" on offence.code = coalesce({self.expressions.written('offence_code')}, '')"
                f" and offence.title = coalesce({self.expressions.written('offence_title')}, '')"
            )
        looked_up = " ".join(joins)
        raw = self.raw(looked_up, *uses)
        return (
            f"(select raw.* from {raw} join {self.lines} as kept on kept.line = raw.line) as raw {looked_up}"
        )

    def meaning(self, name: str, otherwise: str) -> str:
        """What a coded field means; ``otherwise`` (SQL) where it is unmapped or unknown."""
        profile = self.expressions.profile
        if name in profile.constants:
            return sql_text(profile.constants[name])
        return f"coalesce(code_{name}.meaning, {otherwise})" if name in self.codes else otherwise

    def flags(self) -> str:
        none = self.dialect.list_of([])
        listed = f"coalesce(flag.flags, {none})" if self.has_flags else none
        columns = self.expressions.profile.flag_columns
        if not columns:
            return listed
        return self.dialect.concatenated([listed, flags_of_columns(self.expressions, columns)])

    def postcode(self) -> str:
        """Upper case, one space before the last three characters where it has a British shape."""
        tight = letters_and_digits(self.expressions.written("postcode"), self.dialect)
        british = self.dialect.matches(tight, "^[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}$")
        return (
            f"case when {british} then concat(substr({tight}, 1, length({tight}) - 3), ' ', right({tight}, "
            "3))"
            f" else upper({self.expressions.written('postcode')}) end"
        )

    def coordinate(self, name: str, limit: int) -> str:
        number = f"try_cast({self.expressions.written(name)} as double)"
        return f"case when {number} between -{limit} and {limit} then {number} end"

    def place(self) -> dict[str, str]:
        written = self.expressions.written
        return {
            "address": written("address"),
            "postcode": self.postcode(),
            "beat": written("beat"),
            "latitude": self.coordinate("latitude", 90),
            "longitude": self.coordinate("longitude", 180),
        }

    def origin(self) -> dict[str, str]:
        return {"source_file": sql_text(self.source_file), "source_line": "raw.line"}


def incidents_select(accepted: Accepted) -> str:
    """SELECT of incidents under the contract."""
    written, moment = accepted.expressions.written, accepted.expressions.possible_instant
    reason = _why_not_auditable(accepted)
    values = {
        "incident_id": written("incident_id"),
        "force": sql_text(accepted.force),
        "reported_at": moment("reported_at"),
        "channel": accepted.meaning("channel", "'unknown'"),
        "caller_role": accepted.meaning("caller_role", "'unknown'"),
        "opening_code": written("opening_code"),
        "opening_group": accepted.meaning("opening_group", "'unknown'"),
        "closing_codes": accepted.expressions.items("closing_codes"),
        "closing_group": accepted.meaning("closing_group", "'unknown'"),
        "flags": accepted.flags(),
        "attended_at": moment("attended_at"),
        "closed_at": moment("closed_at"),
        "unit": written("unit"),
        **accepted.place(),
        "other_force": written("other_force"),
        "crime_references": accepted.expressions.items("crime_references"),
        "narrative": written("narrative"),
        "auditable": f"{reason} is null",
        "not_auditable_reason": reason,
        **accepted.origin(),
    }
    return _select(accepted, schema.INCIDENTS, values)


def _why_not_auditable(accepted: Accepted) -> str:
    """SQL for why an incident cannot be audited: a declared rule, or neither a log nor a code."""
    expressions = accepted.expressions
    tests = [
        f"when {expressions.holds(rule)} then {sql_text(rule.because)}"
        for rule in expressions.profile.not_auditable
    ]
    nothing = " and ".join(
        f"{text} is null"
        for text in (
            expressions.written("narrative"),
            expressions.written("opening_code"),
            expressions.last_written("closing_codes"),
        )
    )
    return f"case {' '.join(tests)} when {nothing} then 'The record holds neither a log nor a code.' end"


def crimes_select(accepted: Accepted) -> str:
    """SELECT of crimes under the contract."""
    written, moment = accepted.expressions.written, accepted.expressions.possible_instant
    n100 = accepted.meaning("n100_code", "offence.n100_code")
    values = {
        "crime_id": written("crime_id"),
        "force": sql_text(accepted.force),
        "incident_reference": written("incident_reference"),
        "reported_at": moment("reported_at"),
        "recorded_at": moment("recorded_at"),
        "occurred_from": moment("occurred_from"),
        "occurred_to": moment("occurred_to"),
        "class_code": "offence.class_code",
        "subcode": "offence.subcode",
        "offence_written": f"coalesce({written('offence_code')}, {written('offence_title')})",
        "status": _status(accepted, n100),
        "n100_code": n100,
        "cancellation_code": accepted.meaning("cancellation_code", "null"),
        "cancelled_at": moment("cancelled_at"),
        "cancelled_by": written("cancelled_by"),
        "cancellation_reason": written("cancellation_reason"),
        "victim_informed": accepted.meaning("victim_informed", "null"),
        "outcome_code": _outcome(accepted),
        "outcome_at": moment("outcome_at"),
        "flags": accepted.flags(),
        **accepted.place(),
        "summary": written("summary"),
        **accepted.origin(),
    }
    return _select(accepted, schema.CRIMES, values)


def _status(accepted: Accepted, n100: str) -> str:
    """State of a crime record: as its status says; a live one that bears a cancellation is cancelled, one
    that bears an N100 code is an N100."""
    said = accepted.meaning("status", "'live'")
    written = accepted.expressions.written
    transferred = accepted.meaning("cancellation_code", "null")
    return (
        f"case when {said} <> 'live' then {said}"
        f" when {transferred} = 'C1' then 'transferred'"
        f" when {written('cancellation_code')} is not null or {written('cancelled_at')} is not null"
        " then 'cancelled'"
        f" when {n100} is not null or offence.is_n100 then 'n100' else 'live' end"
    )


def _outcome(accepted: Accepted) -> str:
    number = accepted.dialect.extract(
        accepted.expressions.written("outcome_code"), "(?:^|[^0-9])0?([1-9][0-9]?)(?:[^0-9]|$)", 1
    )
    return f"case when try_cast({number} as integer) between 1 and 22 then {number} end"


def parties_selects(accepted: Accepted) -> list[str]:
    """One SELECT for each party a row may hold, numbered in their row in the order of the profile."""
    parties = accepted.expressions.profile.party
    return [_party_select(accepted, party, parties[:place]) for place, party in enumerate(parties)]


def _is_somebody(expressions: Expressions, party: PartyLayout) -> str:
    return " or ".join(f"{expressions.cell(heading)} is not null" for heading in party.columns)


def _party_select(accepted: Accepted, party: PartyLayout, before: Sequence[PartyLayout]) -> str:
    expressions, dialect = accepted.expressions, accepted.dialect
    nothing = dialect.typed("null", "text")

    def cell(heading: str | None) -> str:
        return expressions.cell(heading) if heading else nothing

    surname, forename = _names(party, cell, dialect)
    organisation = cell(party.organisation)
    born = expressions.day(party.born_on, party.formats) if party.born_on else dialect.typed("null", "date")
    kind, identifier = ("crime", "crime_id") if accepted.is_crimes else ("incident", "incident_id")
    somebody = _is_somebody(expressions, party)
    others = [f" + case when {_is_somebody(expressions, each)} then 1 else 0 end" for each in before]
    values = {
        "record_kind": sql_text(kind),
        "record_id": expressions.written(identifier),
        "role": sql_text(party.role),
        "surname": f"upper(coalesce({surname}, {organisation}))",
        "forename": f"upper({forename})",
        "born_on": f"case when {expressions.is_possible_day(born)} then {born} end",
        "sex": meaning(expressions.profile, dialect, "sex", f"coalesce({cell(party.sex)}, '')"),
        "telephone": f"nullif({dialect.digits(cell(party.telephone))}, '')",
        "organisation": f"{surname} is null and {forename} is null and {organisation} is not null",
        "party_no": f"1{''.join(others)}",
    }
    columns = ", ".join(
        f"{dialect.typed(values[column.name], column.kind)} as {column.name}" for column in schema.PARTIES
    )
    return (
        f"select {columns} from {accepted.raw(columns, somebody)}"
        f" join {accepted.lines} as kept on kept.line = raw.line where {somebody}"
    )


def _names(party: PartyLayout, cell: Callable[[str | None], str], dialect: Dialect) -> tuple[str, str]:
    if party.full_name is None:
        return cell(party.surname), cell(party.forename)
    full = cell(party.full_name)
    surname = (
        f"case when {full} like '%,%' then trim(split_part({full}, ',', 1))"
        f" else {dialect.extract(full, '([^ ]+)$', 1)} end"
    )
    forename = (
        f"case when {full} like '%,%' then nullif(trim(split_part({full}, ',', 2)), '')"
        f" else nullif({dialect.extract(full, '^(.*[^ ]) +[^ ]+$', 1)}, '') end"
    )
    return surname, forename


def _select(accepted: Accepted, contract: schema.Table, values: dict[str, str]) -> str:
    columns = ", ".join(
        f"{accepted.dialect.typed(values[column.name], column.kind)} as {column.name}" for column in contract
    )
    return f"select {columns} from {accepted.rows(columns)}"
