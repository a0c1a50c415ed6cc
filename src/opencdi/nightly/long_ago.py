"""What the incidents say that crimes name letter for letter from before their window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace

from opencdi.engine import Engine, Relation, Step
from opencdi.nightly.digests import digest_by_part, linked_by
from opencdi.nightly.homes import parties_parts
from opencdi.nightly.named import is_long_ago, parts_named
from opencdi.nightly.notes import calendar_of, digests_of, made_by
from opencdi.storage import json_hash, keep_notes, kept_notes
from opencdi.workspace import Workspace


@dataclass(frozen=True)
class _Named:
    """What was known one night of the reports that a part's crimes name: digests of the ``crimes``, of all
    ``reports`` of the parts they lie in, and the ``digest`` given."""

    crimes: str
    reports: str
    digest: str


def digests_long_ago(workspace: Workspace, engine: Engine) -> dict[str, str]:
    """By the part of crimes, a digest of the incidents that they name from before their window.

    It is that of all reports of the parts where these lie, until one of those changes and the crimes do not:
    only then is it worth finding out what the reports named say, their logs left out.
    """
    named = parts_named(workspace, engine)
    page, code = workspace.memory / "long_ago.json", made_by(workspace, "linkage", "nightly")
    kept = kept_notes(page) or {}
    before = {part: _Named(*each) for part, each in kept["parts"].items()} if kept.get("code") == code else {}
    now = _at_large(workspace, named)
    same = [part for part in now if part in before and before[part].crimes == now[part].crimes]
    unclear = [part for part in same if before[part].reports != now[part].reports]
    now |= {part: before[part] for part in set(same) - set(unclear)}
    for part, digest in _looked_up(workspace, engine, named, unclear).items():
        now[part] = replace(now[part], digest=digest)
    if now != before:
        keep_notes(page, {"code": code, "parts": {part: astuple(each) for part, each in now.items()}})
    return {part: each.digest for part, each in now.items()}


def _at_large(workspace: Workspace, named: Mapping[str, Sequence[str]]) -> dict[str, _Named]:
    incidents, crimes, parties = (digests_of(workspace, name) for name in ("incidents", "crimes", "parties"))
    found: dict[str, _Named] = {}
    for part, where in named.items():
        own = crimes[part]["links"]
        reports = json_hash(
            [own, [(each, incidents[each]["links"], parties.get(f"incident-{each}")) for each in where]]
        )
        found[part] = _Named(own, reports, reports)
    return found


def _looked_up(
    workspace: Workspace, engine: Engine, named: Mapping[str, Sequence[str]], parts: Sequence[str]
) -> dict[str, str]:
    """For some parts of crimes, a digest of the reports they name themselves."""
    if not parts:
        return {}
    where = sorted({each for part in parts for each in named[part]})
    crimes = workspace.opened_parts(engine, "crimes", parts, "naming")
    incidents = workspace.opened_parts(engine, "incidents", where, "named")
    parties = workspace.opened_parts(engine, "parties", parties_parts("incident", where), "named")
    columns = [name for name in linked_by(incidents.contract) if name != "narrative"]
    engine.run([Step("nightly_named", _named_sql(workspace, engine, crimes, incidents, columns))])
    people = engine.dialect.digest_of_rows(parties.contract.names)
    sql = f"""
        select named.*, people.people from nightly_named as named
        left join (select record_id, {people} as people from {parties.name}
                   where record_id in (select incident_id from nightly_named)
                   group by record_id) as people on people.record_id = named.incident_id"""
    digests = digest_by_part(engine, sql, "home", ["crime_id", *columns, "people"])
    engine.drop(("nightly_named",))
    calendar = calendar_of(workspace)
    return {part: digests.get(calendar.number(part), "") for part in parts}


def _named_sql(
    workspace: Workspace, engine: Engine, crimes: Relation, incidents: Relation, columns: Sequence[str]
) -> str:
    home = calendar_of(workspace).of("crime.recorded_at", engine.dialect)
    return f"""
        select {home} as home, crime.crime_id, {", ".join(f"incident.{name}" for name in columns)}
        from {incidents.name} as incident
        join {crimes.name} as crime on crime.incident_reference = incident.incident_id
        where {is_long_ago(workspace, engine)}"""
