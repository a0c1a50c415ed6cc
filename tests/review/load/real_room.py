"""A room as a force runs it: production settings, gunicorn, WhiteNoise, PostgreSQL or SQLite; to be killed.

``python -m tests.review.load.real_room AUDITORS CASES`` fills its database, in a process of its own.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.review.postgresql import OWNER, RUNNER, Cluster, running_cluster

from opencdi.review.project.keys import new_secret
from opencdi.review.sealing import new_key

REPOSITORY = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, "-c", "from opencdi.cli import main; main()", "review"]


@dataclass
class RealRoom:
    """A room that answers on ``port``, with people who have passwords and second factors."""

    folder: Path
    environment: dict[str, str]
    port: int
    cluster: Cluster | None
    people: list[dict[str, str]] = field(default_factory=list)
    server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [*COMMAND, "serve", "--bind", f"127.0.0.1:{self.port}", "--workers", "2", "--threads", "4"]
        with (self.folder / "log.jsonl").open("ab") as log:
            self.server = subprocess.Popen(
                command, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self._wait()

    def kill_server(self) -> None:
        """Master and workers at once, without a chance to end anything."""
        assert self.server is not None
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()

    def lose_server(self, seconds: float) -> None:
        """Killed, and after so long started again."""
        self.kill_server()
        time.sleep(seconds)
        self.start()

    def lose_database(self, seconds: float) -> None:
        """Killed, and after so long recovering from its own log."""
        assert self.cluster is not None
        self.cluster.kill()
        time.sleep(seconds)
        self.cluster.recover()

    def stop(self) -> None:
        if self.server is not None and self.server.poll() is None:
            os.killpg(self.server.pid, signal.SIGTERM)
            self.server.wait(timeout=60)

    def asked(self, module: str, *arguments: str) -> Any:
        """What a module prints as JSON, asked in the settings of this room."""
        called = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(
            called, env=self.environment, cwd=REPOSITORY, check=True, stdout=subprocess.PIPE, timeout=600
        )
        return json.loads(done.stdout)

    def _wait(self) -> None:
        assert self.server is not None
        for _ in range(300):
            if self.server.poll() is not None:
                told = (self.folder / "log.jsonl").read_text(encoding="utf-8")
                raise RuntimeError(f"The room did not start: {told[-1000:]}")
            try:
                request = urllib.request.Request(
                    f"http://127.0.0.1:{self.port}/help/",
                    headers={"Host": "127.0.0.1", "X-Forwarded-Proto": "https"},
                )
                with urllib.request.urlopen(request, timeout=5):
                    return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError("The room did not answer within a minute.")


@contextmanager
def real_room(folder: Path, auditors: int, cases: int, on_postgresql: bool) -> Iterator[RealRoom]:
    """A room with so many auditors and cases, served until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    if not on_postgresql:
        yield from _served(folder, None, auditors, cases)
        return
    with running_cluster(folder / "cluster") as cluster:
        yield from _served(folder, cluster, auditors, cases)


def _served(folder: Path, cluster: Cluster | None, auditors: int, cases: int) -> Iterator[RealRoom]:
    room = RealRoom(folder, _environment(folder, cluster, RUNNER), _free_port(), cluster)
    owner = {**room.environment, **_database(folder, cluster, OWNER)}
    grants = ["--run-role", RUNNER] if cluster else []
    subprocess.run(
        [*COMMAND, "migrate", *grants], env=owner, check=True, stdout=subprocess.DEVNULL, timeout=300
    )
    room.people = room.asked("tests.review.load.real_room", str(auditors), str(cases))
    room.start()
    try:
        yield room
    finally:
        room.stop()


def _environment(folder: Path, cluster: Cluster | None, role: str) -> dict[str, str]:
    base = {name: value for name, value in os.environ.items() if not name.startswith("OPENCDI_REVIEW")}
    return {
        **base,
        "DJANGO_SETTINGS_MODULE": "opencdi.review.project.production",
        "OPENCDI_REVIEW_SECRET_KEY": new_secret(),
        "OPENCDI_REVIEW_SEALING_KEYS": new_key("first"),
        "OPENCDI_REVIEW_HOSTS": "127.0.0.1",
        "PYTHONPATH": str(REPOSITORY),
        **_database(folder, cluster, role),
    }


def _database(folder: Path, cluster: Cluster | None, role: str) -> dict[str, str]:
    if cluster is None:
        return {"OPENCDI_REVIEW_SQLITE": str(folder / "review.sqlite3")}
    return {"OPENCDI_REVIEW_DATABASE": cluster.address(role=role)}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


LINES = (
    "09:02 INFT STATES SHE WAS PUNCHED IN THE FACE BY A STRANGER OUTSIDE THE SHOP.",
    "09:04 SHE IS SAFE INSIDE THE SHOP NOW. MALE LEFT TOWARDS THE STATION, GREY HOODED TOP, ABOUT 25.",
    "09:31 OFFICER SPOKE TO HER. SHE SAYS HE ALSO TOOK HER TELEPHONE AND THREW IT IN THE ROAD.",
)
LOG = "\n".join(LINES * 8)
"""About two thousand characters, as a log of some length has."""


def fill(auditors: int, cases: int) -> list[dict[str, str]]:
    """People who can sign in, and a loaded sample that is assigned to them, each tenth read three times."""
    import django

    django.setup()
    from django.contrib.auth.hashers import make_password
    from tests.review.made_up import loaded, log, record, sample
    from tests.review.visitors import PASSWORD, SECRET, somebody

    from opencdi.review.people.models import Person
    from opencdi.review.policy import Role

    people = [somebody(Role.AUDITOR) for _ in range(auditors)]
    somebody(Role.ADJUDICATOR)
    Person.objects.update(password=make_password(PASSWORD))
    loaded(sample(*(log(number, record(number), text=LOG) for number in range(1, cases + 1))), "0.1")
    return [{"email": person.email, "password": PASSWORD, "secret": SECRET} for person in people]


if __name__ == "__main__":
    print(json.dumps(fill(int(sys.argv[1]), int(sys.argv[2]))))
