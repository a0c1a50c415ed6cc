"""A PostgreSQL of one's own: a fresh cluster in a folder, on a socket there, ended afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

OWNER = "room_owner"
RUNNER = "room_runner"


@dataclass
class Cluster:
    """A running cluster."""

    folder: Path
    tools: Path
    process: subprocess.Popen[bytes]
    settings: tuple[str, ...] = ()

    def address(self, database: str = "review", role: str = OWNER) -> str:
        return f"postgresql://{role}@/{database}?host={self.folder / 'socket'}"

    def sql(self, statement: str, database: str = "postgres", role: str = "postgres") -> str:
        """One statement as a role; what it answers. Raises CalledProcessError where it is refused."""
        asked = [
            str(self.tools / "psql"),
            "-qAtX",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            str(self.folder / "socket"),
        ]
        asked += ["-U", role, "-d", database, "-c", statement]
        return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()

    def kill(self) -> None:
        """Every process of it at one blow, as when the machine is switched off under them."""
        postmaster = self.process.pid
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for process in (postmaster, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.process.wait()

    def recover(self) -> None:
        """Starts it again after ``kill``: it goes through its log and answers."""
        self.process = _serve(self.folder, self.tools, self.settings)
        _wait(self)


def tools() -> Path | None:
    """The folder of the newest PostgreSQL programs here, 15 or later; None where there is none."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    able = [path for path in found if int(path.parent.name) >= 15]
    return max(able, key=lambda path: int(path.parent.name), default=None)


FORGETFUL = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
"""For a cluster whose data nobody wants after a power cut."""


@contextmanager
def own_cluster() -> Iterator[Cluster]:
    """A cluster in a folder of its own that is gone afterwards.

    Not among pytest's folders: pytest shuts those to everybody else whenever another run begins, and the
    account that PostgreSQL runs as must reach them.
    """
    with (
        tempfile.TemporaryDirectory(prefix="cluster-", ignore_cleanup_errors=True) as folder,
        running_cluster(Path(folder), *FORGETFUL) as running,
    ):
        yield running


@contextmanager
def running_cluster(folder: Path, *settings: str) -> Iterator[Cluster]:
    """Starts a cluster in an empty folder with an owner of tables and a runner that owns nothing.

    ``settings`` are added to the server's command. PostgreSQL refuses to run as root, so root hands the
    folder to Debian's own account for it.
    """
    programs = tools()
    assert programs is not None
    (folder / "socket").mkdir(parents=True)
    _hand_over(folder)
    as_account = _as_account()
    data = folder / "data"
    initdb = [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    subprocess.run([*as_account, *initdb, "--no-sync"], check=True, stdout=subprocess.DEVNULL)
    cluster = Cluster(folder, programs, _serve(folder, programs, settings), settings)
    try:
        _wait(cluster)
        cluster.sql(f"CREATE ROLE {OWNER} LOGIN CREATEDB")
        cluster.sql(f"CREATE ROLE {RUNNER} LOGIN")
        cluster.sql(f"CREATE DATABASE review OWNER {OWNER}")
        yield cluster
    finally:
        cluster.process.terminate()
        cluster.process.wait(timeout=60)


def _serve(folder: Path, programs: Path, settings: tuple[str, ...]) -> subprocess.Popen[bytes]:
    command = [str(programs / "postgres"), "-D", str(folder / "data"), "-k", str(folder / "socket")]
    command += ["-h", "", *settings]
    return subprocess.Popen([*_as_account(), *command], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def _hand_over(folder: Path) -> None:
    """Root gives the folder to Debian's own account for PostgreSQL, and the way to it."""
    if os.getuid() != 0:
        return
    for path in (folder, folder / "socket"):
        shutil.chown(path, "postgres", "postgres")
    for parent in folder.parents:
        if parent.stat().st_mode & 0o001 == 0:
            parent.chmod(parent.stat().st_mode | 0o011)


def _as_account() -> list[str]:
    """What to put before a command so that it runs as somebody PostgreSQL accepts."""
    account = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
    return account if os.getuid() == 0 else []


def _wait(cluster: Cluster) -> None:
    asked = [str(cluster.tools / "pg_isready"), "-q", "-h", str(cluster.folder / "socket"), "-t", "30"]
    for _ in range(100):
        if subprocess.run(asked, check=False).returncode == 0:
            return
        if cluster.process.poll() is not None:
            break
        subprocess.run(["sleep", "0.2"], check=True)
    raise RuntimeError("PostgreSQL did not start.")
