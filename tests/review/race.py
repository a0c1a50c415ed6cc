"""People at once on one case, each with a connection of their own; prints what came of it as JSON.

Run by ``test_races.py`` in a process of its own, on a database in a file or on PostgreSQL.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import django
from django.core.management import call_command
from django.db import connection

AT_ONCE = 6


def together(count: int, act: Callable[[int], Any]) -> list[Any]:
    """``act`` by so many threads, released at one moment; results, or the name of what was raised."""
    barrier = Barrier(count)

    def one(number: int) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            return act(number)
        except Exception as error:
            return type(error).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def main() -> None:
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    from tests.review.made_up import (
        NOTHING,
        auditors,
        correct,
        judge,
        loaded,
        person,
        readings,
        recorded_sample,
    )

    from opencdi.review.adjudication.models import Adjudication, Settlement
    from opencdi.review.adjudication.settling import sign_off
    from opencdi.review.events.chain import entries, verify
    from opencdi.review.judging.models import Judgement
    from opencdi.review.judging.services import save, submit
    from opencdi.review.policy import Role

    people = auditors("anna", "ben")
    person("clara", Role.ADJUDICATOR)
    audit = loaded(recorded_sample(4))
    every = readings(audit)
    first = every[0]
    number = int(first.case.incident_id[-4:])

    saved = together(AT_ONCE, lambda _: save(first.person, first.key, 0, correct(number)) or "saved")
    submitted = together(AT_ONCE, lambda _: submit(first.person, first.key, 1) or "submitted")
    for reading in every[1:]:
        at = int(reading.case.incident_id[-4:])
        judge(reading.person, reading.key, NOTHING if at == 2 and reading.slot == 1 else correct(at))
    signed = together(AT_ONCE, lambda number: sign_off(people[number % 2]))
    kinds = [entry.kind for entry in entries()]
    print(
        json.dumps(
            {
                "saved": saved,
                "submitted": submitted,
                "signed": sum(each for each in signed if isinstance(each, int)),
                "judgements": Judgement.objects.filter(stage="signed").count(),
                "settlements": Settlement.objects.count(),
                "adjudications": Adjudication.objects.count(),
                "events_signed": kinds.count("judgement-signed"),
                "events_submitted": kinds.count("judgement-submitted"),
                "problems": verify(),
            }
        )
    )


if __name__ == "__main__":
    main()
