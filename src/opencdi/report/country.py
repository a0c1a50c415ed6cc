"""A country's page: what its forces' audits come to together."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path

from opencdi import __version__
from opencdi.report.pages import write_page
from opencdi.report.summary import LEADS_NOT_RATES, Summary
from opencdi.report.words import KINDS


def write_country(folder: Path, name: str, forces: Mapping[str, Summary], not_now: Collection[str]) -> None:
    """Write ``index.html`` and ``forces.csv`` into an existing folder.

    Forces stand in the order of their names: leads are no rates, and ranking by them would mislead.
    ``not_now`` are the forces that were not audited this time: their figures are of an earlier audit, or
    they have none.
    """
    leads: Counter[str] = Counter()
    for each in forces.values():
        leads.update(each.total.leads)
    kinds = [kind for kind in KINDS if leads[kind]]
    write_page(
        folder / "index.html",
        "country.html.jinja",
        force=name,
        forces=forces,
        not_now=not_now,
        kinds=kinds,
        leads=leads,
        incidents=sum(each.incidents for each in forces.values()),
        crimes=sum(each.crimes for each in forces.values()),
        version=__version__,
        leads_not_rates=LEADS_NOT_RATES,
    )
    with (folder / "forces.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            ["force", "rows_in", "accepted", "rejected", "incidents", "crimes", *kinds, "audited_now"]
        )
        for force, each in forces.items():
            counts = [each.rows_in, each.accepted, each.rejected, each.incidents, each.crimes]
            now = "no" if force in not_now else "yes"
            writer.writerow([force, *counts, *(each.total.leads.get(kind, 0) for kind in kinds), now])
