"""Processes that stay and do one task after another."""

from __future__ import annotations

from pathlib import Path

import pytest

from opencdi.nightly.costs import measured
from opencdi.nightly.crew import Crew, Ended


@pytest.fixture
def crew(monkeypatch: pytest.MonkeyPatch) -> Crew:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    return Crew("crew_at_work:double", 2)


def test_every_task_is_answered_by_no_more_processes_than_asked_for(crew: Crew) -> None:
    answers = {
        task["number"]: answer for task, answer in crew.answers([{"number": number} for number in range(9)])
    }
    assert [answers[number]["doubled"] for number in range(9)] == [2 * number for number in range(9)]
    assert len({answer["process"] for answer in answers.values()}) <= 2


def test_a_process_that_ends_takes_its_own_task_with_it_and_no_other(crew: Crew) -> None:
    numbers = [1, -3, 2, -4, 3]
    answers = {task["number"]: answer for task, answer in crew.answers([{"number": n} for n in numbers])}
    assert {number: answers[number] for number in (-3, -4)} == {-3: Ended(3), -4: Ended(4)}
    assert [answers[number]["doubled"] for number in (1, 2, 3)] == [2, 4, 6]


def test_an_answer_that_cannot_be_read_ends_its_process_and_no_other_task(crew: Crew) -> None:
    answers = {task["number"]: answer for task, answer in crew.answers([{"number": n} for n in (1, 99, 2)])}
    assert isinstance(answers[99], Ended)
    assert [answers[number]["doubled"] for number in (1, 2)] == [2, 4]


def test_no_task_starts_no_process(crew: Crew) -> None:
    assert list(crew.answers([])) == []


def test_work_says_what_it_cost() -> None:
    held: list[bytes] = []
    cost = measured("count", lambda: held.append(b"x" * 200_000_000))
    assert cost.step == "count"
    assert cost.seconds >= 0 and cost.processor_seconds >= 0
    assert cost.peak_bytes > 200_000_000
