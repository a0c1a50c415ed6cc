"""The steps of an audit, in order: which tables each takes and makes, and the room that does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from opencdi import records, report
from opencdi.engine import Engine
from opencdi.errors import UserError
from opencdi.nightly.comparing import COMPARE, COMPARED, POPULATION
from opencdi.nightly.figured import figured_by_part
from opencdi.nightly.homes import first_and_last
from opencdi.nightly.linking import LINK
from opencdi.nightly.morning import write_morning_list
from opencdi.nightly.notes import READ
from opencdi.nightly.reading import bring_records
from opencdi.nightly.rowwise import COUNT, DISCLOSE
from opencdi.nightly.sources import PartsOfRecords
from opencdi.workspace import Published, Relations, Step, Workspace, code_hash

RECORDS = ("incidents", "crimes", "parties", "rejects", "reconciliation")
_REPORT_ROOMS = ("__init__.py", "report", "counting", "linkage")
COUNTED = ("required_crimes", "offence_decisions")


def export_files(workspace: Workspace) -> list[Path]:
    """The export files that ``audit.toml`` names, with their profiles. Raises ``UserError`` for none."""
    return records.input_files(workspace.audit, workspace.root)


def _section(*names: str) -> Callable[[Workspace], Mapping[str, Any]]:
    return lambda workspace: workspace.audit.model_dump(mode="json", include=set(names))


def _read_settings(workspace: Workspace) -> Mapping[str, Any]:
    return {
        **_section("force", "period", "exports")(workspace),
        "incidents_a_part": workspace.audit.resources.incidents_a_part,
    }


def _weights_file(workspace: Workspace) -> list[Path]:
    """The weights file that ``audit.toml`` names, if it names one."""
    path = Path(workspace.linkage.weights)
    return [path] if path.is_file() else []


def _report(
    workspace: Workspace, engine: Engine, tables: Relations, folder: Path, before: Published
) -> Published:
    beside = {"morning.html": "This morning: what is close to 24 hours, what is new, what was put right"}
    standing = {name: each for name, each in before.notes.get("pages", {}).items() if name in before.left}
    pages = report.KeptPages.from_notes(standing, code_hash(_REPORT_ROOMS))
    tables = {**tables, **figured_by_part(workspace, engine)}
    sources = PartsOfRecords(workspace, engine, tables)
    reach = report.reach({**tables, "incidents": first_and_last(workspace, engine, "incidents")})
    with closing(report.KeptPieces(workspace.memory / "worklist", code_hash(_REPORT_ROOMS))) as pieces:
        summary = report.write(
            folder,
            workspace.audit,
            tables,
            beside=beside,
            kept_pages=pages,
            sources=sources,
            kept_pieces=pieces,
            reach=reach,
        )
    morning = write_morning_list(workspace, engine, tables, reach, folder)
    said_at_the_end = {"summary": summary.as_notes(), "morning": morning.sentences()}
    return Published(pages.left, {"pages": pages.as_notes(), **said_at_the_end})


PIPELINE: tuple[Step, ...] = (
    Step(
        name=READ,
        inputs=(),
        outputs=RECORDS,
        settings=_read_settings,
        files=export_files,
        bring=bring_records,
        rooms=("records", "counting/hocr", "nightly"),
    ),
    Step(
        name="link",
        inputs=("incidents", "crimes", "parties"),
        outputs=("links",),
        settings=_section("linkage"),
        files=_weights_file,
        parts=LINK,
        rooms=("linkage", "counting/hocr", "nightly"),
    ),
    Step(
        name="disclose",
        inputs=("incidents", "parties"),
        outputs=("disclosed_offences",),
        settings=_section(),
        parts=DISCLOSE,
        rooms=("disclosure", "nightly"),
    ),
    Step(
        name="count",
        inputs=("disclosed_offences", "incidents"),
        outputs=COUNTED,
        settings=_section("counting"),
        parts=COUNT,
        rooms=("counting", "nightly"),
    ),
    Step(
        name="compare",
        inputs=(*COUNTED, "disclosed_offences", "links", "crimes", "incidents", "parties"),
        outputs=COMPARED,
        settings=_section(),
        parts=COMPARE,
        rooms=("comparison", "counting", "nightly"),
    ),
    Step(
        name="population",
        inputs=(*COUNTED, "disclosed_offences", "links", "crimes", "incidents", "parties", "findings"),
        outputs=("population",),
        settings=_section(),
        parts=POPULATION,
        rooms=("comparison/population.py", "counting/hocr", "nightly"),
    ),
    Step(
        name="report",
        inputs=report.REPORT_TABLES,
        outputs=(),
        settings=_section("force", "period", "counting"),
        publish=_report,
        folder="report",
        rooms=_REPORT_ROOMS,
    ),
)


def steps_up_to(name: str) -> Sequence[Step]:
    """The steps up to and with the named one. Raises ``UserError`` for a step there is not."""
    names = [step.name for step in PIPELINE]
    if name not in names:
        raise UserError(f"There is no step `{name}`. The steps are {', '.join(names)}.")
    return PIPELINE[: names.index(name) + 1]
