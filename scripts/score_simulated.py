"""Compare every finding on made-up forces with the truth, and write it into ``docs/findings.md``.

``scripts/score_simulated.py`` makes one force a seed and style, audits it from its exports, scores it and
puts the tables between the markers of the page. Nothing in them is typed by hand.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from opencdi.cli.score import scored, share
from opencdi.comparison.accuracy import Score, Scores, pooled
from opencdi.comparison.losses import Confusion, Loss, Losses, pooled_losses
from opencdi.workspace import Workspace

HOME = Path("audits") / "scored"
PAGE = Path("docs") / "findings.md"
BEGIN, END = "<!-- scores: begin -->", "<!-- scores: end -->"
INCIDENTS = 20_000
FORCES = ((11, "a"), (12, "a"), (13, "a"), (21, "b"), (22, "b"), (23, "b"))
"""Seed and style of each made-up force. The comparison was not tuned on these seeds."""


def main() -> None:
    runs = [_audited(seed, style) for seed, style in FORCES]
    scores = pooled([run for run, _ in runs])
    lost = pooled_losses([run for _, run in runs])
    text = _page(scores, [run for run, _ in runs], lost)
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{text}{END}{after}", encoding="utf-8")


def _audited(seed: int, style: str) -> tuple[Scores, Losses]:
    force, audit = HOME / f"force-{style}-{seed}", HOME / f"audit-{style}-{seed}"
    shutil.rmtree(force, ignore_errors=True)
    shutil.rmtree(audit, ignore_errors=True)
    _opencdi("simulate", str(force), "--incidents", str(INCIDENTS), "--seed", str(seed), "--style", style)
    files = ("--incidents", _export(force, "incidents"), "--crimes", _export(force, "crimes"))
    _opencdi("init", str(audit), *files, "--force", f"Made-up {style}{seed}")
    _opencdi("audit", str(audit), "--to", "compare")
    found = scored(Workspace.open(audit), force / "truth")
    shutil.rmtree(force)
    shutil.rmtree(audit)
    return found


def _export(force: Path, table: str) -> str:
    return str(next((force / "exports").glob(f"{table}.*")))


def _opencdi(*command: str) -> None:
    program = Path(sys.executable).with_name("opencdi")
    subprocess.run([str(program), *command], check=True, stdout=subprocess.DEVNULL)


def _page(scores: Scores, runs: Sequence[Scores], lost: Losses) -> str:
    return "\n".join(
        [
            "",
            f"{len(FORCES)} made-up forces of {INCIDENTS:,} incidents each (seeds "
            f"{', '.join(str(seed) for seed, _ in FORCES)}), audited from their exports with the profiles "
            "that `opencdi init` proposes, as they are. Counts are the forces taken together, and the range "
            "is the lowest and the highest force. Style b is another force's layout, codes and shorthand.",
            "",
            *_by_style(runs),
            "Missing crimes of either kind, by offence group:",
            "",
            *_table("Offence group", scores.missing_by_group, lambda run: run.missing_by_group, runs),
            f"{scores.cannot_tell[0]:,} findings say that they cannot tell; {scores.cannot_tell[1]:,} "
            "of them stand on a report with a missing crime.",
            "",
            "Where false findings of missing crimes are made:",
            "",
            *_loss_table(lost.false),
            "Where missing crimes are missed:",
            "",
            *_loss_table(lost.missed),
            "Classes read wrongly, behind findings of a wrong class whose recorded class is right:",
            "",
            *_confusion_table(lost.confusions),
        ]
    )


def _by_style(runs: Sequence[Scores]) -> list[str]:
    lines = []
    for style in sorted({style for _, style in FORCES}):
        own = [run for run, (_, its) in zip(runs, FORCES, strict=True) if its == style]
        lines += [f"Style {style}:", "", *_table("Kind", pooled(own).by_kind, lambda run: run.by_kind, own)]
    return lines


def _table(
    heading: str, scores: Sequence[Score], part: Callable[[Scores], Sequence[Score]], runs: Sequence[Scores]
) -> list[str]:
    lines = [
        f"| {heading} | found | true | right | precision (range) | recall (range) |",
        "|---|---:|---:|---:|---|---|",
    ]
    for score in scores:
        same = [each for run in runs for each in part(run) if each.kind == score.kind]
        lines.append(
            f"| {score.kind.replace('_', ' ')} | {score.found:,} | {score.true:,} | {score.right:,} "
            f"| {share(score.precision)}{_range([each.precision for each in same])} "
            f"| {share(score.recall)}{_range([each.recall for each in same])} |"
        )
    return [*lines, ""]


def _range(shares: Sequence[float | None]) -> str:
    known = [each for each in shares if each is not None]
    return f" ({share(min(known))} to {share(max(known))})" if len(known) > 1 else ""


def _loss_table(losses: Sequence[Loss]) -> list[str]:
    return [
        "| number | room | why |",
        "|---:|---|---|",
        *(f"| {loss.count:,} | {loss.room} | {loss.sentence} |" for loss in losses),
        "",
    ]


def _confusion_table(confusions: Sequence[Confusion]) -> list[str]:
    return [
        "| read as | truly | findings |",
        "|---|---|---:|",
        *(f"| {each.read} | {each.true} | {each.count:,} |" for each in confusions),
        "",
    ]


if __name__ == "__main__":
    main()
