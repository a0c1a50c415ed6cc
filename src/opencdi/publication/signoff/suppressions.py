"""What is withheld and why, with the true counts, for the people who sign off; never published."""

from __future__ import annotations

import csv
import io

from opencdi.publication.control.control import Controlled
from opencdi.publication.tables.cells import in_csv

COLUMNS = ("audit_id", "measure", "dimension", "group_name", "kind", "reason", "protects", "count", "read")


def suppressions(controlled: Controlled) -> str:
    """One line a figure or count, as CSV; small counts that nothing protects stand at its end."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in controlled.withheld:
        values = (
            each.audit,
            each.measure,
            each.dimension,
            each.group,
            each.kind,
            each.reason,
            each.protects,
            each.yes,
            each.read,
        )
        writer.writerow([in_csv(value) for value in values])
    for exposed in controlled.exposed:
        audit, _, what = exposed.partition(": ")
        writer.writerow([audit, what, "", "", "exposed", "an earlier release gave it away", "", "", ""])
    return text.getvalue()
