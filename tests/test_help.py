"""Help starts at once and tells each command in a whole sentence."""

from __future__ import annotations

import resource
import subprocess
import sys

from opencdi.cli import app, commands

HEAVY = ("duckdb", "numpy", "pyarrow", "pandas", "django", "scipy", "sklearn", "jinja2", "rich.markdown")
ALLOWED_SECONDS = 0.5

SHOW_HELP = f"""
import sys
sys.argv = ["opencdi", "--help"]
from opencdi.cli import main
try:
    main()
finally:
    print("loaded:", *(name for name in {HEAVY!r} if name in sys.modules))
"""


def test_help_loads_no_heavy_library_and_takes_under_half_a_second() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    shown = subprocess.run([sys.executable, "-c", SHOW_HELP], capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert shown.stdout.splitlines()[-1].strip() == "loaded:"
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < ALLOWED_SECONDS


def test_help_tells_every_command_in_a_whole_sentence() -> None:
    shown = subprocess.run([sys.executable, "-c", SHOW_HELP], capture_output=True, text=True, check=True)
    commands = shown.stdout.split("Commands:")[1]
    assert "..." not in commands
    assert "Bring an audit up to date" in commands and "precision and recall by kind" in commands


def test_a_command_line_that_is_begun_twice_has_each_command_once() -> None:
    commands.register(app)
    once = [command.name for command in app.registered_commands]
    commands.register(app)
    assert [command.name for command in app.registered_commands] == once
