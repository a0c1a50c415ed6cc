"""The figures a registrar wants first, in plain words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from opencdi.counting import classification
from opencdi.engine import Relation
from opencdi.report.asked import asked_of

if TYPE_CHECKING:
    from rich.console import Group

Tables = Mapping[str, Relation]

LEADS_NOT_RATES = (
    "These are leads found by machine for people to check. They are not verdicts, and no recording rate "
    "can be worked out from them: a rate needs a random sample that two people judge."
)

MISSING = ("missing", "additional_missing")
NOT_CLASSIFIED = "Not classified"


@dataclass(frozen=True)
class GroupLine:
    """One offence group: offences and crimes counted, and leads by kind."""

    offence_group: str
    disclosed: int
    required: int
    recorded: int
    leads: Mapping[str, int]

    @property
    def missing(self) -> int:
        return sum(self.leads.get(kind, 0) for kind in MISSING)


@dataclass(frozen=True)
class Summary:
    """The whole audit on one screen; ``groups`` in the order of the offence list."""

    rows_in: int
    accepted: int
    rejected: int
    skipped: int
    superseded: int
    incidents: int
    crimes: int
    groups: tuple[GroupLine, ...]

    @property
    def total(self) -> GroupLine:
        leads: Counter[str] = Counter()
        for line in self.groups:
            leads.update(line.leads)
        return GroupLine(
            "All offences",
            sum(line.disclosed for line in self.groups),
            sum(line.required for line in self.groups),
            sum(line.recorded for line in self.groups),
            leads,
        )

    @property
    def leads(self) -> int:
        return sum(self.total.leads.values())

    def as_notes(self) -> dict[str, Any]:
        """The same as JSON may hold it."""
        return asdict(self)

    @classmethod
    def from_notes(cls, notes: Mapping[str, Any]) -> Summary:
        """From what ``as_notes`` gave."""
        return cls(**{**notes, "groups": tuple(GroupLine(**line) for line in notes["groups"])})

    def __rich__(self) -> Group:
        from opencdi.report.screen import on_screen

        return on_screen(self)


def summary(tables: Tables) -> Summary:
    """Count what came in, what was disclosed, required and recorded, and the leads, by offence group.

    ``tables`` holds the relations of ``REPORT_TABLES``. *Disclosed* counts offences a log asserts;
    *required* counts crimes the rules call for with all deciding facts known; *recorded* counts crimes
    now live; an offence of no known class stands under ``Not classified``.
    """
    read = _one(
        tables["reconciliation"],
        "coalesce(sum(rows_in), 0) as rows_in, coalesce(sum(accepted), 0) as accepted, "
        "coalesce(sum(rejected), 0) as rejected, coalesce(sum(skipped), 0) as skipped, "
        "coalesce(sum(superseded), 0) as superseded",
    )
    disclosed = _by_class(tables["disclosed_offences"], "assertion in ('asserted', 'past')")
    recorded = _by_class(tables["crimes"], "status = 'live'")
    required = _by_group(asked_of(tables))
    leads = _leads(tables["findings"])
    found = {*disclosed, *recorded, *required, *leads}
    return Summary(
        rows_in=read["rows_in"],
        accepted=read["accepted"],
        rejected=read["rejected"],
        skipped=read["skipped"],
        superseded=read["superseded"],
        incidents=tables["incidents"].count(),
        crimes=tables["crimes"].count(),
        groups=tuple(
            GroupLine(group, disclosed[group], required[group], recorded[group], leads.get(group, {}))
            for group in in_list_order(found)
        ),
    )


def in_list_order(groups: set[str]) -> list[str]:
    """Offence groups in the order in which the offence list first names them, unknown ones last."""
    listed = list(dict.fromkeys(each.group for each in classification.load().classes.values()))
    return [*(group for group in listed if group in groups), *sorted(groups - set(listed))]


def _one(relation: Relation, columns: str) -> dict[str, int]:
    row = relation.engine.rows(f"select {columns} from {relation.name}")[0]
    return {name: int(value) for name, value in row.items()}


def _by_class(relation: Relation, condition: str) -> Counter[str]:
    rows = relation.engine.rows(
        f"select class_code, count(*) as n from {relation.name} where {condition} group by class_code"
    )
    classes = classification.load().classes
    counts: Counter[str] = Counter()
    for row in rows:
        known = classes.get(row["class_code"])
        counts[known.group if known else NOT_CLASSIFIED] += int(row["n"])
    return counts


def _by_group(asked: Relation) -> Counter[str]:
    rows = asked.engine.rows(
        f"select offence_group, sum(required) as n from {asked.name} "
        "where required > 0 group by offence_group"
    )
    return Counter({row["offence_group"]: int(row["n"]) for row in rows})


def _leads(findings: Relation) -> dict[str, dict[str, int]]:
    rows = findings.engine.rows(
        f"select offence_group, kind, count(*) as n from {findings.name} group by offence_group, kind"
    )
    leads: dict[str, dict[str, int]] = {}
    for row in rows:
        leads.setdefault(row["offence_group"], {})[row["kind"]] = int(row["n"])
    return leads
