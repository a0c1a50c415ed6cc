"""From a drawn sample and its verdicts to the table of rates."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from opencdi import __version__, ledger, schema
from opencdi.bundle.files import Bundle, read_json, sha256_of, write_csv
from opencdi.bundle.sample_file import read_sample
from opencdi.bundle.verdict_file import read_verdicts, write_verdicts
from opencdi.errors import UserError
from opencdi.estimation.rates import Provenance, RateRow, rates_table
from opencdi.estimation.verdicts import Verdict, check_verdicts


def estimate_bundle(
    bundle: Bundle, verdicts: Path | None = None, recorded: Path | None = None
) -> list[RateRow]:
    """``take_in`` and ``estimated`` of one file of verdicts, a CSV or .xlsx; of the bundle's own verdicts.csv
    where None. Raises ``UserError`` for whatever does not fit.
    """
    if verdicts is not None and verdicts != bundle.verdicts:
        take_in(bundle, read_verdicts(verdicts, frozenset(read_sample(bundle).incident_id)))
    return estimated(bundle, recorded)


def take_in(bundle: Bundle, judged: Sequence[Verdict]) -> None:
    """Write verdicts.csv (canonical). Raises ``UserError`` for verdicts that cannot be of the sample."""
    check_verdicts([each for each in judged if each.known is None], read_sample(bundle).incident_id)
    write_verdicts(bundle.verdicts, judged)


def estimated(bundle: Bundle, recorded: Path | None = None) -> list[RateRow]:
    """Write rates.csv of the bundle from its sample and verdicts, and the event in its ledger.

    ``recorded`` is a CSV of crimes recorded in a year (dimension, group_name, recorded). Raises ``UserError``
    for whatever does not fit.
    """
    rows = recomputed_rates(bundle, read_recorded(recorded) if recorded else {})
    write_rates(bundle.rates, rows)
    ledger.append(
        bundle.ledger,
        "rates-estimated",
        {"verdicts_sha256": sha256_of(bundle.verdicts), "rates_sha256": sha256_of(bundle.rates)},
    )
    return rows


def recomputed_rates(
    bundle: Bundle, recorded_in_year: Mapping[tuple[str, str], int] | None = None
) -> list[RateRow]:
    """The rates that the bundle's own sample and verdicts give; nothing is written."""
    sample = read_sample(bundle)
    judged = read_verdicts(bundle.verdicts, frozenset(sample.incident_id))
    record = read_json(bundle.design)
    provenance = Provenance(
        design=str(record["kind"]),
        edition=_edition(record["edition"], {each.edition for each in judged if each.edition}),
        seed=str(read_json(bundle.seed)["seed"]),
        frame_sha256=str(record["frame_sha256"]),
        commitment=sha256_of(bundle.design),
        sample_sha256=sha256_of(bundle.sample),
        verdicts_sha256=sha256_of(bundle.verdicts),
        code_version=__version__,
    )
    return rates_table(sample, judged, provenance, recorded_in_year or {})


def write_rates(path: Path, rows: Iterable[RateRow]) -> None:
    """The rates as CSV, numbers with all their digits."""
    ordered = sorted(
        (row.to_dict() for row in rows), key=lambda row: [row[name] for name in schema.RATES.key]
    )
    write_csv(
        path,
        schema.RATES.names,
        (["" if row[name] is None else row[name] for name in schema.RATES.names] for row in ordered),
    )


def read_recorded(path: Path) -> dict[tuple[str, str], int]:
    """Crimes recorded in a year, by (dimension, group). Raises ``UserError`` naming the line."""
    if not path.exists():
        raise UserError(f"There is no {path}. Give a CSV with the columns dimension, group_name, recorded.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = {"dimension", "group_name", "recorded"} - set(reader.fieldnames or ())
        if missing:
            raise UserError(f"{path} has no column `{sorted(missing)[0]}`. Add it.")
        found = {}
        for row in reader:
            number = row["recorded"].replace(",", "").strip()
            if not number.isdecimal():
                raise UserError(
                    f"{path}, line {reader.line_num}: `recorded` must be a whole number. Correct the cell."
                )
            found[row["dimension"].strip(), row["group_name"].strip()] = int(number)
        return found


def _edition(of_design: str, judged_under: set[str]) -> str:
    return json.dumps(sorted(judged_under))[1:-1].replace('"', "") if judged_under else of_design
