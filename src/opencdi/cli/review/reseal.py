"""``opencdi review reseal``: everything sealed, under the first sealing key."""

from __future__ import annotations

from opencdi.cli.review.room import DemoFolder, open_room


def reseal(demo: DemoFolder = None) -> None:
    """Seal again, under the first of the sealing keys, whatever lies under another. It may run during use."""
    import typer
    from rich.progress import Progress

    from opencdi.errors import UserError

    open_room(demo)
    from opencdi.review.resealing import count_of_rows
    from opencdi.review.resealing import reseal as move_all
    from opencdi.review.sealing import first_key

    with Progress(transient=True) as progress:
        task = progress.add_task("Sealing again", total=count_of_rows())
        come_to = move_all(lambda rows: progress.advance(task, rows))
    typer.echo(f"Moved to the key {first_key()}: {come_to.moved:,}.")
    if come_to.broken:
        shown = "; ".join(come_to.broken[:5])
        raise UserError(
            f"{len(come_to.broken):,} do not open, the first of them {shown}. Put the key they were sealed "
            "with among OPENCDI_REVIEW_SEALING_KEYS and run again; do not take an older key away before."
        )
    typer.echo("Nothing is left under another key: older keys are needed for older backups only.")
