"""Exports that are tables of a real PostgreSQL: fetched read-only, as of one moment, then read as files."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from csv import reader
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from opencdi.errors import UserError
from opencdi.records.database import Address, address, fetch

_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) if os.name == "posix" else []
KEEPER, AUDITOR, STRANGER = "keeper", "auditor", "stranger"
PASSWORDS = {KEEPER: "open sesame", AUDITOR: "only to read", STRANGER: "nothing at all"}


@dataclass(frozen=True)
class Server:
    """A PostgreSQL of this test run, with the database ``force``."""

    port: int

    def at(self, user: str, what: str = "incidents") -> Address:
        return address(f"postgres://{user}@127.0.0.1:{self.port}/force#{what}")

    def run(self, sql: str) -> None:
        import psycopg

        with psycopg.connect(
            f"postgres://{KEEPER}@127.0.0.1:{self.port}/force", password=PASSWORDS[KEEPER], autocommit=True
        ) as connection:
            connection.execute(sql.encode())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own in a folder of its own, started as a user who is not the superuser."""
    if not _PROGRAMS:
        pytest.skip("PostgreSQL's server is not installed (apt-get install postgresql).")
    programs = _PROGRAMS[-1].parent
    home = Path("/tmp") / f"opencdi-postgres-{os.getpid()}"
    home.mkdir(mode=0o700)
    as_user = ["runuser", "-u", "nobody", "--"] if os.getuid() == 0 else []
    if as_user:
        shutil.chown(home, "nobody")
    secret = home / "password"
    secret.write_text(PASSWORDS[KEEPER])
    secret.chmod(0o644)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    make = [programs / "initdb", "-D", home / "data", "-U", KEEPER, "-A", "scram-sha-256"]
    subprocess.run(
        [*as_user, *make, f"--pwfile={secret}", "-E", "UTF8"], check=True, stdout=subprocess.DEVNULL, cwd="/"
    )
    settings = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={home} -c fsync=off"
    control = [*as_user, programs / "pg_ctl", "-D", home / "data", "-w", "-l", home / "log"]
    subprocess.run([*control, "-o", settings, "start"], check=True, stdout=subprocess.DEVNULL, cwd="/")
    try:
        running = Server(port)
        _fill(running)
        yield running
    finally:
        stop = [*control, "-m", "immediate", "stop"]
        subprocess.run(stop, check=False, stdout=subprocess.DEVNULL, cwd="/")
        shutil.rmtree(home, ignore_errors=True)


def _fill(server: Server) -> None:
    import psycopg

    with psycopg.connect(
        f"postgres://{KEEPER}@127.0.0.1:{server.port}/postgres", password=PASSWORDS[KEEPER], autocommit=True
    ) as connection:
        connection.execute("create database force")
    for user in (AUDITOR, STRANGER):
        server.run(f"create role {user} login password '{PASSWORDS[user]}'")
    server.run(
        "create table incidents (number text primary key, reported timestamptz, logged timestamp, day date,"
        " score double precision, urgent boolean, note text)"
    )
    server.run(
        "insert into incidents values"
        " ('00002', '2026-06-01 01:30:00+01', '2026-06-01 01:30:00', '2026-06-01', 0.1, true, null),"
        " ('00001', '2026-01-01 00:00:00.5+00', 'infinity', null, null, false, '')"
    )
    server.run("create schema duty; create table duty.crimes (a text, b text)")
    server.run("insert into duty.crimes values ('said \"no\", then left', e'two\\nlines'), ('é€', ',')")
    server.run(f"grant select on incidents to {AUDITOR}; grant usage on schema duty to {AUDITOR}")
    server.run(f"grant select on duty.crimes to {AUDITOR}")


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORDS[AUDITOR])


def _rows(server: Server, what: str, root: Path) -> list[dict[str, str | None]]:
    asked = server.at(AUDITOR, what)
    fetch([asked], root)
    rows: list[dict[str, str | None]] = pq.read_table(asked.snapshot(root)).to_pylist()
    return rows


def test_every_type_comes_as_text_and_instants_in_iso_8601(server: Server, tmp_path: Path) -> None:
    first, second = _rows(server, "incidents", tmp_path)
    assert second == {
        "number": "00002",
        "reported": "2026-06-01T00:30:00.000000+00:00",
        "logged": "2026-06-01T01:30:00.000000",
        "day": "2026-06-01",
        "score": "0.1",
        "urgent": "true",
        "note": None,
    }
    assert (first["number"], first["logged"], first["note"]) == ("00001", "infinity", "")


def test_quotes_commas_line_breaks_and_accents_survive(server: Server, tmp_path: Path) -> None:
    rows = _rows(server, "duty.crimes", tmp_path)
    assert {tuple(row.values()) for row in rows} == {('said "no", then left', "two\nlines"), ("é€", ",")}


def test_a_query_kept_in_a_file_is_an_export(server: Server, tmp_path: Path) -> None:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "urgent.sql").write_text("select number from incidents -- 100 %\nwhere urgent;\n")
    assert _rows(server, "queries/urgent.sql", tmp_path) == [{"number": "00002"}]


def test_the_same_content_gives_the_same_bytes_and_other_content_others(
    server: Server, tmp_path: Path
) -> None:
    path = server.at(AUDITOR, "duty.crimes").snapshot(tmp_path)
    contents = []
    for change in (
        "",
        "",
        "insert into duty.crimes values ('c', 'd')",
        "delete from duty.crimes where a = 'c'",
    ):
        if change:
            server.run(change)
        _rows(server, "duty.crimes", tmp_path)
        contents.append(path.read_bytes())
    assert contents[0] == contents[1] == contents[3] != contents[2]


def test_of_a_table_that_says_when_a_row_was_changed_only_the_changes_are_fetched(
    server: Server, tmp_path: Path
) -> None:
    server.run("create table told (number text primary key, note text, at timestamptz)")
    server.run(f"grant select on told to {AUDITOR}")
    values = "('1', 'old', '2026-06-01 10:00+00'), ('2', 'old', '2026-06-01 12:00+00'), ('3', 'none', null)"
    server.run(f"insert into told values {values}")
    told = server.at(AUDITOR, "told@at")
    later = "('4', 'late', '2026-06-02 08:30+00'), ('5', 'missed', '2026-06-02 07:00+00')"
    changes = (
        "",
        "",
        "update told set note = 'new', at = '2026-06-02 09:00+00' where number = '1'",
        f"insert into told values {later}",
    )
    for change in changes:
        if change:
            server.run(change)
        fetch([told], tmp_path)
    held = [[row["number"] for row in pq.read_table(path).to_pylist()] for path in told.snapshots(tmp_path)]
    assert held == [["1", "2", "3"], ["1"], ["4"]]
    server.run("alter table told add column unit text")
    fetch([told], tmp_path)
    assert [pq.read_metadata(path).num_rows for path in told.snapshots(tmp_path)] == [5]


@pytest.mark.parametrize("column", ["nothing", "note"])
def test_a_column_that_cannot_say_when_a_row_was_changed_is_a_sentence(
    server: Server, tmp_path: Path, column: str
) -> None:
    with pytest.raises(UserError, match=f"no column {column} of timestamps"):
        fetch([server.at(AUDITOR, f"incidents@{column}")], tmp_path)


def test_a_table_of_no_rows_keeps_its_columns(server: Server, tmp_path: Path) -> None:
    server.run("create table quiet (number text); grant select on quiet to auditor")
    _rows(server, "quiet", tmp_path)
    assert pq.read_schema(server.at(AUDITOR, "quiet").snapshot(tmp_path)).names == ["number"]


def test_a_query_that_would_write_is_refused(server: Server, tmp_path: Path) -> None:
    server.run(
        "create function meddle() returns text language sql as $$ delete from incidents; select '1' $$"
    )
    server.run("alter function meddle() security definer")
    (tmp_path / "meddle.sql").write_text("select meddle() as number")
    with pytest.raises(UserError, match="An export must only read"):
        _rows(server, "meddle.sql", tmp_path)


@pytest.mark.parametrize(
    ("user", "what", "sentence"),
    [
        (AUDITOR, "no_such_table", "has no table no_such_table"),
        (AUDITOR, "nowhere.incidents", "has no table nowhere.incidents"),
        (AUDITOR, "missing.sql", "There is no query missing.sql"),
        (AUDITOR, "wrong.sql", "cannot run wrong.sql"),
        (STRANGER, "incidents", "may not read incidents"),
        ("nobody_known", "incidents", "does not let you in"),
    ],
)
def test_bad_input_is_a_sentence(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: str, what: str, sentence: str
) -> None:
    (tmp_path / "wrong.sql").write_text("selekt everything")
    monkeypatch.setenv("PGPASSWORD", PASSWORDS.get(user, ""))
    with pytest.raises(UserError, match=sentence):
        fetch([server.at(user, what)], tmp_path)
    assert not list(tmp_path.rglob("*.parquet"))


def test_a_wrong_password_is_a_sentence_that_does_not_repeat_it(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", "guessed")
    with pytest.raises(UserError, match="password is missing or wrong") as caught:
        fetch([server.at(AUDITOR)], tmp_path)
    assert "guessed" not in str(caught.value)


def test_no_server_is_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(UserError, match="No database answers"):
        fetch([address(f"postgres://auditor@127.0.0.1:{port}/force#incidents")], tmp_path)


@pytest.mark.parametrize(
    "written",
    ["postgres://auditor:secret@server/force#incidents", "postgres://server/force?password=secret#incidents"],
)
def test_a_password_in_an_address_is_refused_and_not_repeated(written: str) -> None:
    with pytest.raises(UserError, match="PGPASSWORD") as caught:
        address(written)
    assert "secret" not in str(caught.value)


def test_an_address_without_a_table_says_how_to_write_one() -> None:
    with pytest.raises(UserError, match="names no table"):
        address("postgres://server/force")


def _loaded(server: Server, csv: Path, table: str) -> None:
    """A CSV file as a table of text columns."""
    import psycopg

    with csv.open(encoding="utf-8-sig", newline="") as file:
        headings = next(reader(file))
    columns = ", ".join(f'"{heading}" text' for heading in headings)
    server.run(f"create table {table} ({columns}); grant select on {table} to {AUDITOR}")
    where = f"postgres://{KEEPER}@127.0.0.1:{server.port}/force"
    with (
        psycopg.connect(where, password=PASSWORDS[KEEPER]) as connection,
        connection.cursor().copy(f"copy {table} from stdin (format csv, header true)".encode()) as copied,
    ):
        copied.write(csv.read_bytes().removeprefix(b"\xef\xbb\xbf"))


def _tables(audit: Path) -> dict[str, list[dict[str, object]]]:
    """The rows read, without where they stood in their export."""
    rows = {}
    for name in ("incidents", "crimes", "parties"):
        table = pq.read_table(audit / "tables" / name)
        kept = [column for column in table.column_names if not column.startswith("source_")]
        rows[name] = sorted(table.select(kept).to_pylist(), key=str)
    return rows


def test_an_audit_of_tables_is_the_audit_of_the_same_files_and_a_second_run_does_nothing(
    server: Server, tmp_path: Path
) -> None:
    def opencdi(*arguments: str) -> None:
        program = Path(sys.executable).with_name("opencdi")
        subprocess.run([program, *arguments], check=True, stdout=subprocess.DEVNULL)

    opencdi("simulate", str(tmp_path / "force"), "--incidents", "300", "--seed", "5")
    named = []
    for name in ("incidents", "crimes"):
        csv = tmp_path / "force" / "exports" / f"{name}.csv"
        _loaded(server, csv, f"exported_{name}")
        address_of = server.at(AUDITOR, f"exported_{name}").text
        named.append((name, {"from_files": str(csv), "from_tables": address_of}))
    for audit in ("from_files", "from_tables"):
        exports = [part for name, given in named for part in (f"--{name}", given[audit])]
        opencdi("init", str(tmp_path / audit), *exports, "--force", "Thamesmere")
        opencdi("audit", str(tmp_path / audit), "--to", "read")
    assert _tables(tmp_path / "from_files") == _tables(tmp_path / "from_tables")

    ledger = (tmp_path / "from_tables" / "ledger.jsonl").read_text()
    opencdi("audit", str(tmp_path / "from_tables"), "--to", "read")
    assert (tmp_path / "from_tables" / "ledger.jsonl").read_text() == ledger
    for path in tmp_path.joinpath("from_tables").rglob("*"):
        assert not path.is_file() or PASSWORDS[AUDITOR].encode() not in path.read_bytes()
