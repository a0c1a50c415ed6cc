"""The order in which reading pays, as the engine keeps it, is that of a plain sort."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.discovery.orders import standing

from opencdi import schema
from opencdi.discovery.harm import order_of
from opencdi.discovery.ranking import BANDS, Ranking, ranked
from opencdi.engine import DuckDBEngine, batch_of

Score = tuple[int, float, str]
SCORES = st.lists(
    st.tuples(
        st.integers(1, 5),
        st.sampled_from([0.0, 0.0499, 0.05, 0.1, 0.2, 0.4999, 0.5, 0.5001, 1.0]),
        st.sampled_from(schema.HARM_GROUPS),
    ),
    max_size=30,
)


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine("500MB") as one:
        yield one


def ranking_of(engine: DuckDBEngine, scores: list[Score], wanted: tuple[str, ...] = ()) -> Ranking:
    rows = [
        {
            "incident_id": f"I{number}",
            "seriousness": seriousness,
            "missing": missing,
            "harm_group": group,
            "why": "The log describes a theft.",
        }
        for number, (seriousness, missing, group) in enumerate(scores)
    ]
    relation = engine.from_batches(schema.SCORES, [batch_of(schema.SCORES, rows)])
    return ranked(relation, order_of(wanted))


def in_order(ranking: Ranking) -> list[str]:
    return [lead.incident_id for _, lead in ranking.top((), 1_000)]


@given(SCORES, st.permutations(schema.HARM_GROUPS), st.sets(st.integers(0, 29)), st.sets(st.integers(0, 29)))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_engine_ranks_as_a_plain_sort_does(
    engine: DuckDBEngine, scores: list[Score], wanted: list[str], first: set[int], second: set[int]
) -> None:
    ranking = ranking_of(engine, scores, tuple(wanted))
    place = order_of(wanted)

    def key(number: int) -> tuple[int, int, float, int, str]:
        seriousness, missing, group = scores[number]
        return (sum(missing < edge for edge in BANDS), place[group], -missing, seriousness, f"I{number}")

    order = [f"I{number}" for number in sorted(range(len(scores)), key=key)]
    assert in_order(ranking) == order
    control = {f"I{number}" for number in first if number < len(scores)}
    verdicts = {f"I{number}": number % 2 == 0 for number in second if number < len(scores)}
    leads = [lead for _, lead in ranking.top((), 1_000)]
    ours, plain = ranking.standing(control, verdicts), standing(leads, control, verdicts)
    assert (ours.incidents, ours.depth, ours.known) == (plain.incidents, plain.depth, plain.known)
    assert ours.expected == pytest.approx(plain.expected)
    unread = [one for one in order if one not in verdicts]
    assert [lead.incident_id for _, lead in ranking.top(verdicts, 3)] == unread[:3]
    assert sorted(ranking.ids(without=verdicts)) == sorted(unread)


def test_harm_decides_among_equally_likely_leads_in_the_users_order(engine: DuckDBEngine) -> None:
    scores = [(3, 0.6, "other"), (3, 0.55, "stalking"), (3, 0.52, "rape"), (3, 0.1, "rape")]
    assert in_order(ranking_of(engine, scores)) == ["I2", "I1", "I0", "I3"]
    assert in_order(ranking_of(engine, scores, ("stalking",))) == ["I1", "I2", "I0", "I3"]


def test_the_table_of_leads_says_where_each_stands_and_what_came_of_it(engine: DuckDBEngine) -> None:
    ranking = ranking_of(engine, [(3, 0.1, "other"), (1, 0.9, "other"), (2, 0.4, "rape")])
    rows = ranking.leads({"I0"}, {"I1": None}, {"I1": 1, "I2": 2}).rows("order by rank")
    assert [row["incident_id"] for row in rows] == ["I1", "I2", "I0"]
    assert [(row["rank"], row["batch"], row["control"], row["verdict"]) for row in rows] == [
        (1, 1, False, "cannot_tell"),
        (2, 2, False, None),
        (3, None, True, None),
    ]
