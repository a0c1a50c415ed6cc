"""The folder of an audit: steps run once, redo what changed, and survive being killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pytest

from opencdi import ledger, schema
from opencdi.engine import Engine, Relation, batch_of
from opencdi.errors import UserError
from opencdi.settings import Audit
from opencdi.storage import HashBook, replace_documents
from opencdi.workspace import Published, Relations, Step, Workspace, file_hash

AUDIT_TOML = """\
force = "Testshire"
[[exports]]
table = "incidents"
files = ["incidents.csv"]
profile = "profile.toml"
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "audit.toml").write_text(AUDIT_TOML)
    (tmp_path / "incidents.csv").write_text("one,two\n")
    return Workspace.open(tmp_path)


def read_links(workspace: Workspace, engine: Engine, _: Relations) -> Mapping[str, Relation]:
    words = (workspace.root / "incidents.csv").read_text().strip().split(",")
    rows = [{"crime_id": word, "link_class": "none", "candidates": 0} for word in words]
    return {"links": engine.from_batches(schema.LINKS, [batch_of(schema.LINKS, rows)])}


def write_page(_: Workspace, __: Engine, tables: Relations, folder: Path, before: Published) -> Published:
    """The count is written each time, the page about the force once."""
    (folder / "index.html").write_text(f"{tables['links'].count()} crimes")
    (folder / "worklist.txt").write_text("to read")
    left = {"about.html"} & set(before.left)
    if not left:
        (folder / "about.html").write_text("Midshire")
    return Published(left, {})


READ = Step(
    name="read",
    inputs=(),
    outputs=("links",),
    settings=lambda workspace: {"force": workspace.audit.force},
    files=lambda workspace: [workspace.root / "incidents.csv"],
    compute=read_links,
)
REPORT = Step(
    name="report",
    inputs=("links",),
    outputs=(),
    settings=lambda _: {},
    publish=write_page,
    folder="report",
)


def run_all(workspace: Workspace) -> None:
    with workspace.locked():
        workspace.run(READ)
        workspace.run(REPORT)


def test_a_table_is_opened_once_it_is_asked_for_and_missed_before(workspace: Workspace) -> None:
    run_all(workspace)
    with workspace.engine() as engine:
        tables = workspace.opened_when_asked(engine, ("links",))
        assert list(tables) == ["links"]
        with pytest.raises(duckdb.CatalogException):
            engine.rows("select * from links")
        assert len(engine.rows(f"select * from {tables['links'].name}")) == 2
        assert tables["links"] is tables["links"]
        with pytest.raises(UserError, match="has no table `crimes` yet"):
            workspace.opened_when_asked(engine, ("links", "crimes"))


def test_a_step_whose_inputs_are_as_they_were_does_nothing(workspace: Workspace) -> None:
    run_all(workspace)
    written = workspace.table("links").stat().st_mtime_ns
    run_all(workspace)
    assert workspace.table("links").stat().st_mtime_ns == written
    assert [entry.kind for entry in ledger.entries(workspace.ledger)] == ["step:read", "step:report"]


def test_a_changed_export_makes_what_depends_on_it_stale_and_is_redone(workspace: Workspace) -> None:
    run_all(workspace)
    (workspace.root / "incidents.csv").write_text("one,two,three\n")
    assert workspace.state(READ).state == "stale"
    run_all(workspace)
    assert workspace.state(READ).rows == {"links": 3}
    assert (workspace.report / "index.html").read_text() == "3 crimes"


def test_changed_settings_make_a_step_stale(workspace: Workspace) -> None:
    run_all(workspace)
    values = {**workspace.audit.model_dump(), "force": "Elsewhere"}
    other = Workspace(workspace.root, Audit.model_validate(values))
    assert other.state(READ).state == "stale"


def test_a_table_that_was_touched_by_hand_is_made_again(workspace: Workspace) -> None:
    run_all(workspace)
    before = file_hash(workspace.table("links"))
    workspace.table("links").write_bytes(b"not a table")
    assert workspace.state(READ).state == "missing"
    run_all(workspace)
    assert file_hash(workspace.table("links")) == before


@pytest.mark.parametrize("spoiled", ["", "{", "[]", "{}", "null", '{"links": 1}'])
def test_what_is_kept_of_steps_counts_as_lost_where_it_is_spoiled(workspace: Workspace, spoiled: str) -> None:
    run_all(workspace)
    table = file_hash(workspace.table("links"))
    for page in (workspace.tables / ".steps").glob("*.json"):
        page.write_text(spoiled)
    again = Workspace.open(workspace.root)
    assert again.state(READ).state == "missing"
    run_all(again)
    assert [again.state(step).state for step in (READ, REPORT)] == ["done", "done"]
    assert file_hash(again.table("links")) == table


def test_what_a_step_kept_is_asked_for_in_a_sentence_before_it_is_done(workspace: Workspace) -> None:
    with pytest.raises(UserError, match="`read` is not done yet"):
        workspace.notes("read")


def test_a_document_that_still_stands_is_left_and_one_that_a_person_changed_is_made_again(
    workspace: Workspace,
) -> None:
    run_all(workspace)
    page = workspace.report / "about.html"
    written = page.stat().st_mtime_ns
    (workspace.root / "incidents.csv").write_text("one\n")
    run_all(workspace)
    assert (page.stat().st_mtime_ns, page.read_text()) == (written, "Midshire")
    page.write_text("Midshire, as I see it")
    (workspace.root / "incidents.csv").write_text("one,two,three\n")
    run_all(workspace)
    assert page.read_text() == "Midshire"
    assert [path.read_text() for path in workspace.report.glob("about-changed-*")] == [
        "Midshire, as I see it"
    ]


def test_a_document_that_a_person_changed_is_kept_beside_the_new_one(workspace: Workspace) -> None:
    run_all(workspace)
    (workspace.report / "worklist.txt").write_text("read, with verdicts")
    (workspace.root / "incidents.csv").write_text("one\n")
    run_all(workspace)
    kept = [path for path in workspace.report.iterdir() if "changed" in path.name]
    assert [path.read_text() for path in kept] == ["read, with verdicts"]
    assert (workspace.report / "worklist.txt").read_text() == "to read"


def test_a_workbook_that_nothing_is_known_of_is_kept_beside_the_new_one(tmp_path: Path) -> None:
    fresh, report = tmp_path / "fresh", tmp_path / "report"
    for folder, words in ((fresh, "to read"), (report, "read, with verdicts")):
        folder.mkdir()
        (folder / "worklist.xlsx").write_text(words)
        (folder / "index.html").write_text(words)
    replace_documents(fresh, report, {}, (), (), HashBook(tmp_path / "hashes.json"))
    assert {path.read_text() for path in report.glob("worklist-changed-*.xlsx")} == {"read, with verdicts"}
    assert (report / "worklist.xlsx").read_text() == "to read"
    assert not list(report.glob("index-changed-*"))


def test_documents_that_a_killed_run_had_moved_are_not_taken_for_a_persons(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_all(workspace)
    (workspace.root / "incidents.csv").write_text("one\n")
    with monkeypatch.context() as killed:
        killed.setattr(Workspace, "_write_down", _killed_at_the_report)
        with pytest.raises(KeyboardInterrupt):
            run_all(workspace)
    run_all(Workspace.open(workspace.root))
    names = {path.name for path in workspace.report.iterdir()}
    assert names == {"index.html", "worklist.txt", "about.html"}
    assert (workspace.report / "index.html").read_text() == "1 crimes"


_write_down = Workspace._write_down


def _killed_at_the_report(workspace: Workspace, step: Step, record: Mapping[str, object]) -> None:
    if step.name == "report":
        raise KeyboardInterrupt
    _write_down(workspace, step, record)


def test_a_failed_step_leaves_the_old_tables_as_they_were(workspace: Workspace) -> None:
    run_all(workspace)
    before = file_hash(workspace.table("links"))
    (workspace.root / "incidents.csv").write_text("changed\n")

    def fail(*_: object) -> Mapping[str, Relation]:
        raise UserError("no")

    broken = Step(READ.name, READ.inputs, READ.outputs, READ.settings, READ.files, compute=fail)
    with pytest.raises(UserError, match="no"):
        workspace.run(broken)
    assert file_hash(workspace.table("links")) == before


def test_a_second_run_on_the_same_folder_says_so_and_stops(workspace: Workspace) -> None:
    with (
        workspace.locked(),
        pytest.raises(UserError, match="Another run is working"),
        Workspace.open(workspace.root).locked(),
    ):
        pass


def test_a_table_that_is_not_there_yet_is_asked_for_in_a_sentence(workspace: Workspace) -> None:
    with workspace.engine() as engine, pytest.raises(UserError, match="no table `links` yet"):
        workspace.opened(engine, ["links"])


def test_a_full_disk_is_a_sentence_and_leaves_the_tables(workspace: Workspace) -> None:
    run_all(workspace)
    (workspace.root / "incidents.csv").write_text("changed\n")

    def fill(*_: object) -> Mapping[str, Relation]:
        with Path("/dev/full").open("w") as full:
            full.write("x")
        return {}

    broken = Step(READ.name, READ.inputs, READ.outputs, READ.settings, READ.files, compute=fill)
    with pytest.raises(UserError, match="The disk that holds"):
        workspace.run(broken)
    assert workspace.table("links").exists()


def test_a_file_where_a_folder_should_be_is_a_sentence(workspace: Workspace) -> None:
    (workspace.root / "report").write_text("a note")
    with pytest.raises(UserError, match="report is a file where a folder of the audit belongs"):
        run_all(workspace)


def test_a_folder_that_cannot_be_written_to_is_a_sentence(workspace: Workspace) -> None:
    if os.geteuid() == 0:
        pytest.skip("The superuser may write anywhere, so this cannot be seen here.")
    workspace.root.chmod(0o500)
    try:
        with pytest.raises(UserError, match="cannot be written to"):
            run_all(workspace)
    finally:
        workspace.root.chmod(0o700)


KILLED = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    sys.path.insert(0, {folder!r})
    from test_workspace import READ, REPORT, run_all
    from opencdi.workspace import Workspace
    print("ready", flush=True)
    run_all(Workspace.open(Path({root!r})))
    """
)


@pytest.mark.slow
def test_a_run_killed_at_any_moment_ends_in_the_same_bytes_when_run_again(
    workspace: Workspace, tmp_path: Path
) -> None:
    (workspace.root / "incidents.csv").write_text(",".join(str(number) for number in range(50_000)))
    run_all(workspace)
    expected = {path.name: file_hash(path) for path in _results(workspace)}
    script = KILLED.format(folder=str(Path(__file__).parent), root=str(workspace.root))
    for delay in (0.0, 0.02, 0.05, 0.08, 0.12, 0.2, 0.3):
        for path in _results(workspace):
            path.unlink()
        process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        run_all(workspace)
        assert {path.name: file_hash(path) for path in _results(workspace)} == expected
        assert ledger.verify(workspace.ledger) == []


def _results(workspace: Workspace) -> list[Path]:
    return [workspace.table("links"), *sorted(workspace.report.iterdir())]
