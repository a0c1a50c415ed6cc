"""What whoever runs discovery is told, in plain sentences."""

from __future__ import annotations

from tests.discovery.orders import standing

from opencdi.discovery import telling
from opencdi.discovery.calibration import Confidence
from opencdi.discovery.leads import Lead
from opencdi.discovery.progress import progress
from opencdi.discovery.training import Learned
from opencdi.discovery.verdicts import Returned, SetAside

ORDER = [Lead(f"I{number}", 3, 1 - number / 100, "other", "x") for number in range(1, 51)]


def said(verdicts: dict[str, bool | None], control: set[str], learned: Learned | None = None) -> str:
    state = progress(standing(ORDER, control, verdicts), control, verdicts, 0.9, 0.95)
    return "\n".join(telling.sentences(state, 0.9, 0.95, learned or Learned(None, None, 0.9)))


def test_each_row_set_aside_is_told_and_of_many_the_first_few() -> None:
    aside = tuple(SetAside("back.csv", line, "I9", "the audit has no incident") for line in range(2, 10))
    lines = telling.back([Returned("back.csv", 20, 3, 1, aside, {"I1": True})])
    assert lines[0] == (
        "back.csv: 20 rows = 8 with a verdict + 3 left empty + 1 known cases of the review + 8 set aside."
    )
    assert lines[1] == "  line 2: the audit has no incident"
    assert len(lines) == 7 and lines[-1].startswith("  3 more rows were set aside")


def test_worklists_without_an_answer_are_named_and_how_to_hand_them_out_again() -> None:
    lines = telling.outstanding({"I1": 1, "I2": 1, "I3": 2}, {"I1": None})
    assert len(lines) == 1 and "1 (1), 2 (1)" in lines[0] and "delete its files" in lines[0]
    assert telling.outstanding({"I1": 1}, {"I1": False}) == []


def test_without_a_control_sample_nothing_is_promised() -> None:
    assert "nothing can be promised" in said({"I1": True}, set())


def test_a_bound_waits_for_the_whole_control_sample() -> None:
    assert "1 of the 2 control incidents are read" in said({"I1": True}, {"I1", "I2"})
    assert "At most" in said({"I1": True, "I2": False}, {"I1", "I2"})


def test_too_few_control_positives_are_told_with_what_they_can_promise() -> None:
    text = said({"I1": True, "I2": False}, {"I1", "I2"})
    assert "holds 1 missing crimes; 29 are needed to promise 90%" in text


def test_when_every_incident_is_read_nothing_is_left_to_find() -> None:
    text = said({lead.incident_id: False for lead in ORDER}, {"I1"})
    assert "Every incident is read" in text and "needed to promise" not in text


def test_an_over_confident_score_is_told_and_so_is_one_that_is_not() -> None:
    sure = Learned(None, None, 0.9, confidence=Confidence(0.6, 0.0, 0.05, 0.001))
    fair = Learned(None, None, 0.9, confidence=Confidence(1.02, 0.0, 0.05, 0.6))
    assert "is over-confident (calibration slope 0.60 ± 0.10, 1 is perfect)" in said({}, set(), sure)
    assert "is not over-confident" in said({}, set(), fair)
