"""``opencdi discover DIR``: find missing crimes by reading where it pays, and know when to stop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from opencdi.discovery.batches import Chosen
    from opencdi.discovery.leads import Lead
    from opencdi.discovery.progress import GroupRecall, Progress
    from opencdi.discovery.store import Store
    from opencdi.discovery.training import Learned
    from opencdi.workspace import Workspace

AuditFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The audit's folder")]
Files = Annotated[
    list[Path] | None,
    typer.Option("--verdicts", help="Worklists with verdicts, .xlsx or .csv; may be repeated"),
]
Target = Annotated[float, typer.Option(min=0.5, max=0.99, help="Share of the missing crimes to find")]
Confidence = Annotated[float, typer.Option(min=0.5, max=0.999, help="How sure the promise is")]

TABLES = ("incidents", "disclosed_offences", "links", "required_crimes", "matches", "findings", "crimes")


def discover(
    folder: AuditFolder,
    verdicts: Files = None,
    batch: Annotated[int, typer.Option(min=0, help="Rows of the next worklist; 0 writes none")] = 100,
    control: Annotated[int, typer.Option(min=0, help="Size of the random control sample")] = 300,
    seed: Annotated[str, typer.Option(help="Seed of the control sample")] = "1",
    order: Annotated[str, typer.Option(help="Harm groups to read first, separated by commas")] = "",
    target: Target = 0.95,
    confidence: Confidence = 0.95,
    elusion: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Make the elusion test: write a random sample of the unread as the next worklist. "
            "Its size; 0 takes the least that can certify the target. One look only",
        ),
    ] = None,
) -> None:
    """Rank incidents by the chance that a crime is missing, take verdicts back, relearn, say when to stop."""
    from rich.console import Console

    from opencdi.discovery import batches, worklist
    from opencdi.discovery import elusion as planned_look
    from opencdi.discovery.harm import order_of
    from opencdi.discovery.progress import progress
    from opencdi.discovery.store import Store
    from opencdi.workspace import Workspace

    harm_order = order_of([group.strip() for group in order.split(",") if group.strip()])
    workspace = Workspace.open(folder)
    store = Store(folder / "discovery")
    console = Console()
    with workspace.locked():
        taken = _taken(workspace, store, verdicts or [])
        with console.status("Scoring every incident"):
            ranking, sample, learned = _scored(workspace, store, taken, harm_order, control, seed)
        store.keep(taken)
        handed = store.handed_out()
        chosen: list[Chosen] = []
        if elusion is not None:
            chosen = _planned_look(store, ranking, taken, elusion, target, confidence, seed)
        elif batch:
            chosen = batches.next_batch(ranking, sample, {**taken, **handed}, batch)
        if chosen:
            number = store.next_batch()
            sheet, text = worklist.write(store.folder, number, chosen)
            handed |= {lead.incident_id: number for _, lead, _ in chosen}
            console.print(f"Worklist {number}: {sheet} and {text.name}", soft_wrap=True)
        _keep_leads(workspace, ranking, sample, taken, handed)
        state = progress(ranking, sample, taken, target, confidence)
    for sentence in sentences(state, target, confidence, learned):
        console.print(sentence, soft_wrap=True)
    look = planned_look.read(store.look)
    if look is not None:
        console.print(planned_look.sentence(look, taken), soft_wrap=True)


def _taken(workspace: Workspace, store: Store, files: Sequence[Path]) -> dict[str, bool]:
    from opencdi.discovery.store import merged
    from opencdi.discovery.verdicts import read_verdicts

    taken = store.verdicts()
    if files:
        with workspace.engine() as engine:
            incidents = workspace.opened(engine, ["incidents"])["incidents"]
            known = {row["incident_id"] for row in engine.rows(f"select incident_id from {incidents.name}")}
        for path in files:
            taken = merged(taken, read_verdicts(path, known), path)
    return taken


def _scored(
    workspace: Workspace,
    store: Store,
    taken: Mapping[str, bool],
    harm_order: Mapping[str, int],
    control: int,
    seed: str,
) -> tuple[list[Lead], frozenset[str], Learned]:
    """The ranking, the control sample, and what was learned. Control verdicts teach nothing."""
    from opencdi.discovery import training
    from opencdi.discovery.leads import lead_of, ranked
    from opencdi.discovery.scoring import score

    with workspace.engine() as engine:
        tables = workspace.opened(engine, TABLES)
        rows = engine.rows(f"select incident_id from {tables['incidents'].name} order by incident_id")
        sample = store.control([row["incident_id"] for row in rows], control, seed)
        lessons = {incident: found for incident, found in taken.items() if incident not in sample}
        scores, learned = score(
            tables["incidents"],
            tables["disclosed_offences"],
            tables["links"],
            tables["required_crimes"],
            tables["matches"],
            tables["findings"],
            tables["crimes"],
            lessons,
        )
        beside = workspace.table("scores").with_suffix(".parquet.new")
        engine.write(scores, beside)
        beside.replace(workspace.table("scores"))
        training.save(learned, store.model)
        columns = ("incident_id", "seriousness", "missing", "harm_group", "why")
        leads = [lead_of(row) for batch in scores.batches(columns) for row in batch.to_pylist()]
    return ranked(leads, harm_order), sample, learned


def _planned_look(
    store: Store,
    ranking: Sequence[Lead],
    taken: Mapping[str, bool],
    size: int,
    target: float,
    confidence: float,
    seed: str,
) -> list[Chosen]:
    """The rows of the elusion test's worklist, in the order of incident numbers."""
    from opencdi.discovery import elusion

    look = elusion.planned([lead.incident_id for lead in ranking], taken, size, target, confidence, seed)
    elusion.keep(look, store.look)
    drawn = set(look.incidents)
    rows = [(place, lead, "elusion") for place, lead in enumerate(ranking, 1) if lead.incident_id in drawn]
    return sorted(rows, key=lambda row: row[1].incident_id)


def _keep_leads(
    workspace: Workspace,
    ranking: Sequence[Lead],
    sample: frozenset[str],
    taken: Mapping[str, bool],
    handed: Mapping[str, int],
) -> None:
    from opencdi import schema
    from opencdi.engine import batch_of

    words = {True: "missing", False: "not_missing"}
    rows = [
        {
            "rank": place,
            "incident_id": lead.incident_id,
            "batch": handed.get(lead.incident_id),
            "seriousness": lead.seriousness,
            "probability": lead.probability,
            "harm_group": lead.harm_group,
            "control": lead.incident_id in sample,
            "verdict": words[taken[lead.incident_id]] if lead.incident_id in taken else None,
            "why": lead.why,
        }
        for place, lead in enumerate(ranking, start=1)
    ]
    with workspace.engine() as engine:
        beside = workspace.table("leads").with_suffix(".parquet.new")
        slices = (
            batch_of(schema.LEADS, rows[start : start + 10_000]) for start in range(0, len(rows), 10_000)
        )
        engine.write(engine.from_batches(schema.LEADS, slices), beside)
        beside.replace(workspace.table("leads"))


def sentences(state: Progress, target: float, confidence: float, learned: Learned) -> list[str]:
    """What a reader needs to know before going on."""
    said = [
        f"{state.read:,} of {state.incidents:,} incidents read; {state.found:,} with a missing crime. "
        f"The scores expect about {state.believed_to_remain:,.0f} more among the unread."
    ]
    if learned.confidence is not None and learned.confidence.over_confident:
        said.append(
            f"The learned score is over-confident (calibration slope {learned.confidence.slope:.2f}): "
            "trust its order more than its probabilities."
        )
    if not state.control_size:
        said.append("There is no control sample, so nothing can be promised. Start again with --control.")
    elif state.remain_at_most is None:
        said.append(
            f"{state.control_read:,} of the {state.control_size:,} control incidents are read; "
            "a bound on what remains follows when all are."
        )
    else:
        said.append(
            f"At most {state.remain_at_most:,} remain ({confidence:.0%} bound from the control sample)."
        )
        said.append(_stop(state, target, confidence))
    said += [_group_sentence(group, confidence) for group in state.by_group]
    return said


def _stop(state: Progress, target: float, confidence: float) -> str:
    from opencdi.discovery.stopping import positives_needed

    if state.may_stop_at is None:
        return (
            f"The control sample holds {state.control_positives} missing crimes; "
            f"{positives_needed(target, confidence)} are needed to promise {target:.0%}. "
            f"With these, at most {state.promise:.0%} can be promised."
        )
    if state.may_stop:
        return f"You may stop: at least {target:.0%} of the missing crimes are found ({confidence:.0%} sure)."
    return f"Read on to place {state.may_stop_at:,} (you are at {state.depth:,}) to promise {target:.0%}."


def _group_sentence(group: GroupRecall, confidence: float) -> str:
    name = group.harm_group.replace("_", " ")
    found = f"  {name}: {group.found:,} found"
    if not group.control_positives:
        return found + "; the control sample holds none, so nothing can be said of how many remain"
    return found + (
        f"; the ranking has passed {group.passed} of {group.control_positives} in the control sample, "
        f"which promises a recall of {group.at_least:.0%} ({confidence:.0%} sure)"
    )
