"""A real review room in a process of its own, for browsers and pictures: database, people, cases made up.

``python tests/review/room_process.py FOLDER`` builds it (in a process whose settings are the
demonstration's) and writes what there is to see into ``FOLDER/screens.json``.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]

SEND_EMPTY = "send-empty"
"""Press the first button of the page's own form with nothing filled in, to see its errors."""


@dataclass(frozen=True)
class Shown:
    """One screen: where it is, the session cookie of who sees it, and what is done first."""

    name: str
    path: str
    session: str
    first: str
    status: int


@dataclass(frozen=True)
class Room:
    """A room that answers at ``address``."""

    address: str
    folder: Path
    screens: tuple[Shown, ...]
    process: subprocess.Popen[bytes]
    password: str
    email: str

    def screen(self, name: str) -> Shown:
        return next(one for one in self.screens if one.name == name)


@contextmanager
def running_room(folder: Path, workers: int = 1) -> Iterator[Room]:
    """Builds a room in the folder and serves it until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "OPENCDI_REVIEW_DEMO": str(folder), "PYTHONPATH": str(REPOSITORY)}
    environment["DJANGO_SETTINGS_MODULE"] = "opencdi.review.project.demo"
    environment.pop("OPENCDI_REVIEW_DATABASE", None)
    subprocess.run([sys.executable, __file__, str(folder)], env=environment, check=True, timeout=300)
    made = json.loads((folder / "screens.json").read_text(encoding="utf-8"))
    with _serving(environment, workers) as (address, process):
        screens = tuple(Shown(**one) for one in made["screens"])
        yield Room(address, folder, screens, process, made["password"], made["email"])


def demonstration_at(folder: Path) -> dict[str, str]:
    """The environment in which commands and the server are those of the demonstration in the folder."""
    environment = {**os.environ, "OPENCDI_REVIEW_DEMO": str(folder)}
    for name in ("OPENCDI_REVIEW_DATABASE", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)
    return environment


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serves a demonstration that is in the folder already; its address."""
    with _serving(demonstration_at(folder), workers=1) as (address, _):
        yield address


@contextmanager
def _serving(environment: dict[str, str], workers: int) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port = _free_port()
    command = ["from opencdi.cli import main; main()", "review", "serve", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        [sys.executable, "-c", *command, "--workers", str(workers)],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_it_answers(address, process)
        yield address, process
    finally:
        process.terminate()
        process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _wait_until_it_answers(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError("The review room did not start.")
        try:
            with urllib.request.urlopen(f"{address}/help/", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("The review room did not answer within a minute.")


def build(folder: Path) -> None:
    """Tables, people, cases, and what there is to see."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)

    from tests.review.screens import SCREENS
    from tests.review.visitors import PASSWORD, browser_of
    from tests.review.world import built

    from opencdi.review.policy import Role

    world = built()
    sessions = {
        role: browser_of(person, SERVER_NAME="127.0.0.1").cookies["sessionid"].value
        for role, person in world.people.items()
    }
    screens = [
        {
            "name": screen.name,
            "path": screen.address(world),
            "session": sessions[screen.who] if screen.who else "",
            "first": screen.first,
            "status": screen.status,
        }
        for screen in SCREENS
    ]
    made = {"screens": screens, "password": PASSWORD, "email": world.people[Role.AUDITOR].email}
    (folder / "screens.json").write_text(json.dumps(made), encoding="utf-8")


if __name__ == "__main__":
    build(Path(sys.argv[1]))
