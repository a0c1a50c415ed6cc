"""``opencdi discover DIR``: find missing crimes by reading where it pays, and know when to stop."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.table import Table

    from opencdi.discovery.batches import Chosen
    from opencdi.discovery.progress import Progress
    from opencdi.discovery.ranking import Ranking
    from opencdi.discovery.store import Store
    from opencdi.discovery.training import Learned
    from opencdi.discovery.verdicts import Returned, Verdict
    from opencdi.engine import Engine, Relation
    from opencdi.workspace import Workspace

AuditFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The audit's folder")]
Files = Annotated[
    list[Path] | None,
    typer.Option(
        "--verdicts",
        help="Worklists with verdicts (.xlsx or .csv), or the review room's export; may be repeated",
    ),
]
Target = Annotated[float, typer.Option(min=0.5, max=0.99, help="Share of the missing crimes to find")]
Confidence = Annotated[float, typer.Option(min=0.5, max=0.999, help="How sure the promise is")]

TABLES = ("incidents", "disclosed_offences", "links", "required_crimes", "matches", "findings", "crimes")


@dataclass(frozen=True)
class Scored:
    """The ranking, the control sample, what was learned, and how many incidents are in each stratum."""

    ranking: Ranking
    control: frozenset[str]
    learned: Learned
    strata: Mapping[str, int]


def discover(
    folder: AuditFolder,
    verdicts: Files = None,
    batch: Annotated[int, typer.Option(min=0, help="Rows of the next worklist; 0 writes none")] = 100,
    control: Annotated[int, typer.Option(min=0, help="Size of the random control sample")] = 300,
    seed: Annotated[str, typer.Option(help="Seed of the control sample")] = "1",
    order: Annotated[
        str,
        typer.Option(
            help="Harm groups to read first among leads about as likely, separated by commas: "
            "rape, other_sexual, domestic_abuse, child, stalking, other"
        ),
    ] = "",
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

    from opencdi.cli.narrative_column import doubt_of
    from opencdi.cli.up_to_date import refuse_stale
    from opencdi.discovery import batches, diagram, narratives, telling, worklist
    from opencdi.discovery import elusion as planned_look
    from opencdi.discovery.harm import order_of
    from opencdi.discovery.progress import progress
    from opencdi.discovery.store import Store
    from opencdi.workspace import Workspace

    harm_order = order_of([group.strip() for group in order.split(",") if group.strip()])
    workspace = Workspace.open(folder)
    store = Store(folder / "discovery")
    console = Console()
    if (doubt := doubt_of(workspace)) is not None:
        console.print(doubt, soft_wrap=True, markup=False, highlight=False)
    refuse_stale(workspace, "compare")
    with workspace.locked(), workspace.engine() as engine:
        taken, brought = _returned(workspace, engine, verdicts or [], store.verdicts())
        with console.status("Scoring every incident"):
            scored = _scored(workspace, engine, store, taken, harm_order, control, seed)
        ranking, sample = scored.ranking, scored.control
        store.keep(taken)
        store.keep_set_aside(row for one in brought for row in one.set_aside)
        handed = store.handed_out()
        chosen: list[Chosen] = []
        if elusion is not None:
            chosen = _planned_look(store, ranking, taken, elusion, target, confidence, seed)
        elif batch:
            waiting = sample - taken.keys() - handed.keys()
            top = ranking.top(sample | taken.keys() | handed.keys(), batch)
            chosen = batches.next_batch(top, ranking.of(waiting), batch)
        if chosen:
            number = store.next_batch()
            sheet, text = worklist.write(store.folder, number, chosen)
            handed |= {lead.incident_id: number for _, lead, _ in chosen}
            console.print(f"Worklist {number}: {sheet} and {text.name}", soft_wrap=True, markup=False)
        ranking.leads(sample, taken, handed).write_whole(workspace.table("leads"))
        state = progress(ranking.standing(sample, taken), sample, taken, target, confidence)
    said = [*telling.back(brought), *telling.sentences(state, target, confidence, scored.learned)]
    said += [*telling.outstanding(handed, taken), *narratives.unread(scored.strata)]
    if scored.learned.reliability:
        drawn = diagram.write(scored.learned.reliability, store.folder, "were recorded")
        said.append(f"Reliability diagram of the learned score: {drawn}")
    look = planned_look.read(store.look)
    if look is not None:
        said.append(planned_look.sentence(look, taken))
    for sentence in said:
        console.print(sentence, soft_wrap=True, markup=False, highlight=False)
    console.print(_by_group(state, confidence))


def _by_group(state: Progress, confidence: float) -> Table:
    from rich.table import Table

    table = Table(
        "Harm group",
        "Found",
        "In the control sample",
        "Of these passed",
        f"Recall at least ({confidence:.0%} sure)",
        title="Missing crimes by harm group",
        title_justify="left",
    )
    for group in state.by_group:
        table.add_row(
            group.harm_group.replace("_", " "),
            f"{group.found:,}",
            f"{group.control_positives:,}",
            f"{group.passed:,}",
            f"{group.at_least:.0%}" if group.control_positives else "not known yet",
        )
    return table


def _returned(
    workspace: Workspace, engine: Engine, files: Sequence[Path], taken: Mapping[str, Verdict]
) -> tuple[dict[str, Verdict], list[Returned]]:
    """All verdicts so far with those of the files, and what each file brought."""
    from opencdi.discovery.verdicts import returned

    together = dict(taken)
    brought = []
    if files:
        known = set(_numbers(engine, workspace.opened(engine, ["incidents"])["incidents"]))
        for path in files:
            brought.append(returned(path, known, together))
            together |= brought[-1].verdicts
    return together, brought


def _numbers(engine: Engine, incidents: Relation) -> Iterator[str]:
    for batch in engine.batches(f"select incident_id from {incidents.name}"):
        yield from batch.column("incident_id").to_pylist()


def _scored(
    workspace: Workspace,
    engine: Engine,
    store: Store,
    taken: Mapping[str, Verdict],
    harm_order: Mapping[str, int],
    control: int,
    seed: str,
) -> Scored:
    """Every incident scored and ranked. Control verdicts teach nothing."""
    from opencdi.discovery import training
    from opencdi.discovery.ranking import ranked
    from opencdi.discovery.scoring import score
    from opencdi.discovery.verdicts import told

    tables = workspace.opened(engine, TABLES)
    sample = store.control(_numbers(engine, tables["incidents"]), control, seed)
    lessons = {incident: found for incident, found in told(taken).items() if incident not in sample}
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
    scores.write_whole(workspace.table("scores"))
    training.save(learned, store.model)
    strata = engine.rows(f"select stratum, count(*) as n from {scores.name} group by stratum")
    held = {str(row["stratum"]): int(row["n"]) for row in strata}
    return Scored(ranked(scores, harm_order), sample, learned, held)


def _planned_look(
    store: Store,
    ranking: Ranking,
    taken: Mapping[str, Verdict],
    size: int,
    target: float,
    confidence: float,
    seed: str,
) -> list[Chosen]:
    """The rows of the elusion test's worklist, in the order of incident numbers."""
    from opencdi.discovery import elusion

    unread = ranking.incidents - len(ranking.of(taken))
    found = list(taken.values()).count(True)
    look = elusion.planned(ranking.ids(without=taken), unread, found, size, target, confidence, seed)
    elusion.keep(look, store.look)
    rows = [(place, lead, "elusion") for place, lead in ranking.of(look.incidents)]
    return sorted(rows, key=lambda row: row[1].incident_id)
