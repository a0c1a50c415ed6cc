"""Which offences a report describes, and the words that say so.

``disclose(incidents, parties)`` gives the table ``disclosed_offences``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from opencdi.engine import Dialect, Relation
    from opencdi.engine.workers import Work

_SECONDS_A_YEAR = 31_557_600

LOGS_A_BATCH = 10_000
"""More cost more memory and hardly less time."""

READ = (
    "incident_id",
    "narrative",
    "caller_role",
    "opening_group",
    "closing_group",
    "flags",
    "other_force",
    "victim_sex",
    "victim_age",
)
"""What the reader needs of an incident: the columns of ``reading_list``."""


def disclose(incidents: Relation, parties: Relation) -> Relation:
    """Disclosed offences of all incidents, read in batches and in bounded memory.

    Where a log names no sex or age for its victim and exactly one victim is on record, the record's
    are used.
    """
    from opencdi import schema

    engine = incidents.engine
    sql = reading_list(incidents.name, parties.name, engine.dialect)
    work = "opencdi.disclosure:disclosing_work"
    return engine.mapped(sql, work, schema.DISCLOSED_OFFENCES, rows_a_batch=LOGS_A_BATCH)


def reading_list(incidents: str, parties: str, dialect: Dialect, besides: Sequence[str] = ()) -> str:
    """SQL for what the reader needs of each incident, in no order: logs are not sorted to be read.

    ``besides`` are further columns, as SQL over the incident ``i``.
    """
    reported = dialect.epoch_seconds("i.reported_at")
    born = dialect.epoch_seconds("cast(v.born_on as timestamp)")
    age = f"({reported} - {born}) / {_SECONDS_A_YEAR}"
    return f"""
        select i.incident_id, i.narrative, i.caller_role, i.opening_group, i.closing_group, i.flags,
               {", ".join(["i.other_force", *besides])},
               v.sex as victim_sex, cast(floor({age}) as integer) as victim_age
        from {incidents} i
        left join (
            select record_id, min(sex) as sex, min(born_on) as born_on
            from {parties}
            where record_kind = 'incident' and role = 'victim'
            group by record_id
            having count(*) = 1
        ) v on v.record_id = i.incident_id
    """


def disclosed_batch(incidents: pa.RecordBatch) -> pa.RecordBatch:
    """Disclosed offences of one Arrow batch of the reading list; any engine may call it."""
    from opencdi.disclosure.disclosing import the_batch_discloser

    return the_batch_discloser().disclosed(incidents)


def disclosing_work(_: str) -> Work:
    """``disclosed_batch``, for ``Engine.mapped``."""
    return disclosed_batch
