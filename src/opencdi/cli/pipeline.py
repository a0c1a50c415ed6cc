"""The steps of an audit, in order: which tables each takes and makes, and the room that does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from opencdi import comparison, counting, disclosure, linkage, records, report
from opencdi.comparison.population import population
from opencdi.counting import classification
from opencdi.engine import Engine, Relation
from opencdi.errors import UserError
from opencdi.workspace import Relations, Step, Workspace

RECORDS = ("incidents", "crimes", "parties", "rejects", "reconciliation")
COUNTED = ("required_crimes", "offence_decisions")
COMPARED = ("matches", "findings")


def export_files(workspace: Workspace) -> list[Path]:
    """The export files that ``audit.toml`` names, with their profiles. Raises ``UserError`` for none."""
    return records.input_files(workspace.audit, workspace.root)


def _section(*names: str) -> Callable[[Workspace], Mapping[str, Any]]:
    return lambda workspace: workspace.audit.model_dump(mode="json", include=set(names))


def _read(workspace: Workspace, engine: Engine, _: Relations) -> Mapping[str, Relation]:
    return records.read(engine, workspace.audit, workspace.root, classification.load().offence_list())


def _link(workspace: Workspace, _: Engine, tables: Relations) -> Mapping[str, Relation]:
    families = classification.load().families()
    links = linkage.link(
        tables["incidents"], tables["crimes"], tables["parties"], workspace.linkage, families
    )
    return {"links": links}


def _weights_file(workspace: Workspace) -> list[Path]:
    """The weights file that ``audit.toml`` names, if it names one."""
    path = Path(workspace.linkage.weights)
    return [path] if path.is_file() else []


def _disclose(_: Workspace, __: Engine, tables: Relations) -> Mapping[str, Relation]:
    return {"disclosed_offences": disclosure.disclose(tables["incidents"], tables["parties"])}


def _count(workspace: Workspace, _: Engine, tables: Relations) -> Mapping[str, Relation]:
    edition = workspace.audit.counting.edition
    return counting.count(tables["disclosed_offences"], tables["incidents"], edition)._asdict()


def _compare(_: Workspace, __: Engine, tables: Relations) -> Mapping[str, Relation]:
    compared = comparison.compare(
        required=tables["required_crimes"],
        decisions=tables["offence_decisions"],
        disclosed=tables["disclosed_offences"],
        links=tables["links"],
        crimes=tables["crimes"],
        incidents=tables["incidents"],
        parties=tables["parties"],
    )
    return {"matches": compared.matches, "findings": compared.findings}


def _population(_: Workspace, __: Engine, tables: Relations) -> Mapping[str, Relation]:
    return {
        "population": population(
            tables["incidents"],
            tables["required_crimes"],
            tables["links"],
            tables["crimes"],
            tables["findings"],
        )
    }


def _report(workspace: Workspace, _: Engine, tables: Relations, folder: Path) -> None:
    report.write(folder, workspace.audit, tables)


PIPELINE: tuple[Step, ...] = (
    Step(
        name="read",
        inputs=(),
        outputs=RECORDS,
        settings=_section("force", "period", "exports"),
        files=export_files,
        compute=_read,
        rooms=("records", "counting/hocr"),
    ),
    Step(
        name="link",
        inputs=("incidents", "crimes", "parties"),
        outputs=("links",),
        settings=_section("linkage"),
        files=_weights_file,
        compute=_link,
        rooms=("linkage", "counting/hocr"),
    ),
    Step(
        name="disclose",
        inputs=("incidents", "parties"),
        outputs=("disclosed_offences",),
        settings=_section(),
        compute=_disclose,
        rooms=("disclosure",),
    ),
    Step(
        name="count",
        inputs=("disclosed_offences", "incidents"),
        outputs=COUNTED,
        settings=_section("counting"),
        compute=_count,
        rooms=("counting",),
    ),
    Step(
        name="compare",
        inputs=(*COUNTED, "disclosed_offences", "links", "crimes", "incidents", "parties"),
        outputs=COMPARED,
        settings=_section(),
        compute=_compare,
        rooms=("comparison", "counting"),
    ),
    Step(
        name="population",
        inputs=("incidents", "required_crimes", "links", "crimes", "findings"),
        outputs=("population",),
        settings=_section(),
        compute=_population,
        rooms=("comparison/population.py", "counting/hocr"),
    ),
    Step(
        name="report",
        inputs=report.REPORT_TABLES,
        outputs=(),
        settings=_section("force", "period", "counting"),
        publish=_report,
        folder="report",
        rooms=("report", "counting", "linkage"),
    ),
)


def steps_up_to(name: str) -> Sequence[Step]:
    """The steps up to and with the named one. Raises ``UserError`` for a step there is not."""
    names = [step.name for step in PIPELINE]
    if name not in names:
        raise UserError(f"There is no step `{name}`. The steps are {', '.join(names)}.")
    return PIPELINE[: names.index(name) + 1]
