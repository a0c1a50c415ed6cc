"""``opencdi review load DIR`` and ``export DIR``: an audit's sample in, its verdicts out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from opencdi.cli.review.room import DemoFolder, open_room

AuditFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The audit's folder")]

WANTED = ["incidents", "crimes", "links", "parties"]


def load(
    folder: AuditFolder,
    demo: DemoFolder = None,
    known: Annotated[Path | None, typer.Option(help="A file of known cases to judge unseen")] = None,
    own_force: Annotated[
        bool, typer.Option("--own-force", help="The force audits itself: its own people may judge")
    ] = False,
    reread: Annotated[
        float, typer.Option(min=0, max=1, help="Chance of each case to be read a third time, unseen")
    ] = 0.1,
    assign: Annotated[bool, typer.Option(help="Give each case its two auditors at once")] = True,
) -> None:
    """Take a drawn sample in: the cases, their logs and records, and two auditors each."""
    from decimal import Decimal

    open_room(demo)
    from opencdi.bundle import Bundle
    from opencdi.review.audits.folder import drawn_sample
    from opencdi.review.audits.loading import load as take_in
    from opencdi.review.audits.models import Audit
    from opencdi.review.audits.services import assign_readers
    from opencdi.review.quality.known_cases import read_known_cases
    from opencdi.workspace import Workspace

    workspace = Workspace.open(folder)
    cases = read_known_cases(known) if known else []
    with workspace.desk() as engine:
        names = [*WANTED, "findings"] if workspace.table("findings").exists() else WANTED
        tables = workspace.opened(engine, names)
        sample = drawn_sample(folder.resolve().name, Bundle(folder / "sample"), workspace.audit, tables)
    kind = Audit.Kind.IN_FORCE if own_force else Audit.Kind.INSPECTION
    loaded = take_in(sample, cases, kind, Decimal(str(reread)).quantize(Decimal("0.0001")))
    typer.echo(f"Cases added:       {loaded.cases_added:,} from the sample")
    typer.echo(f"Known cases added: {loaded.known_added:,}")
    typer.echo(f"Third readings:    {loaded.rereadings:,} drawn")
    if assign:
        typer.echo(f"Readers assigned:  {assign_readers(loaded.audit):,}")


def export(
    folder: AuditFolder,
    demo: DemoFolder = None,
    to: Annotated[Path | None, typer.Option(help="File; DIR/sample/verdicts.csv unless named")] = None,
) -> None:
    """Write the verdicts of every settled case, as `opencdi estimate` takes them, and the force's words.

    What a decided dispute changed stands in the verdicts. Beside them, `review-words.toml` in the audit's
    folder takes the force's explanation, the causes and the actions to `opencdi publish`.
    """
    from opencdi.errors import UserError

    open_room(demo)
    from opencdi.review.actions.publication import write_publication
    from opencdi.review.adjudication.export import export as write_out
    from opencdi.review.answers.decided import decided_columns
    from opencdi.review.audits.models import Audit

    audit = Audit.objects.filter(name=folder.resolve().name).first()
    if audit is None:
        raise UserError(f"The review room holds no audit of the name {folder.resolve().name}. Load it first.")
    path = to or folder / "sample" / "verdicts.csv"
    typer.echo(f"Rows written to {path}: {write_out(audit, path, decided_columns(audit)):,}")
    words = folder / "review-words.toml"
    write_publication(audit, words)
    typer.echo(f"Causes, actions and the force's explanation written to {words}")
