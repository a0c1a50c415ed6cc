"""How the documentation is built."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opencdi import __version__, schema
from opencdi.counting import facts, listing, rulebook
from opencdi.review import policy
from opencdi.review.actions import states as actions
from opencdi.review.answers import states as answers
from opencdi.review.audits import states
from opencdi.review.events import kinds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx

project = "OpenCDI"
author = "The OpenCDI authors"
release = version = __version__
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "OpenCDI"
html_static_path: list[str] = []
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
nitpicky = True


def write_tables_page(_: Sphinx) -> None:
    """The page of tables, from ``schema.py``, so that it cannot say anything else."""
    lines = ["# Tables", "", "Every table of an audit, as `src/opencdi/schema.py` declares it.", ""]
    for table in schema.TABLES.values():
        lines += [f"## {table.name}", "", f"A row is {table.row}. Key: {', '.join(table.key)}.", ""]
        lines += ["| column | kind | meaning | may hold |", "|---|---|---|---|"]
        for column in table:
            allowed = ", ".join(column.allowed) or ("anything" if column.required else "anything, or nothing")
            lines.append(f"| `{column.name}` | {column.kind} | {column.meaning} | {allowed} |")
        lines.append("")
    (Path(__file__).parent / "tables.md").write_text("\n".join(lines), encoding="utf-8")


def write_rules_page(_: Sphinx) -> None:
    """The page of every rule and class, from the data itself."""
    lines = ["# Rules and classes in full", ""]
    lines += ["Every rule as the data has it; how to read one is in [The counting rules](rules.md).", ""]
    for rule in rulebook.load():
        lines += [f"## {rule.id}", "", f"{rule.title}. Kind: {rule.kind}. Judgement: {rule.judgement}.", ""]
        for version in rule.version:
            until = f" to {version.last_day}" if version.last_day else ""
            cited = f"{version.cite.document}, page {version.cite.page}"
            lines += [
                f"From {version.first_day}{until}, if {listing.in_words(version)}: "
                f"{listing.effect_in_words(version)}. *{version.statement}* ({cited})",
                "",
            ]
    lines += ["## Classes", "", "| class | title | one crime for each | V/S | source | status |"]
    lines += ["|---|---|---|---|---|---|"]
    for row in listing.overview()["classes"]:
        cells = ("class", "title", "one crime for each", "V/S", "source", "status")
        lines.append("| " + " | ".join(row[cell] for cell in cells) + " |")
    (Path(__file__).parent / "rules-in-full.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_cases_page(_: Sphinx) -> None:
    """The cases a registrar can read, from ``tests/counting/cases``, each held by a test."""
    lines = ["# Cases", ""]
    lines += ["Each case is decided by a test. `official` is a worked example of a document, told again.", ""]
    for path in sorted((Path(__file__).parents[1] / "tests/counting/cases").glob("*.toml")):
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        lines += [f"## {found['chapter']}", "", "| what is reported | answer | source |", "|---|---|---|"]
        lines += [
            f"| {_cell(case['words'])} | {_answered(case)} | {_cited(case)} |" for case in found["case"]
        ]
        lines.append("")
    (Path(__file__).parent / "cases.md").write_text("\n".join(lines), encoding="utf-8")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _answered(case: dict[str, Any]) -> str:
    records = [f"{each.get('number', 1)} × {_named(each)}" for each in case.get("expect", [])]
    ruled = [f"{each['action']}: {'yes' if each['may'] else 'no'}" for each in case.get("ruled", [])]
    missing = [f"needs {' and '.join(case['missing'])}"] if case.get("missing") else []
    return "; ".join(records + ruled + missing) or "nothing recorded"


def _named(each: dict[str, Any]) -> str:
    name = each.get("n100") or each.get("class") or each.get("code") or ""
    return f"{name} {each['as'].replace('_', ' ')}".strip()


def _cited(case: dict[str, Any]) -> str:
    return f"{case['kind']}, {case['document']} p. {case['page']}"


def write_facts_page(_: Sphinx) -> None:
    """Every fact a rule may ask for: its question, its values, and what silence means."""
    lines = ["# Facts", "", "What rules ask, as `src/opencdi/counting/facts.py` declares it.", ""]
    lines += ["| fact | question | values | where the report is silent |", "|---|---|---|---|"]
    for fact in (*facts.COLUMNS, *facts.LISTED, *facts.NAMING):
        silent = "; ".join(_presumption(presumption) for presumption in fact.presumptions) or "unknown"
        lines.append(f"| `{fact.name}` | {_cell(fact.question)} | {', '.join(fact.values)} | {silent} |")
    (Path(__file__).parent / "facts.md").write_text("\n".join([*lines, ""]), encoding="utf-8")


def _presumption(presumption: facts.Presumption) -> str:
    where = " and ".join(f"{name} is {' or '.join(values)}" for name, values in presumption.when.items())
    return f"{presumption.value} (page {presumption.page})" + (f" where {where}" if where else "")


def write_review_page(_: Sphinx) -> None:
    """Roles, states and events of the review room, from the tables the room itself obeys."""
    lines = ["# The review room in tables", ""]
    lines += ["Written from the code that the review room obeys: what is not listed here cannot happen.", ""]
    for title, meaning, ways in (
        ("States of a case", states.MEANING, _ways(states.TRANSITIONS, "move")),
        ("Standings of an adverse verdict", answers.MEANING, _ways(answers.WAYS, "step")),
        ("States of an action", actions.MEANING, _ways(actions.WAYS, "move")),
    ):
        lines += [f"## {title}", "", "| state | meaning |", "|---|---|"]
        lines += [f"| {_plain(state)} | {words} |" for state, words in meaning.items()]
        lines += ["", "| from | what happens | to | when |", "|---|---|---|---|", *ways, ""]
    lines += ["## Who may do what", "", "| role | may | where |", "|---|---|---|"]
    lines += [f"| {role} | {action} | {condition} |" for role, action, condition in policy.in_words()]
    lines += ["", "## Events", "", "| event | what it tells |", "|---|---|"]
    lines += [f"| {kind.value} | {words} |" for kind, words in kinds.MEANING.items()]
    (Path(__file__).parent / "review-in-tables.md").write_text("\n".join([*lines, ""]), encoding="utf-8")


def _ways(table: Iterable[Any], step: str) -> list[str]:
    return [
        f"| {_plain(way.source) if way.source else '(new)'} | {_plain(getattr(way, step))} "
        f"| {_plain(way.target)} | {way.when} |"
        for way in table
    ]


def _plain(value: str) -> str:
    return str(value).replace("_", " ")


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", write_review_page)
    app.connect("builder-inited", write_tables_page)
    app.connect("builder-inited", write_rules_page)
    app.connect("builder-inited", write_cases_page)
    app.connect("builder-inited", write_facts_page)
