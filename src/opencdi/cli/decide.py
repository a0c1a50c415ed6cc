"""``opencdi decide``: what should have been recorded from one report, how many, by when, and why."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from opencdi.errors import UserError


def decide(
    file: Annotated[
        str | None, typer.Argument(metavar="FILE.toml", help="Facts of a report; - for input")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For a machine: JSON")] = False,
    ask: Annotated[bool, typer.Option("--ask", help="Ask for the facts, one question at a time")] = False,
    edition: Annotated[str | None, typer.Option("--edition", metavar="E", help="Apply this edition")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of a facts file")] = False,
) -> None:
    """Decide one report: the crimes required, how many, under which code, by when, and why."""
    import json

    if schema:
        from opencdi.counting.report import json_schema

        typer.echo(json.dumps(json_schema(), indent=2))
        return
    from opencdi.counting.answer import answer
    from opencdi.counting.report_reading import checked, read
    from opencdi.counting.wording import in_words

    if ask and file is None:
        report = checked(_asked(), "the answers")
    elif file is not None and not ask:
        report = read(*_text(file))
    else:
        raise UserError("Name one facts file (or - for standard input), or use --ask without a file.")
    if edition is not None:
        report = report.model_copy(update={"edition": edition})
        report.rules  # noqa: B018  names the editions there are where this one is not
    found = answer(report)
    typer.echo(found.model_dump_json(indent=2) if as_json else in_words(found))


def _text(file: str) -> tuple[str, str]:
    """The text of a facts file and what to call it. Raises ``UserError`` where it cannot be read."""
    from opencdi.counting.report_reading import MOST_BYTES

    source = "standard input" if file == "-" else file
    try:
        if file == "-":
            read = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(file).open("rb") as opened:
                read = opened.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise UserError(f"There is no file {file}. Check the name.") from None
    except IsADirectoryError:
        raise UserError(f"{file} is a folder. Name a facts file in it.") from None
    except PermissionError:
        raise UserError(f"{file} cannot be read. Give yourself the right to read it.") from None
    if len(read) > MOST_BYTES:
        raise UserError(f"{source} is over a megabyte; a facts file is a few kilobytes. Name the right file.")
    try:
        return read.decode("utf-8-sig"), source
    except UnicodeDecodeError:
        raise UserError(f"{source} is not UTF-8 text. Save it as UTF-8 and run again.") from None


def _asked() -> dict[str, Any]:
    from opencdi.counting.questions import answered, next_question

    facts: dict[str, Any] = {}
    while question := next_question(facts):
        typer.echo(question.words)
        if question.values:
            typer.echo("  " + " / ".join(question.values))
        elif question.help:
            typer.echo(f"  ({question.help})")
        value = str(typer.prompt(">", prompt_suffix=" ")).strip()
        if question.values and value not in question.values:
            typer.echo(f"Please answer one of: {', '.join(question.values)}.")
            continue
        attempt = answered(facts, question, value)
        try:
            next_question(attempt)
        except UserError as error:
            typer.echo(f"{error}")
            continue
        facts = attempt
    facts.pop("asked_for_more", None)
    return facts
