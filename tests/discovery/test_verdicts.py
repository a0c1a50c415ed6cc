"""What comes back from readers: worklists in either format, and a sentence for each that cannot be taken."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.discovery.orders import standing

from opencdi.discovery import worklist
from opencdi.discovery.batches import next_batch
from opencdi.discovery.harm import harm_group, order_of
from opencdi.discovery.leads import Lead, control_sample
from opencdi.discovery.progress import Progress, progress
from opencdi.discovery.store import Store
from opencdi.discovery.verdicts import SetAside, Verdict, returned
from opencdi.errors import UserError

KNOWN = {"I1", "I2", "I3"}


def lead(number: int, probability: float, group: str = "other") -> Lead:
    return Lead(f"I{number}", 3, probability, group, "The log describes a theft.")


def written(tmp_path: Path, body: str) -> Path:
    path = tmp_path / "back.csv"
    path.write_text("Incident,Verdict (yours)\n" + body, encoding="utf-8")
    return path


def test_a_worklist_filled_in_comes_back(tmp_path: Path) -> None:
    back = returned(written(tmp_path, "I1,missing\nI2,Not missing\nI3,\n"), KNOWN, {})
    assert back.verdicts == {"I1": True, "I2": False}
    assert (back.rows, back.taken, back.empty, back.set_aside) == (3, 2, 1, ())


def test_a_workbook_filled_in_comes_back(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    sheet, _ = worklist.write(tmp_path, 1, [(1, lead(1, 0.9), "lead"), (2, lead(2, 0.8), "control")])
    book = load_workbook(sheet)
    headings = [cell.value for cell in book["Leads"][1]]
    book["Leads"].cell(2, headings.index("Verdict (yours)") + 1, "missing")
    book.save(sheet)
    assert returned(sheet, KNOWN, {}).verdicts == {"I1": True}


@pytest.mark.parametrize(
    ("body", "lines", "sentence"),
    [
        ("I9,missing\nI2,missing\n", [2], "no incident of that number"),
        ("I1,missing\nI1,not missing\nI2,missing\n", [2, 3], "two verdicts on this incident"),
        ("I1,perhaps\nI2,missing\n", [2], "not a verdict"),
        ("I3,missing\nI2,missing\n", [2], "an earlier file holds another verdict"),
    ],
)
def test_a_row_that_cannot_be_taken_is_set_aside_with_its_line_and_the_others_are_taken(
    tmp_path: Path, body: str, lines: list[int], sentence: str
) -> None:
    back = returned(written(tmp_path, body), KNOWN, {"I3": False})
    assert [one.line for one in back.set_aside] == lines
    assert all(sentence in one.reason for one in back.set_aside)
    assert back.verdicts == {"I2": True}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["I1", "I2", "I3", "I9", ""]),
            st.sampled_from(["missing", "not missing", "Cannot tell", "", "perhaps", "YES", "no_error"]),
        ),
        max_size=12,
    )
)
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_row_is_counted_once_whatever_a_file_holds(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    path = written(tmp_path, "".join(f"{incident},{words}\n" for incident, words in rows))
    back = returned(path, KNOWN, {"I1": True})
    assert back.rows == len(rows)
    assert back.taken + back.empty + len(back.set_aside) == back.rows
    assert set(back.verdicts) <= KNOWN
    assert back.verdicts.get("I1", True) is True


def test_of_a_crime_a_row_one_missing_crime_makes_the_incident_missing(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.csv"
    path.write_text(
        "incident_id,required_no,verdict,known_verdict\n"
        "I1,1,correct,\nI1,2,missing,\nI2,1,late,\nI2,2,cannot_tell,\nK1,1,missing,missing\n",
        encoding="utf-8",
    )
    back = returned(path, KNOWN, {})
    assert back.verdicts == {"I1": True, "I2": None}
    assert (back.rows, back.taken, back.known_cases, back.set_aside) == (5, 4, 1, ())


def test_a_file_without_a_verdict_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "back.csv"
    path.write_text("Incident,Notes\nI1,x\n", encoding="utf-8")
    with pytest.raises(UserError, match="no column `Verdict"):
        returned(path, KNOWN, {})


def test_the_line_ends_of_old_macintoshes_are_read_and_a_mixture_is_refused_with_a_sentence(
    tmp_path: Path,
) -> None:
    path = tmp_path / "back.csv"
    path.write_bytes(b"Incident,Verdict (yours)\rI1,missing\rI2,not missing\r")
    assert returned(path, KNOWN, {}).verdicts == {"I1": True, "I2": False}
    path.write_bytes(b"Incident,Verdict (yours)\rI1,missing\nI2,not missing\n")
    with pytest.raises(UserError, match="one kind of line end"):
        returned(path, KNOWN, {})


def test_verdicts_and_rows_set_aside_are_kept_each_once(tmp_path: Path) -> None:
    store = Store(tmp_path / "discovery")
    held = {"I1": True, "I2": False, "I3": None}
    store.keep(held)
    assert store.verdicts() == held
    row = SetAside("back.csv", 2, "I9", "no incident")
    store.keep_set_aside([row])
    store.keep_set_aside([row, SetAside("back.csv", 3, "I8", "no incident")])
    assert len((store.folder / "set-aside.csv").read_text(encoding="utf-8").splitlines()) == 3


def test_a_worklist_that_was_deleted_does_not_make_the_next_one_overwrite_another(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for number in (1, 2):
        worklist.write(tmp_path, number, [(1, lead(number, 0.9), "lead")])
    (tmp_path / "batch-0001.csv").unlink()
    assert store.next_batch() == 3
    assert store.handed_out() == {"I2": 2}


def test_the_same_batch_is_the_same_bytes(tmp_path: Path) -> None:
    chosen = [(1, lead(1, 0.9), "lead")]
    one, _ = worklist.write(tmp_path / "a", 1, chosen)
    two, _ = worklist.write(tmp_path / "b", 1, chosen)
    assert one.read_bytes() == two.read_bytes()


def test_an_unknown_harm_group_is_refused() -> None:
    with pytest.raises(UserError, match="no harm group"):
        order_of(["arson"])


def test_rape_outranks_domestic_abuse_in_one_incident() -> None:
    assert harm_group(["105A", "19C"], ["domestic_abuse"], None) == "rape"
    assert harm_group(["105A"], ["domestic_abuse"], None) == "domestic_abuse"
    assert harm_group(["49"], [], 12) == "child"


def test_the_control_sample_is_the_same_for_the_same_seed_and_nested_by_size() -> None:
    ids = [f"I{number}" for number in range(500)]
    assert control_sample(ids, 50, "a") < control_sample(ids, 80, "a")
    assert control_sample(ids, 50, "a") != control_sample(ids, 50, "b")


def test_a_batch_holds_leads_from_the_top_and_a_share_of_the_control_sample() -> None:
    order = [(number, lead(number, 1 - number / 100)) for number in range(1, 41)]
    batch = next_batch(order[:8], order[19:39], 8)
    assert [purpose for _, _, purpose in batch] == ["lead"] * 6 + ["control"] * 2
    assert [each.incident_id for _, each, _ in batch] == [*(f"I{n}" for n in range(1, 7)), "I20", "I21"]


def progress_of(
    order: list[Lead], control: set[str], verdicts: dict[str, Verdict], target: float, confidence: float
) -> Progress:
    return progress(standing(order, control, verdicts), control, verdicts, target, confidence)


def test_reading_may_stop_once_the_control_positives_are_passed() -> None:
    order = [lead(number, 1 - number / 1_000) for number in range(1, 501)]
    control = {f"I{number}" for number in range(1, 501, 5)}
    missing = {f"I{number}" for number in range(1, 301)}
    read = {one: one in missing for one in control}
    assert not progress_of(order, control, read, 0.9, 0.95).may_stop
    read |= {each.incident_id: each.incident_id in missing for each in order[:300]}
    state = progress_of(order, control, read, 0.9, 0.95)
    assert state.may_stop
    assert state.remain_at_most is not None and state.remain_at_most < 20


def test_reading_goes_on_past_what_nobody_could_tell_and_the_bound_counts_it_as_missing() -> None:
    order = [lead(number, 1 - number / 1_000) for number in range(1, 101)]
    control = {"I50", "I90"}
    read = {"I1": True, "I2": None, "I50": False}
    clear = progress_of(order, control, {**read, "I90": False}, 0.9, 0.95)
    state = progress_of(order, control, {**read, "I90": None}, 0.9, 0.95)
    assert (state.depth, state.untold, state.control_read) == (2, 2, 2)
    assert state.remain_at_most is not None and clear.remain_at_most is not None
    assert state.remain_at_most > clear.remain_at_most
