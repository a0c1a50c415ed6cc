"""``opencdi rules``: what the rules are, what one says, what changed, and whether they are sound."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

app = typer.Typer(
    help="The counting rules: list them, show one, compare editions, check them.", no_args_is_help=True
)

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
