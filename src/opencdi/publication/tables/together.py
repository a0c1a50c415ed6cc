"""Figures over several forces, as the first page tells them: taken together by a rule, and year by year."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from opencdi.publication.figures import Pooled, Release
from opencdi.publication.national import EVERY_RULE, LATEST_RULE, POOLS, Round, pooled, rounds
from opencdi.publication.tables.columns import Column, Kind, PublishedTable


def _pools(release: Release) -> Iterator[Pooled]:
    for key in POOLS:
        yield from pooled(release, *key)


def _of(name: str, heading: str, kind: Kind, meaning: str, field: str = "") -> Column[Any]:
    return Column(name, heading, kind, meaning, lambda row: getattr(row, field or name), True)


def _of_rates(name: str, heading: str, meaning: str, of: Callable[[tuple[float, ...]], Any]) -> Column[Round]:
    kind: Kind = "integer" if of is len else "number"
    return Column(name, heading, kind, meaning, lambda each: of(each.rates), True)


POOLED = PublishedTable[Pooled](
    "pooled",
    "Forces taken together",
    "one figure of many forces, under one rule of which audits are counted",
    ("rule", "measure", "dimension", "group_name"),
    (
        Column(
            "rule",
            "Audits counted",
            "text",
            "Which audits are counted",
            lambda row: row.rule,
            True,
            (LATEST_RULE, EVERY_RULE),
        ),
        _of("measure", "Measure", "text", "What it measures"),
        _of("dimension", "Kind of group", "text", "all, flag, offence_group or offence_subgroup"),
        _of("group_name", "Group", "text", "The group of crimes", "group"),
        _of("forces", "Forces", "integer", "Forces with an audit that is counted"),
        _of("audits", "Audits", "integer", "Audits counted"),
        _of("audited", "Crimes read", "integer", "Crimes read in these audits"),
        _of("count", "Went wrong", "integer", "Crimes read that went wrong, unweighted"),
        _of(
            "failed",
            "Share that went wrong",
            "number",
            "The audits' own estimates weighted by the crimes each read; from 0 to 1",
        ),
        _of(
            "rounded_to",
            "Counts rounded to",
            "integer",
            "What counts are rounded to where some audits' own are withheld; 1 where they are exact",
        ),
    ),
    _pools,
)

YEARS = PublishedTable[Round](
    "years",
    "Forces year by year",
    "the forces whose audit ended in one year",
    ("year",),
    (
        _of("year", "Year", "integer", "Year in which the period of the audits ended"),
        _of_rates("forces", "Forces", "Forces with an audit that ended in the year", len),
        _of("average", "Average", "number", "Average recording rate, weighted by precision; from 0 to 1"),
        _of_rates("lowest", "Lowest", "Lowest recording rate of a force; from 0 to 1", min),
        _of_rates("highest", "Highest", "Highest recording rate of a force; from 0 to 1", max),
        _of("edition", "Counting rules", "text", "Editions of the counting rules"),
    ),
    lambda release: iter(rounds(release)),
)
