"""The traps of police exports (dates, identifiers, characters, ragged rows), each held by a test."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from opencdi.engine import DuckDBEngine, Relation
from opencdi.errors import UserError
from opencdi.records import read
from opencdi.settings import load_audit

from .conftest import OFFENCES, crime, incident, write_csv

TODAY = date(2026, 1, 1)


def _read(engine: DuckDBEngine, root: Path) -> dict[str, Relation]:
    return read(engine, load_audit(root / "audit.toml"), root, OFFENCES, today=TODAY)


def _incidents(root: Path, count: int = 100, **first: str) -> None:
    """``count`` sound incidents, of which the first is changed."""
    write_csv(root / "incidents.csv", [incident(0, **first), *(incident(n) for n in range(1, count))])


def _crimes(root: Path, count: int = 100, **first: str) -> None:
    write_csv(root / "crimes.csv", [crime(0, **first), *(crime(n) for n in range(1, count))])


def _edit(root: Path, old: str, new: str, table: str = "incidents") -> None:
    path = root / "profiles" / f"{table}.toml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))


def _one(relation: Relation, identifier: str) -> dict[str, Any]:
    (row,) = relation.rows(f"where {relation.contract.key[0]} = '{identifier}'")
    return row


# Characters ------------------------------------------------------------------------------------------


def test_windows_1252_curly_quotes_survive(engine: DuckDBEngine, audit_folder: Path) -> None:
    _incidents(audit_folder, **{"Log Text": "“CAFÉ” – £5 TAKEN"})
    path = audit_folder / "incidents.csv"
    path.write_bytes(path.read_text("utf-8").encode("cp1252"))
    assert _one(_read(engine, audit_folder)["incidents"], "TS-00000")["narrative"] == "“CAFÉ” – £5 TAKEN"


# Identifiers and codes ---------------------------------------------------------------------------------


def test_identifiers_stay_the_text_they_are(engine: DuckDBEngine, audit_folder: Path) -> None:
    numbers = ["00001", "1E5", "42230012345", "0123456789012345678901", "8/6", "1E5.0", "é-1"]
    write_csv(audit_folder / "incidents.csv", [incident(0, **{"Incident No": each}) for each in numbers])
    found = _read(engine, audit_folder)["incidents"].rows("order by source_line")
    assert [each["incident_id"] for each in found] == numbers


def test_an_offence_code_is_normalised_and_never_guessed(engine: DuckDBEngine, audit_folder: Path) -> None:
    meant = {
        "008/06": ("8N", "008/06"),
        "8/6": ("8N", "008/06"),
        "00806": ("8N", "008/06"),
        "8N": ("8N", None),
        "08n": ("8N", None),
        "105A": ("105A", None),
        "008/06 Assault occasioning actual bodily harm": ("8N", "008/06"),
        "806": (None, None),
        "1E5": (None, None),
        "999/99": (None, "999/99"),
    }
    rows = [crime(n, **{"HO Code": each, "Offence Title": ""}) for n, each in enumerate(meant)]
    write_csv(audit_folder / "crimes.csv", rows)
    found = _read(engine, audit_folder)["crimes"].rows()
    assert {each["offence_written"]: (each["class_code"], each["subcode"]) for each in found} == meant


def test_a_date_in_a_code_column_is_an_error_and_not_a_value(
    engine: DuckDBEngine, audit_folder: Path
) -> None:
    dates = ["08/06/2025", "8/6/25", "08-Jun", "Jun-08", "8 June 2025", "2025-06-08 00:00:00", "08.06.2025"]
    codes = ["008/06", "8/6", "8N", "7.2.46", "JUNE", "1/2", "8-6"]
    rows = [crime(n, **{"HO Code": each}) for n, each in enumerate((*dates, *codes * 20))]
    write_csv(audit_folder / "crimes.csv", rows)
    tables = _read(engine, audit_folder)
    rejects = tables["rejects"].rows("order by source_line")
    assert [each["source_line"] for each in rejects] == list(range(2, 2 + len(dates)))
    assert {(each["reason"], each["effect"], each["column_name"]) for each in rejects} == {
        ("date_in_a_code_column", "row_rejected", "HO Code")
    }
    assert tables["crimes"].count() == 20 * len(codes)


def test_excel_turns_8_6_into_a_date_and_the_row_is_refused(engine: DuckDBEngine, audit_folder: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(list(crime(0)))
    book.active.append([datetime(2025, 6, 8) if value == "008/06" else value for value in crime(0).values()])
    for number in range(1, 60):
        book.active.append(list(crime(number).values()))
    book.save(audit_folder / "crimes.xlsx")
    toml = audit_folder / "audit.toml"
    toml.write_text(toml.read_text().replace("crimes.csv", "crimes.xlsx"))
    tables = _read(engine, audit_folder)
    (reject,) = tables["rejects"].rows()
    assert reject["reason"] == "date_in_a_code_column"
    assert reject["value_class"] == "9999-99-99"
    assert tables["crimes"].count() == 59


def test_no_break_spaces_and_words_for_nothing_are_no_values(
    engine: DuckDBEngine, audit_folder: Path
) -> None:
    _incidents(audit_folder, Unit="\u00a0NULL ", Beat=" B12\u00a0", Postcode="(null)")
    found = _one(_read(engine, audit_folder)["incidents"], "TS-00000")
    assert (found["unit"], found["beat"], found["postcode"]) == (None, "B12", None)


def test_a_profile_s_own_words_for_nothing_may_be_accented_and_in_capitals(
    engine: DuckDBEngine, audit_folder: Path
) -> None:
    path = audit_folder / "profiles" / "incidents.toml"
    path.write_text('nulls = ["é", "néant"]\n' + path.read_text())
    _incidents(audit_folder, Unit="NÉANT", Beat="NÉANTS", Postcode="É")
    found = _one(_read(engine, audit_folder)["incidents"], "TS-00000")
    assert (found["unit"], found["beat"], found["postcode"]) == (None, "NÉANTS", None)


# Dates -----------------------------------------------------------------------------------------------------


def test_local_times_become_instants_across_the_clock_changes(
    engine: DuckDBEngine, audit_folder: Path
) -> None:
    instants = {
        "14/06/2025 21:05:30": (datetime(2025, 6, 14, 20, 5, 30, tzinfo=UTC), False),
        "14/12/2025 21:05:30": (datetime(2025, 12, 14, 21, 5, 30, tzinfo=UTC), False),
        "26/10/2025 00:59:59": (datetime(2025, 10, 25, 23, 59, 59, tzinfo=UTC), False),
        "26/10/2025 01:00:00": (datetime(2025, 10, 26, 0, tzinfo=UTC), True),
        "26/10/2025 01:59:59": (datetime(2025, 10, 26, 0, 59, 59, tzinfo=UTC), True),
        "26/10/2025 02:00:00": (datetime(2025, 10, 26, 2, tzinfo=UTC), False),
        "30/03/2025 00:59:59": (datetime(2025, 3, 30, 0, 59, 59, tzinfo=UTC), False),
        "30/03/2025 01:30:00": (datetime(2025, 3, 30, 1, 30, tzinfo=UTC), True),
        "30/03/2025 02:00:00": (datetime(2025, 3, 30, 1, tzinfo=UTC), False),
        "2025-06-14T20:05:30Z": (datetime(2025, 6, 14, 20, 5, 30, tzinfo=UTC), False),
        "2025-06-14T21:05:30+01:00": (datetime(2025, 6, 14, 20, 5, 30, tzinfo=UTC), False),
        "14/06/2025  21:05:30": (datetime(2025, 6, 14, 20, 5, 30, tzinfo=UTC), False),
    }
    rows = [incident(n, **{"Call Received": each, "Log Text": each}) for n, each in enumerate(instants)]
    write_csv(audit_folder / "incidents.csv", rows)
    tables = _read(engine, audit_folder)
    noted = {row["source_line"] for row in tables["rejects"].rows("where effect = 'noted'")}
    assert {
        row["narrative"]: (row["reported_at"], row["source_line"] in noted)
        for row in tables["incidents"].rows()
    } == instants


def test_a_month_first_export_is_read_month_first_where_the_profile_says_so(
    engine: DuckDBEngine, audit_folder: Path
) -> None:
    write_csv(
        audit_folder / "incidents.csv",
        [incident(n, **{"Call Received": "05/06/2025 10:00:00"}) for n in range(30)],
    )
    reported = 'reported_at = { columns = ["Call Received"], formats = ["%m/%d/%Y %H:%M:%S"] }'
    _edit(audit_folder, 'reported_at = "Call Received"', reported)
    found = _one(_read(engine, audit_folder)["incidents"], "TS-00000")
    assert found["reported_at"] == datetime(2025, 5, 6, 9, tzinfo=UTC)


def test_one_thirteenth_day_settles_the_order_of_day_and_month(
    engine: DuckDBEngine, audit_folder: Path
) -> None:
    rows = [incident(n, **{"Call Received": "05/06/2025 10:00:00"}) for n in range(30)]
    rows[17]["Call Received"] = "13/06/2025 10:00:00"
    write_csv(audit_folder / "incidents.csv", rows)
    _edit(audit_folder, 'formats = ["%d/%m/%Y %H:%M:%S", "%d/%m/%Y"]\n', "")
    found = _one(_read(engine, audit_folder)["incidents"], "TS-00000")
    assert found["reported_at"] == datetime(2025, 6, 5, 9, tzinfo=UTC)


def test_a_column_that_proves_no_order_is_refused_although_another_proves_one(
    engine: DuckDBEngine, audit_folder: Path
) -> None:
    write_csv(
        audit_folder / "incidents.csv",
        [incident(n, **{"Call Received": "05/06/2025 10:00:00"}) for n in range(30)],
    )
    _edit(audit_folder, 'formats = ["%d/%m/%Y %H:%M:%S", "%d/%m/%Y"]\n', "")
    with pytest.raises(UserError, match="`Call Received`: every date can be read both as"):
        _read(engine, audit_folder)


def test_a_date_and_a_time_in_two_columns_are_one_instant(engine: DuckDBEngine, audit_folder: Path) -> None:
    rows = [
        {"Day": "14/06/2025", "Clock": "21:05:30", **incident(n, **{"Call Received": ""})} for n in range(30)
    ]
    write_csv(audit_folder / "incidents.csv", rows)
    _edit(audit_folder, 'reported_at = "Call Received"', 'reported_at = ["Day", "Clock"]')
    found = _one(_read(engine, audit_folder)["incidents"], "TS-00000")
    assert found["reported_at"] == datetime(2025, 6, 14, 20, 5, 30, tzinfo=UTC)


def test_an_optional_date_that_cannot_be_believed_is_dropped_and_the_row_kept(
    engine: DuckDBEngine, audit_folder: Path
) -> None:
    _incidents(
        audit_folder, **{"Closed": "14/06/2925 23:00:00", "Attended": "soon", "Caller DOB": "3/2/1066"}
    )
    tables = _read(engine, audit_folder)
    found = _one(tables["incidents"], "TS-00000")
    assert (found["closed_at"], found["attended_at"]) == (None, None)
    listed = {(row["column_name"], row["reason"], row["effect"]) for row in tables["rejects"].rows()}
    assert listed == {
        ("Closed", "impossible_date", "value_dropped"),
        ("Attended", "not_a_date", "value_dropped"),
        ("Caller DOB", "impossible_birth", "value_dropped"),
    }
    assert all(f"`{row['column_name']}`" in row["sentence"] for row in tables["rejects"].rows())


# Rows ---------------------------------------------------------------------------------------------------


def test_a_ragged_row_is_rejected_with_its_line_and_kept_as_read(
    engine: DuckDBEngine, audit_folder: Path
) -> None:
    path = audit_folder / "incidents.csv"
    _incidents(audit_folder)
    path.write_text(path.read_text() + "TS-99999,14/06/2025 21:05:30,too few\n")
    tables = _read(engine, audit_folder)
    (reject,) = tables["rejects"].rows()
    assert (reject["reason"], reject["source_line"], reject["column_name"]) == ("ragged", 202, "")
    assert reject["raw"] == "TS-99999,14/06/2025 21:05:30,too few"
    assert "3 fields where the headings have 26" in reject["sentence"]
    row = tables["reconciliation"].rows("where table_name = 'incidents'")[0]
    assert (row["rows_in"], row["accepted"], row["rejected"]) == (101, 100, 1)


def test_an_exact_duplicate_counts_once_and_is_kept_as_a_reject(
    engine: DuckDBEngine, audit_folder: Path
) -> None:
    write_csv(audit_folder / "incidents.csv", [*(incident(n) for n in range(60)), incident(7)])
    tables = _read(engine, audit_folder)
    (reject,) = tables["rejects"].rows()
    assert (reject["reason"], reject["source_line"]) == ("exact_duplicate", 122)
    assert "repeats line 16 of incidents.csv" in reject["sentence"]
    row = tables["reconciliation"].rows("where table_name = 'incidents'")[0]
    assert (row["accepted"], row["rejected"], row["exact_duplicates"]) == (60, 1, 1)


def test_of_a_repeated_number_the_first_row_stands(engine: DuckDBEngine, audit_folder: Path) -> None:
    write_csv(audit_folder / "incidents.csv", [*(incident(n) for n in range(60)), incident(7, Unit="Z9")])
    tables = _read(engine, audit_folder)
    (reject,) = tables["rejects"].rows()
    assert (reject["reason"], reject["column_name"]) == ("repeated_number", "Incident No")
    assert _one(tables["incidents"], "TS-00007")["unit"] == "P12"
    row = tables["reconciliation"].rows("where table_name = 'incidents'")[0]
    assert (row["rejected"], row["exact_duplicates"], row["repeated_numbers"]) == (1, 0, 1)


def test_of_a_number_in_two_exports_the_later_row_stands_and_the_earlier_is_counted(
    engine: DuckDBEngine, audit_folder: Path
) -> None:
    again = incident(7, Unit="Z9")
    write_csv(audit_folder / "incidents-2.csv", [*(incident(n) for n in range(100, 160)), again])
    toml = audit_folder / "audit.toml"
    toml.write_text(toml.read_text().replace('"incidents.csv"', '"incidents.csv", "incidents-2.csv"'))
    tables = _read(engine, audit_folder)
    assert tables["incidents"].count() == 90
    assert _one(tables["incidents"], "TS-00007")["unit"] == "Z9"
    of_file = {row["source_file"]: row for row in tables["reconciliation"].rows()}
    assert (of_file["incidents.csv"]["superseded"], of_file["incidents.csv"]["accepted"]) == (1, 29)
    assert (of_file["incidents-2.csv"]["superseded"], of_file["incidents-2.csv"]["accepted"]) == (0, 61)


def test_a_later_row_that_cannot_be_used_supersedes_nothing(engine: DuckDBEngine, audit_folder: Path) -> None:
    faulty = incident(7, **{"Call Received": "no date"})
    write_csv(audit_folder / "incidents-2.csv", [*(incident(n) for n in range(100, 160)), faulty])
    toml = audit_folder / "audit.toml"
    toml.write_text(toml.read_text().replace('"incidents.csv"', '"incidents.csv", "incidents-2.csv"'))
    tables = _read(engine, audit_folder)
    assert _one(tables["incidents"], "TS-00007")["unit"] == "P12"
    assert sum(row["superseded"] for row in tables["reconciliation"].rows()) == 0


def test_a_row_without_a_log_is_accepted_and_one_without_anything_cannot_be_audited(
    engine: DuckDBEngine, audit_folder: Path
) -> None:
    bare = {"Log Text": "", "Opening Code": "", "Closing Code 1": "", "Closing Code 2": ""}
    rows = [incident(0, **{"Log Text": ""}), incident(1, **bare), *(incident(n) for n in range(2, 40))]
    write_csv(audit_folder / "incidents.csv", rows)
    incidents = _read(engine, audit_folder)["incidents"]
    assert _one(incidents, "TS-00000")["auditable"]
    bare_one = _one(incidents, "TS-00001")
    assert not bare_one["auditable"]
    assert bare_one["not_auditable_reason"] == "The record holds neither a log nor a code."


def test_rules_of_the_profile_skip_keep_and_set_apart_rows(engine: DuckDBEngine, audit_folder: Path) -> None:
    rows = [
        *(incident(n) for n in range(40)),
        incident(50, Unit="TEST"),
        incident(51, **{"Opening Code": "900", "Log Text": "RESTRICTED"}),
        dict.fromkeys(incident(0), ""),
    ]
    write_csv(audit_folder / "incidents.csv", rows)
    path = audit_folder / "profiles" / "incidents.toml"
    path.write_text(
        path.read_text()
        + '[[skip]]\ncolumn = "Unit"\nequals = ["test"]\nbecause = "test calls"\n'
        + '[[not_auditable]]\ncolumn = "Log Text"\nmatches = "^RESTRICTED$"\nbecause = "restricted"\n'
    )
    tables = _read(engine, audit_folder)
    row = tables["reconciliation"].rows("where table_name = 'incidents'")[0]
    assert (row["rows_in"], row["accepted"], row["skipped"], row["rejected"]) == (43, 41, 2, 0)
    apart = tables["incidents"].rows("where not auditable")
    assert [(each["incident_id"], each["not_auditable_reason"]) for each in apart] == [
        ("TS-00051", "restricted")
    ]


def test_one_file_may_feed_both_tables(engine: DuckDBEngine, audit_folder: Path) -> None:
    rows = [{**incident(n), "Class": "CRIME" if n % 3 == 0 else "INFO"} for n in range(30)]
    write_csv(audit_folder / "incidents.csv", rows)
    (audit_folder / "profiles" / "crimes.toml").write_text(
        'table = "crimes"\nformats = ["%d/%m/%Y %H:%M:%S"]\n[columns]\ncrime_id = "Incident No"\n'
        'incident_reference = "Incident No"\nrecorded_at = "Call Received"\n'
        '[[keep]]\ncolumn = "Class"\nequals = ["CRIME"]\nbecause = "the crime register"\n'
    )
    toml = audit_folder / "audit.toml"
    toml.write_text(toml.read_text().replace("crimes.csv", "incidents.csv"))
    tables = _read(engine, audit_folder)
    assert (tables["incidents"].count(), tables["crimes"].count()) == (30, 10)
    rows_of = {row["table_name"]: row for row in tables["reconciliation"].rows()}
    assert (rows_of["crimes"]["rows_in"], rows_of["crimes"]["skipped"]) == (30, 20)


# Codes ------------------------------------------------------------------------------------------------------


def test_a_code_no_list_knows_is_unknown_and_reported_and_the_row_kept(
    engine: DuckDBEngine, audit_folder: Path
) -> None:
    _incidents(audit_folder, **{"Opening Code": "XYZ9", "Qualifiers": "DA;NEW"})
    tables = _read(engine, audit_folder)
    found = _one(tables["incidents"], "TS-00000")
    assert (found["opening_code"], found["opening_group"]) == ("XYZ9", "unknown")
    assert found["flags"] == ["domestic_abuse"]
    (note,) = tables["rejects"].rows()
    assert (note["reason"], note["effect"], note["value_class"]) == ("unknown_code", "noted", "AAA9")
    assert "XYZ9" not in note["sentence"]
    row = tables["reconciliation"].rows("where table_name = 'incidents'")[0]
    assert (row["accepted"], row["values_unmapped"]) == (100, 1)


def test_the_state_of_a_crime_follows_status_cancellation_and_n100(
    engine: DuckDBEngine, audit_folder: Path
) -> None:
    cases: list[tuple[dict[str, str], str, str | None]] = [
        ({"Status": "Live"}, "live", None),
        ({"Status": "Cancelled"}, "cancelled", None),
        ({"Status": "Live", "Cancellation Code": "C2"}, "cancelled", None),
        ({"Status": "", "Cancelled Date": "16/06/2025"}, "cancelled", None),
        ({"Status": "Live", "Cancellation Code": "C1"}, "transferred", None),
        ({"Status": "Live", "N100 Code": "N100/2"}, "n100", "N100/2"),
        ({"Status": "Live", "HO Code": "N100/1"}, "n100", "N100/1"),
    ]
    write_csv(audit_folder / "crimes.csv", [crime(n, **changed) for n, (changed, _, _) in enumerate(cases)])
    found = _read(engine, audit_folder)["crimes"].rows("order by crime_id")
    assert [(each["status"], each["n100_code"]) for each in found] == [case[1:] for case in cases]


def test_outcomes_are_one_to_twenty_two(engine: DuckDBEngine, audit_folder: Path) -> None:
    meant = {"16": "16", "Outcome 1A": "1", "14 - Evidential": "14", "99": None, "": None, "016": "16"}
    rows = [crime(n, Outcome=each, MO=each or "none") for n, each in enumerate(meant)]
    write_csv(audit_folder / "crimes.csv", rows)
    found = _read(engine, audit_folder)["crimes"].rows()
    assert {each["summary"]: each["outcome_code"] for each in found} == {
        each or "none": code for each, code in meant.items()
    }


def test_yes_and_no_columns_become_flags(engine: DuckDBEngine, audit_folder: Path) -> None:
    rows = [{**crime(n), "DA?": "Y" if n == 0 else "N", "Knife": "1"} for n in range(30)]
    write_csv(audit_folder / "crimes.csv", rows)
    path = audit_folder / "profiles" / "crimes.toml"
    path.write_text(
        path.read_text().replace('flags = { columns = ["Flags"], separator = ";" }\n', "")
        + '[flag_columns]\n"DA?" = "domestic_abuse"\nKnife = "knife"\n'
    )
    crimes = _read(engine, audit_folder)["crimes"]
    assert _one(crimes, "4300000/25")["flags"] == ["domestic_abuse", "knife"]
    assert _one(crimes, "4300001/25")["flags"] == ["knife"]


def test_references_are_extracted_from_text(engine: DuckDBEngine, audit_folder: Path) -> None:
    _incidents(audit_folder, **{"Log Text": "SEE 43AB123 AND 43CD456"})
    references = 'crime_references = { columns = ["Log Text"], pattern = "43[A-Z]{2}[0-9]{3}" }'
    _edit(audit_folder, 'crime_references = { columns = ["Crime Ref"], separator = ";" }', references)
    found = _one(_read(engine, audit_folder)["incidents"], "TS-00000")
    assert found["crime_references"] == ["43AB123", "43CD456"]


def test_names_in_one_column_are_parted(engine: DuckDBEngine, audit_folder: Path) -> None:
    rows = [{**crime(n), "Victim": "Van Example, Ann Bea" if n else "Bo Example"} for n in range(30)]
    write_csv(audit_folder / "crimes.csv", rows)
    path = audit_folder / "profiles" / "crimes.toml"
    path.write_text(path.read_text() + '[[party]]\nrole = "witness"\nfull_name = "Victim"\n')
    parties = _read(engine, audit_folder)["parties"]
    names = parties.rows("where role = 'witness' order by record_id limit 2")
    assert [(each["surname"], each["forename"]) for each in names] == [
        ("EXAMPLE", "BO"),
        ("VAN EXAMPLE", "ANN BEA"),
    ]


def test_a_business_is_an_organisation(engine: DuckDBEngine, audit_folder: Path) -> None:
    nobody = {"Victim Surname": "", "Victim Forename": "", "Victim DOB": "", "Victim Sex": ""}
    _crimes(audit_folder, **nobody, **{"Victim Organisation": "Corner Shop Ltd"})
    victim = _read(engine, audit_folder)["parties"].rows(
        "where record_id = '4300000/25' and role = 'victim'"
    )[0]
    assert (victim["surname"], victim["organisation"]) == ("CORNER SHOP LTD", True)
