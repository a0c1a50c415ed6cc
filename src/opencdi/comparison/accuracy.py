"""How right the findings are, where the truth is known: precision and recall by kind.

For made-up forces only. A finding is right where the truth holds an error of its kind on the same report
(missing crimes) or on the same crime record (all other kinds); each error is counted once. A change of
subcode within a class is no error here, as it is none in ``compare``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from opencdi.comparison.offences import class_tables
from opencdi.engine import Engine, Relation, Step
from opencdi.schema import FINDING_KINDS, Column, Table

ERRORS = Table(
    "errors",
    "one recording error of a made-up force",
    ("incident_id", "crime_id", "kind"),
    (
        Column("kind", "text", "Kind of error", required=True, allowed=FINDING_KINDS),
        Column("incident_id", "text", "The incident; null where there is none"),
        Column("crime_id", "text", "The record concerned; null where there is none"),
        Column("class_required", "text", "Class the rules require"),
        Column("class_recorded", "text", "Class on record"),
        Column("cause", "text", "Cause, by the taxonomy of recording errors"),
        Column("details", "text", "Which paper is missing"),
    ),
)

EITHER_MISSING = "missing, of either kind"
PAPERS = ("flag", "victim", "rationale", "victim_not_told")


@dataclass(frozen=True)
class Score:
    """One kind: findings made, errors there are, and findings that are right."""

    kind: str
    found: int
    true: int
    right: int

    @property
    def precision(self) -> float | None:
        """Share of the findings that are right."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Share of the errors that are found."""
        return self.right / self.true if self.true else None


@dataclass(frozen=True)
class Scores:
    """Scores by kind, and of missing crimes (either kind) by offence group.

    ``cannot_tell`` holds how many findings say *cannot tell* and how many of those stand on a report
    with a missing crime.
    """

    by_kind: tuple[Score, ...]
    missing_by_group: tuple[Score, ...]
    cannot_tell: tuple[int, int]


def accuracy(findings: Relation, errors: Relation) -> Scores:
    """Compare findings (``schema.FINDINGS``) with the truth (``ERRORS``), both of one engine."""
    engine = findings.engine
    engine.run([*class_tables(engine.dialect), _found(findings), _true(errors), _doubts(findings)])
    lines = engine.rows(_pairing("line", "key"))
    groups = engine.rows(
        _pairing("offence_group", "key || ' ' || offence_group", f"line = '{EITHER_MISSING}'")
    )
    return Scores(
        tuple(_score(line, lines) for line in _order()),
        tuple(
            sorted(
                (_score(row["line"], groups) for row in groups), key=lambda score: (-score.true, score.kind)
            )
        ),
        _cannot_tell(engine),
    )


def pooled(runs: list[Scores]) -> Scores:
    """Several made-up forces taken as one."""

    def added(parts: list[tuple[Score, ...]]) -> tuple[Score, ...]:
        sums: dict[str, Score] = {}
        for score in (score for part in parts for score in part):
            before = sums.get(score.kind, Score(score.kind, 0, 0, 0))
            sums[score.kind] = Score(
                score.kind,
                before.found + score.found,
                before.true + score.true,
                before.right + score.right,
            )
        return tuple(sums.values())

    return Scores(
        added([run.by_kind for run in runs]),
        tuple(
            sorted(added([run.missing_by_group for run in runs]), key=lambda score: (-score.true, score.kind))
        ),
        (sum(run.cannot_tell[0] for run in runs), sum(run.cannot_tell[1] for run in runs)),
    )


def _order() -> tuple[str, ...]:
    kinds = [kind for kind in FINDING_KINDS if kind not in ("cannot_tell", "paperwork")]
    return (EITHER_MISSING, *kinds, *(f"paperwork: {paper}" for paper in PAPERS))


def _line(kind: str, details: str) -> str:
    return f"case when {kind} = 'paperwork' then 'paperwork: ' || coalesce({details}, '') else {kind} end"


def _found(findings: Relation) -> Step:
    one = f"""
        select {{line}} as line, {{key}} as key, offence_group
        from {findings.name} where kind <> 'cannot_tell'
    """
    return Step("accuracy_found", _both(one))


def _true(errors: Relation) -> Step:
    one = f"""
        select {{line}} as line, {{key}} as key, coalesce(k.offence_group, 'Not classified') as offence_group
        from {errors.name} as e
        left join compared_classes as k on k.class_code = coalesce(e.class_required, e.class_recorded)
        where not (kind = 'wrong_class' and class_required = class_recorded)
    """
    return Step("accuracy_true", _both(one))


def _doubts(findings: Relation) -> Step:
    return Step("accuracy_doubts", f"select incident_id from {findings.name} where kind = 'cannot_tell'")


def _both(one: str) -> str:
    """Each row under its kind, and missing crimes also under the line for either kind."""
    key = "case when kind in ('missing', 'additional_missing') then incident_id else crime_id end"
    return (
        one.format(line=_line("kind", "details"), key=key)
        + " union all "
        + one.format(line=f"'{EITHER_MISSING}'", key="incident_id")
        + " and kind in ('missing', 'additional_missing')"
    )


def _pairing(line: str, key: str, condition: str = "true") -> str:
    """Findings and errors by line, and how many pair off one to one by key."""

    def counted(name: str) -> str:
        return (
            f"select {line} as line, {key} as key, count(*) as n from {name} where {condition} "
            f"group by {line}, {key}"
        )

    return f"""
        select coalesce(f.line, t.line) as line, sum(coalesce(f.n, 0)) as found,
               sum(coalesce(t.n, 0)) as true_ones,
               sum(least(coalesce(f.n, 0), coalesce(t.n, 0))) as right_ones
        from ({counted("accuracy_found")}) as f
        full join ({counted("accuracy_true")}) as t on t.line = f.line and t.key = f.key
        group by coalesce(f.line, t.line)
        order by coalesce(f.line, t.line)
    """


def _score(line: str, rows: list[dict[str, object]]) -> Score:
    row: Mapping[str, object] = next((row for row in rows if row["line"] == line), {})
    found, true, right = (int(str(row.get(name, 0))) for name in ("found", "true_ones", "right_ones"))
    return Score(line, found, true, right)


def _cannot_tell(engine: Engine) -> tuple[int, int]:
    row = engine.rows(
        """
        select count(*) as n, count(t.key) as with_error
        from accuracy_doubts as d
        left join (select distinct key from accuracy_true where line = 'missing, of either kind') as t
          on t.key = d.incident_id
        """
    )[0]
    return int(row["n"]), int(row["with_error"])
