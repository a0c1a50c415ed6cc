"""How the documentation is built."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from opencdi import __version__, schema

if TYPE_CHECKING:
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


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", write_tables_page)
