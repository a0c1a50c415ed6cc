"""Locust's part of `benchmarks/review_load.py`: auditors who come one after another and work at once.

Started by it with the environment that says where the room is, who works there and where to write what
happened. Each auditor judges and signs all that was given to them and goes; the run ends with the last.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from itertools import count
from pathlib import Path
from typing import Any

from locust import User, task
from locust.exception import StopUser

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.review.load.person_at_work import NotAnsweredError, PersonAtWork, Window

PORT = int(os.environ["REVIEW_LOAD_PORT"])
PEOPLE = json.loads(Path(os.environ["REVIEW_LOAD_PEOPLE"]).read_text(encoding="utf-8"))
TOLD = Path(os.environ["REVIEW_LOAD_TOLD"]).open("a", encoding="utf-8", buffering=1)  # noqa: SIM115

_numbers = count()
_gone = count(1)


class Auditor(User):
    """One of those who work; locust starts each once."""

    def on_start(self) -> None:
        number = next(_numbers)
        window = Window(PORT, f"10.1.{number // 250}.{number % 250 + 1}", self._tell)
        self.number = number
        self.person = PersonAtWork(number=number, window=window, think=_think, **PEOPLE[number])

    @task
    def work(self) -> None:
        try:
            self.person.work()
        except NotAnsweredError as error:
            self._tell({"gave_up": str(error)})
        if next(_gone) == len(PEOPLE):
            self.environment.runner.quit()
        raise StopUser

    def _tell(self, line: dict[str, Any]) -> None:
        TOLD.write(json.dumps({"at": time.time(), "auditor": self.number, **line}) + "\n")
        if "page" in line:
            self.environment.events.request.fire(
                request_type="page",
                name=line["page"],
                response_time=line["milliseconds"],
                response_length=0,
                exception=None if line["status"] == 200 else ValueError(line["status"]),
                context={},
            )


def _think(least: float, most: float) -> None:
    time.sleep(random.uniform(least, most))
