"""In which parts the incidents lie that crimes name letter for letter from before their window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from opencdi.engine import Engine
from opencdi.nightly.homes import parts_about, parts_within
from opencdi.nightly.notes import calendar_of, digests_of, made_by
from opencdi.storage import json_hash, keep_notes, kept_notes
from opencdi.workspace import Workspace


def parts_named(workspace: Workspace, engine: Engine) -> dict[str, list[str]]:
    """By the part of crimes, the parts of the incidents they name; what is known of unchanged parts is
    remembered."""
    now = {table: _links(workspace, table) for table in ("crimes", "incidents")}
    page, code = workspace.memory / "named.json", _code(workspace)
    kept = kept_notes(page) or {}
    was = kept if kept.get("code") == code else {"crimes": {}, "incidents": {}, "named": {}}
    new = {table: [part for part in now[table] if was[table].get(part) != now[table][part]] for table in now}
    old = sorted(set(now["crimes"]) - set(new["crimes"]))
    unmoved = set(now["incidents"]) - set(new["incidents"])
    found = {part: unmoved & set(was["named"].get(part, ())) for part in old}
    reports = _about_named(workspace, engine, new["crimes"])
    for crimes, incidents in ((new["crimes"], reports), (old, new["incidents"])):
        for home, where in _pairs(workspace, engine, crimes, incidents):
            found.setdefault(home, set()).add(where)
    named = {part: sorted(found[part]) for part in sorted(found) if found[part]}
    if was != (known := {"code": code, **now, "named": named}):
        keep_notes(page, known)
    return named


def _links(workspace: Workspace, table: str) -> Mapping[str, str]:
    return {part: found["links"] for part, found in digests_of(workspace, table).items()}


def _code(workspace: Workspace) -> str:
    settings = workspace.audit.model_dump(mode="json", include={"linkage"})
    return json_hash([settings, made_by(workspace, "linkage", "nightly")])


def _about_named(workspace: Workspace, engine: Engine, crimes: Sequence[str]) -> list[str]:
    """The parts of incidents that may hold one that the crimes of some parts name."""
    naming = workspace.opened_parts(engine, "crimes", crimes, "new").name
    named = f"select incident_reference as number from {naming} where incident_reference is not null"
    return parts_about(workspace, engine, "incidents", named) if crimes else []


def _pairs(
    workspace: Workspace, engine: Engine, crimes: Sequence[str], incidents: Sequence[str]
) -> list[tuple[str, str]]:
    """Each part of crimes with each part of incidents that it names, of some parts of both."""
    after, far = _lapse(workspace)
    crimes = sorted({*crimes} & {*parts_within(workspace, "crimes", incidents, -after, far)})
    incidents = sorted({*incidents} & {*parts_within(workspace, "incidents", crimes, far, -after)})
    if not crimes or not incidents:
        return []
    naming = workspace.opened_parts(engine, "crimes", crimes, "naming")
    calendar, dialect = calendar_of(workspace), engine.dialect
    named = workspace.opened_parts(engine, "incidents", incidents, "named")
    rows = engine.rows(
        f"select distinct {calendar.of('crime.recorded_at', dialect)} as home, "
        f"{calendar.of('incident.reported_at', dialect)} as part from {naming.name} as crime "
        f"join {named.name} as incident on incident.incident_id = crime.incident_reference "
        f"where {is_long_ago(workspace, engine)}"
    )
    return [(calendar.name(int(row["home"])), calendar.name(int(row["part"]))) for row in rows]


def is_long_ago(workspace: Workspace, engine: Engine) -> str:
    """SQL for whether the incident lies before the crime's window and not too far to be linked."""
    seconds = engine.dialect.epoch_seconds
    after, far = _lapse(workspace)
    lapse = f"{seconds('crime.recorded_at')} - {seconds('incident.reported_at')}"
    return f"{lapse} > {after} and {lapse} < {far}"


def _lapse(workspace: Workspace) -> tuple[float, float]:
    """More than how many seconds before a crime a report is of long ago, and from how many on too far."""
    settings = workspace.linkage
    return settings.window_after_days * 86_400, settings.reference_window_after_days * 86_400 + 1
