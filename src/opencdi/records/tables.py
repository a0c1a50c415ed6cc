"""The rows of a raw file as incidents, crimes and parties."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from opencdi import schema
from opencdi.engine import Dialect, sql_text
from opencdi.records.codes import CodeList, flag_cells, flags_of_columns, meaning
from opencdi.records.expressions import Expressions
from opencdi.records.profile import PartyLayout


@dataclass(frozen=True)
class Coded:
    """One raw file with every code looked up.

    ``relation`` holds its raw rows, ``codes`` the lists looked up, ``number`` the number of the file in the
    names of step results.
    """

    expressions: Expressions
    relation: str
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

    def looked_up(self, *uses: str) -> str:
        """The same beside the meaning of every code."""
        joins = [
            f"left join {codes.table} as code_{name} on code_{name}.written = {codes.written}"
            for name, codes in self.codes.items()
        ]
        if self.has_flags:
            same = [
                f"flag.{name} is not distinct from {cell}"
                for name, cell in flag_cells(self.expressions).items()
            ]
            joins.append(f"left join read_flags_{self.number} as flag on {' and '.join(same)}")
        if self.is_crimes:
            joins.append(
                f"left join read_offence_{self.number} as offence"
                f" on offence.code = coalesce({self.expressions.written('offence_code')}, '')"
                f" and offence.title = coalesce({self.expressions.written('offence_title')}, '')"
            )
        codes = " ".join(joins)
        return f"{self.raw(codes, *uses)} {codes}"

    @property
    def unmapped(self) -> str:
        """Whether a row bears a value whose meaning is unknown."""
        tests = [
            f"({codes.written} is not null and coalesce(code_{name}.meaning, 'unknown') = 'unknown')"
            for name, codes in self.codes.items()
        ]
        if self.has_flags:
            tests.append("coalesce(flag.unknown, 0) = 1")
        if self.is_crimes:
            tests.append("(offence.class_code is null and not offence.is_n100)")
        return " or ".join(tests) or "false"

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
        british = self.dialect.matches("tight_postcode", "^[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}$")
        spaced = (
            "concat(substr(tight_postcode, 1, length(tight_postcode) - 3), ' ', right(tight_postcode, 3))"
        )
        return f"case when {british} then {spaced} else upper({self.expressions.written('postcode')}) end"

    def coordinate(self, name: str, limit: int) -> str:
        return f"case when number_{name} between -{limit} and {limit} then number_{name} end"

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


def row_columns(coded: Coded) -> str:
    """The columns of a row in its table, to be selected from the raw rows with their codes looked up."""
    values = _crime_values(coded) if coded.is_crimes else _incident_values(coded)
    return _columns(schema.TABLES[coded.expressions.profile.table], values, coded.dialect)


def _incident_values(coded: Coded) -> dict[str, str]:
    written, moment = coded.expressions.written, coded.expressions.possible_instant
    reason = _why_not_auditable(coded)
    return {
        "incident_id": written("incident_id"),
        "force": sql_text(coded.force),
        "reported_at": moment("reported_at"),
        "channel": coded.meaning("channel", "'unknown'"),
        "caller_role": coded.meaning("caller_role", "'unknown'"),
        "opening_code": written("opening_code"),
        "opening_group": coded.meaning("opening_group", "'unknown'"),
        "closing_codes": coded.expressions.items("closing_codes"),
        "closing_group": coded.meaning("closing_group", "'unknown'"),
        "flags": coded.flags(),
        "attended_at": moment("attended_at"),
        "closed_at": moment("closed_at"),
        "unit": written("unit"),
        **coded.place(),
        "other_force": written("other_force"),
        "crime_references": coded.expressions.items("crime_references"),
        "narrative": written("narrative"),
        "auditable": f"{reason} is null",
        "not_auditable_reason": reason,
        **coded.origin(),
    }


def _why_not_auditable(coded: Coded) -> str:
    """SQL for why an incident cannot be audited: a declared rule, or neither a log nor a code."""
    expressions = coded.expressions
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


def _crime_values(coded: Coded) -> dict[str, str]:
    written, moment = coded.expressions.written, coded.expressions.possible_instant
    n100 = coded.meaning("n100_code", "offence.n100_code")
    return {
        "crime_id": written("crime_id"),
        "force": sql_text(coded.force),
        "incident_reference": written("incident_reference"),
        "reported_at": moment("reported_at"),
        "recorded_at": moment("recorded_at"),
        "occurred_from": moment("occurred_from"),
        "occurred_to": moment("occurred_to"),
        "class_code": "offence.class_code",
        "subcode": "offence.subcode",
        "offence_written": f"coalesce({written('offence_code')}, {written('offence_title')})",
        "status": _status(coded, n100),
        "n100_code": n100,
        "cancellation_code": coded.meaning("cancellation_code", "null"),
        "cancelled_at": moment("cancelled_at"),
        "cancelled_by": written("cancelled_by"),
        "cancellation_reason": written("cancellation_reason"),
        "victim_informed": coded.meaning("victim_informed", "null"),
        "outcome_code": _outcome(coded),
        "outcome_at": moment("outcome_at"),
        "flags": coded.flags(),
        **coded.place(),
        "summary": written("summary"),
        **coded.origin(),
    }


def _status(coded: Coded, n100: str) -> str:
    """State of a crime record: as its status says; a live one that bears a cancellation is cancelled, one
    that bears an N100 code is an N100."""
    said = coded.meaning("status", "'live'")
    written = coded.expressions.written
    transferred = coded.meaning("cancellation_code", "null")
    return (
        f"case when {said} <> 'live' then {said}"
        f" when {transferred} = 'C1' then 'transferred'"
        f" when {written('cancellation_code')} is not null or {written('cancelled_at')} is not null"
        " then 'cancelled'"
        f" when {n100} is not null or offence.is_n100 then 'n100' else 'live' end"
    )


def _outcome(coded: Coded) -> str:
    number = coded.dialect.extract(
        coded.expressions.written("outcome_code"), "(?:^|[^0-9])0?([1-9][0-9]?)(?:[^0-9]|$)", 1
    )
    return f"case when try_cast({number} as integer) between 1 and 22 then {number} end"


def party_cells(coded: Coded) -> list[str]:
    """The cells that the parties of a row are made of, and the days of birth read from them, by name."""
    parties = coded.expressions.profile.party
    cells = [coded.expressions.cell(heading) for party in parties for heading in party.columns]
    births = [f"born_{place}" for place, party in enumerate(parties) if party.born_on]
    return list(dict.fromkeys((*cells, *births)))


def parties_selects(coded: Coded, rows: str) -> list[str]:
    """One SELECT for each party that some rows of ``passing.row_steps`` (a FROM clause) may hold, numbered in
    their row in the order of the profile."""
    parties = coded.expressions.profile.party
    return [_party_select(coded, rows, party, parties[:place]) for place, party in enumerate(parties)]


def _is_somebody(expressions: Expressions, party: PartyLayout) -> str:
    return " or ".join(f"{expressions.cell(heading)} is not null" for heading in party.columns)


def _party_select(coded: Coded, rows: str, party: PartyLayout, before: Sequence[PartyLayout]) -> str:
    expressions, dialect = coded.expressions, coded.dialect
    nothing = dialect.typed("null", "text")

    def cell(heading: str | None) -> str:
        return expressions.cell(heading) if heading else nothing

    surname, forename = _names(party, cell, dialect)
    organisation = cell(party.organisation)
    born = f"born_{len(before)}" if party.born_on else dialect.typed("null", "date")
    kind, identifier, placed_at = "incident", "incident_id", "reported_at"
    if coded.is_crimes:
        kind, identifier, placed_at = "crime", "crime_id", "recorded_at"
    others = [f" + case when {_is_somebody(expressions, each)} then 1 else 0 end" for each in before]
    values = {
        "record_kind": sql_text(kind),
        "record_id": identifier,
        "role": sql_text(party.role),
        "surname": f"upper(coalesce({surname}, {organisation}))",
        "forename": f"upper({forename})",
        "born_on": f"case when {expressions.is_possible_day(born)} then {born} end",
        "sex": meaning(expressions.profile, dialect, "sex", f"coalesce({cell(party.sex)}, '')"),
        "telephone": f"nullif({dialect.digits(cell(party.telephone))}, '')",
        "organisation": f"{surname} is null and {forename} is null and {organisation} is not null",
        "party_no": f"1{''.join(others)}",
    }
    columns = _columns(schema.PARTIES, values, dialect)
    return (
        f"select {columns}, {placed_at} as placed_at from {rows} as accepted"
        f" where {_is_somebody(expressions, party)}"
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


def _columns(contract: schema.Table, values: Mapping[str, str], dialect: Dialect) -> str:
    return ", ".join(
        f"{dialect.typed(values[column.name], column.kind)} as {column.name}" for column in contract
    )
