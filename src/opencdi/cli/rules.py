"""``opencdi rules``: what the rules are, what one says, what changed, and whether they are sound."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opencdi.cli.help import command_group
from opencdi.errors import UserError

if TYPE_CHECKING:
    from rich.console import Console

    from opencdi.counting.whatif import IncidentDifference

app = command_group("The counting rules: list them, show one, compare editions, check them.")

AsJson = Annotated[bool, typer.Option("--json", help="For a machine: JSON instead of tables")]
EditionName = Annotated[str | None, typer.Option("--edition", metavar="E", help="Only this edition")]


@app.command("list")
def list_rules(edition: EditionName = None, as_json: AsJson = False) -> None:
    """List editions, rules and classes (of one edition, if named)."""
    from opencdi.counting import listing

    found = listing.overview(edition)
    if as_json:
        _print_json(found)
        return
    console = _console()
    _table(console, "Editions", found["editions"], ("edition", "from", "to", "status", "changed"))
    _table(console, "Rules", found["rules"], ("rule", "kind", "title", "source", "status"))
    _table(console, "Classes", found["classes"], ("class", "title", "one crime for each", "V/S", "status"))


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(metavar="CLASS-CODE-OR-RULE", help="Such as 8N, 008/06 or n100")],
    as_json: AsJson = False,
) -> None:
    """Show a class, a code, an N-code, an outcome, a cancellation code, a flag or a rule."""
    from opencdi.counting import listing

    found = listing.entry(name)
    if as_json:
        _print_json(found)
        return
    from rich.markup import escape

    console = _console()
    for title, value in found.items():
        if isinstance(value, list):
            _table(console, title, value, tuple(value[0]) if value else ())
        elif value:
            console.print(f"[bold]{title}[/bold]  {escape(value)}", highlight=False, soft_wrap=True)


@app.command("diff")
def diff(
    older: Annotated[str, typer.Argument(metavar="EDITION")],
    newer: Annotated[str, typer.Argument(metavar="EDITION")],
    as_json: AsJson = False,
) -> None:
    """Show what differs between two editions: rules, classes, and what is known to have changed."""
    from opencdi.counting import listing

    found = listing.difference(older, newer)
    if as_json:
        _print_json(found)
        return
    console = _console()
    console.print(f"[bold]From {older} to {newer}[/bold]")
    for sentence in found["changed"]:
        console.print(f"- {sentence}", markup=False, highlight=False, soft_wrap=True)
    _table(console, "Rules", found["rules"], ("rule", "change", "before", "after"))
    _table(console, "Classes", found["classes"], ("class", "title", "change"))


@app.command("compare")
def compare(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The audit's folder")],
    older: Annotated[str, typer.Argument(metavar="EDITION")],
    newer: Annotated[str, typer.Argument(metavar="EDITION")],
    as_json: AsJson = False,
    most: Annotated[int, typer.Option("--incidents", metavar="N", min=0, help="How many to list")] = 20,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="CSV", help="Write every incident here")
    ] = None,
) -> None:
    """Count an audit's incidents under two editions: crimes by class, and the incidents that differ."""
    from opencdi.counting import whatif
    from opencdi.workspace import Workspace

    workspace = Workspace.open(folder)
    with workspace.desk() as engine:
        tables = workspace.opened(engine, ("disclosed_offences", "incidents"))
        found = whatif.compare(tables["disclosed_offences"], tables["incidents"], older, newer)
        listed = list(found.incidents(most))
        if out is not None:
            _write_incidents(out, found.incidents())
    classes = [asdict(one) | {"difference": one.newer - one.older} for one in found.classes]
    if as_json:
        _print_json(
            {
                "older": older,
                "newer": newer,
                "crimes": dict(zip((older, newer), found.totals, strict=True)),
                "classes": classes,
                "incidents": [asdict(one) for one in listed],
            }
        )
        return
    console = _console()
    console.print(
        f"The same incidents require {found.totals[0]:,} crimes under {older} and {found.totals[1]:,} under "
        f"{newer} ({found.totals[1] - found.totals[0]:+,}). Crimes that cannot be told are left out."
    )
    changed = [{name: str(value) for name, value in row.items()} for row in classes if row["incidents"]]
    _table(console, "Classes", changed, ("class_code", "older", "newer", "difference", "incidents"))
    rows = [{**asdict(one), "rules": " ".join(one.rules)} for one in listed]
    shown = [{name: str(value) for name, value in row.items()} for row in rows]
    _table(console, "Incidents", shown, ("incident_id", "class_code", "older", "newer", "rules"))


def _write_incidents(out: Path, incidents: Iterable[IncidentDifference]) -> None:
    try:
        with out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("incident_id", "class_code", "older", "newer", "rules"))
            for one in incidents:
                writer.writerow((one.incident_id, one.class_code, one.older, one.newer, " ".join(one.rules)))
    except OSError as error:
        raise UserError(f"{out} cannot be written: {error.strerror}. Name another file.") from None


@app.command("check")
def check(as_json: AsJson = False) -> None:
    """Check all rules together: unknown words, rules that can never hold, overlaps, gaps."""
    from opencdi.counting import classification, rulebook, rulecheck

    book = rulebook.load()
    faults = rulecheck.check(book, classification.load())
    if as_json:
        _print_json([{"rule": fault.rule_id, "fault": fault.sentence} for fault in faults])
    else:
        for fault in faults:
            typer.echo(f"{fault.rule_id or 'the rules'} {fault.sentence}")
        typer.echo(f"{len(book.rules)} rules checked, {len(faults)} faults.")
    if faults:
        raise typer.Exit(1)


def _console() -> Console:
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 160)


def _table(console: Console, title: str, rows: list[dict[str, str]], columns: tuple[str, ...]) -> None:
    from rich.markup import escape
    from rich.table import Table

    if not rows:
        return
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(escape(row[column]) for column in columns))
    console.print(table)
    console.print()


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
