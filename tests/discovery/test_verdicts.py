"""What comes back from readers: worklists in either format, and a sentence for each that cannot be taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from opencdi.discovery import worklist
from opencdi.discovery.batches import next_batch
from opencdi.discovery.harm import harm_group, order_of
from opencdi.discovery.leads import Lead, control_sample, ranked
from opencdi.discovery.progress import progress
from opencdi.discovery.store import merged
from opencdi.discovery.verdicts import read_verdicts
from opencdi.errors import UserError

KNOWN = {"I1", "I2", "I3"}


def lead(number: int, probability: float, group: str = "other") -> Lead:
    return Lead(f"I{number}", 3, probability, group, "The log describes a theft.")


def written(tmp_path: Path, body: str) -> Path:
    path = tmp_path / "back.csv"
    path.write_text("Incident,Verdict (yours)\n" + body, encoding="utf-8")
    return path


def test_a_worklist_filled_in_comes_back(tmp_path: Path) -> None:
    assert read_verdicts(written(tmp_path, "I1,missing\nI2,Not missing\nI3,\n"), KNOWN) == {
        "I1": True,
        "I2": False,
    }


def test_a_workbook_filled_in_comes_back(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    sheet, _ = worklist.write(tmp_path, 1, [(1, lead(1, 0.9), "lead"), (2, lead(2, 0.8), "control")])
    book = load_workbook(sheet)
    book["Leads"]["H2"] = "missing"
    book.save(sheet)
    assert read_verdicts(sheet, KNOWN) == {"I1": True}


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("I9,missing\n", "no incident of that number"),
        ("I1,missing\nI1,not missing\n", "already has the other verdict"),
        ("I1,perhaps\n", "not a verdict"),
    ],
)
def test_a_verdict_that_cannot_be_taken_names_its_line(tmp_path: Path, body: str, sentence: str) -> None:
    with pytest.raises(UserError, match=f"line [23]: .*{sentence}"):
        read_verdicts(written(tmp_path, body), KNOWN)


def test_a_file_without_a_verdict_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "back.csv"
    path.write_text("Incident,Notes\nI1,x\n", encoding="utf-8")
    with pytest.raises(UserError, match="no column `Verdict"):
        read_verdicts(path, KNOWN)


def test_a_later_file_may_not_turn_a_verdict_round(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="another verdict"):
        merged({"I1": True}, {"I1": False}, tmp_path / "two.csv")


def test_the_same_batch_is_the_same_bytes(tmp_path: Path) -> None:
    chosen = [(1, lead(1, 0.9), "lead")]
    one, _ = worklist.write(tmp_path / "a", 1, chosen)
    two, _ = worklist.write(tmp_path / "b", 1, chosen)
    assert one.read_bytes() == two.read_bytes()


def test_harm_decides_among_equally_likely_leads_in_the_users_order() -> None:
    leads = [lead(1, 0.6), lead(2, 0.55, "stalking"), lead(3, 0.52, "rape"), lead(4, 0.1, "rape")]
    usual = [each.incident_id for each in ranked(leads, order_of([]))]
    own = [each.incident_id for each in ranked(leads, order_of(["stalking"]))]
    assert usual == ["I3", "I2", "I1", "I4"]
    assert own == ["I2", "I3", "I1", "I4"]


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
    order = [lead(number, 1 - number / 100) for number in range(1, 41)]
    control = {f"I{number}" for number in range(20, 40)}
    batch = next_batch(order, control, set(), 8)
    assert sum(purpose == "control" for _, _, purpose in batch) == 2
    assert {each.incident_id for _, each, purpose in batch if purpose == "lead"} == {
        f"I{n}" for n in range(1, 7)
    }


def test_reading_may_stop_once_the_control_positives_are_passed() -> None:
    order = [lead(number, 1 - number / 1_000) for number in range(1, 501)]
    control = {f"I{number}" for number in range(1, 501, 5)}
    missing = {f"I{number}" for number in range(1, 301)}
    read = {one: one in missing for one in control}
    assert not progress(order, control, read, 0.9, 0.95).may_stop
    read |= {each.incident_id: each.incident_id in missing for each in order[:300]}
    state = progress(order, control, read, 0.9, 0.95)
    assert state.may_stop
    assert state.remain_at_most is not None and state.remain_at_most < 20
