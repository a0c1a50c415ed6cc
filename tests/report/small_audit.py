"""A small made-up audit, compared for real, that holds every kind of finding; for tests of the report."""

from __future__ import annotations

from typing import Any

from tests.factories import (
    Row,
    after,
    crime,
    decision,
    disclosed,
    incident,
    link,
    required,
    tables,
)

from opencdi.comparison import compare
from opencdi.engine import Engine, Relation
from opencdi.settings import Audit, Export

AUDIT = Audit(
    force="Testshire & Sons <Police>",
    exports=[Export(table="incidents", files=["incidents.csv"], profile="profile.toml")],
)

LOG = (
    "09:02 INFT STATES SHE WAS PUNCHED IN THE FACE BY EX PARTNER OUTSIDE HER HOME. NO WEAPON SEEN. "
    "09:10 CAR WINDOW SMASHED BY SAME MALE. 09:31 O/A, VICTIM <SHAKEN> & UPSET. "
    "09:50 NFA AT THIS TIME."
)

CLASSES = ("8N", "105A", "8L", "19C", "46", "58C", "34B")
CHANNELS = ("999", "101", "online", "front_counter", "agency_referral")
OPENINGS = ("violence", "domestic", "anti_social_behaviour", "suspicious", "theft", "welfare")


def rows(events: int) -> dict[str, list[Row]]:
    """So many events, going in turn through what can go right and wrong."""
    made: dict[str, list[Row]] = {name: [] for name in tables_needed()}
    for number in range(events):
        _event(made, number)
    made["reconciliation"] = [
        _file("incidents.csv", "incidents", events + 3, events, 2, 1),
        _file("crimes.csv", "crimes", len(made["crimes"]) + 1, len(made["crimes"]), 1, 0),
    ]
    made["rejects"] = [_reject(4, "wrong_date", "reported"), _reject(9, "ragged_row", "")]
    return made


def tables_needed() -> tuple[str, ...]:
    return (
        "incidents",
        "crimes",
        "links",
        "disclosed_offences",
        "offence_decisions",
        "required_crimes",
        "parties",
    )


def compared(engine: Engine, events: int = 60) -> dict[str, Relation]:
    """Every table of the audit, with the matches and findings that the comparison makes."""
    made = tables(engine, **rows(events))
    result = compare(
        made["required_crimes"],
        made["offence_decisions"],
        made["disclosed_offences"],
        made["links"],
        made["crimes"],
        made["incidents"],
        made["parties"],
    )
    return {**made, "matches": result.matches, "findings": result.findings}


def _event(made: dict[str, list[Row]], number: int) -> None:
    name = f"TS-{number:05d}"
    class_code = CLASSES[number % len(CLASSES)]
    domestic = number % 3 == 0
    made["incidents"].append(
        incident(
            name,
            reported_at=after(number * 7),
            channel=CHANNELS[number % len(CHANNELS)],
            opening_group=OPENINGS[number % len(OPENINGS)],
            opening_code=f'OC{number % 8}/"<b>',
            flags=["domestic_abuse"] if domestic else [],
            narrative=LOG,
        )
    )
    made["disclosed_offences"] += [
        disclosed(
            name,
            1,
            class_code,
            span_starts=[LOG.index("PUNCHED")],
            span_ends=[LOG.index("PUNCHED") + len("PUNCHED IN THE FACE")],
        ),
        disclosed(
            name,
            2,
            "58C",
            assertion="negated",
            span_starts=[LOG.index("NO WEAPON")],
            span_ends=[LOG.index("NO WEAPON") + len("NO WEAPON")],
        ),
    ]
    made["offence_decisions"] += [decision(name, 1, required_no=1), decision(name, 2, "not_recorded")]
    made["required_crimes"].append(
        required(
            name,
            class_code=class_code,
            deadline_at=after(number * 7 + 24),
            flags_due=["domestic_abuse"] if domestic else [],
            rules=["record-crime", "principal-crime"],
            certainty="cannot_tell" if number % 10 == 9 else "required",
            missing_facts=["whether the victim confirms"] if number % 10 == 9 else [],
        )
    )
    recorded = _recorded(number, class_code, domestic)
    if recorded is not None:
        made["crimes"].append(crime(f"42/{number:05d}/26", **recorded))
        made["links"].append(
            _weighed(link(f"42/{number:05d}/26", name, "weak" if number % 10 == 8 else "clear"))
        )


def _recorded(number: int, class_code: str, domestic: bool) -> dict[str, Any] | None:
    flags = ["domestic_abuse"] if domestic and number % 2 else []
    plain = {"class_code": class_code, "recorded_at": after(number * 7 + 3), "flags": flags}
    cancelled = {
        **plain,
        "status": "cancelled",
        "cancellation_code": "C2",
        "cancelled_by": "Supervisor",
        "cancellation_reason": "Victim declines to support a prosecution.",
        "victim_informed": "no",
    }
    by_turn: dict[int, dict[str, Any] | None] = {
        0: None,
        1: None,
        2: {**plain, "recorded_at": after(number * 7 + 60)},
        3: {**plain, "class_code": "9A"},
        4: cancelled,
        5: {**plain, "class_code": None, "status": "n100", "n100_code": "N100/1"},
        9: None,
    }
    return by_turn.get(number % 10, plain)


def _weighed(row: Row) -> Row:
    weights = {"reference": 14.2, "person": 6.1, "place": -1.5, "delay": 2.0, "offence": 1.1}
    return {
        **row,
        "weight": 9.9,
        "margin": 6.0,
        **{f"{name}_weight": weight for name, weight in weights.items()},
        "reference_level": "typed",
        "person_level": "rare_name",
        "place_level": "elsewhere",
        "delay_level": "recorded_4_hours",
        "offence_level": "opened",
    }


def _file(name: str, table: str, rows_in: int, accepted: int, rejected: int, skipped: int) -> Row:
    return {
        "source_file": name,
        "table_name": table,
        "rows_in": rows_in,
        "accepted": accepted,
        "rejected": rejected,
        "skipped": skipped,
        "superseded": 0,
        "exact_duplicates": 0,
        "repeated_numbers": 0,
        "values_unmapped": 1,
        "sha256": "0" * 64,
    }


def _reject(line: int, reason: str, column: str) -> Row:
    return {
        "source_file": "incidents.csv",
        "source_line": line,
        "column_name": column,
        "table_name": "incidents",
        "reason": reason,
        "sentence": "The value is not a date of the form day/month/year. Correct it in the export.",
        "raw": "SECRET RAW ROW",
    }
