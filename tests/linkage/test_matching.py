"""Two tables and a plan: what is right is found, in one way on every engine, and a bad plan is a sentence."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opencdi.engine import DuckDBEngine, Relation, batch_of
from opencdi.errors import UserError
from opencdi.linkage.matching import Plan, load_plan, match
from opencdi.linkage.matching.comparing import agrees
from opencdi.linkage.matching.estimating import Vectors, learn
from opencdi.linkage.matching.resolving import _many_to_one, _one_to_one

PLAN: dict[str, Any] = {
    "columns": {"surname": "text", "forename": "text", "born": "date", "town": "text", "sum": "number"},
    "comparisons": [
        {
            "name": "names",
            "columns": ["forename", "surname"],
            "levels": ["same", "crossed", "alike 0.9", "slips 1 of surname"],
            "frequencies": True,
        },
        {"name": "birth", "columns": ["born"], "levels": ["same", "slips 1", "days 31", "later 400"]},
        {"name": "home", "columns": ["town"], "levels": ["same", "start 3"], "frequencies": True},
        {"name": "money", "columns": ["sum"], "levels": ["same", "within 0.1"]},
    ],
    "candidates": [
        {"same": ["surname"]},
        {"same": ["surname=forename"]},
        {"same": ["born"]},
        {"same": ["town"], "near": {"born": 400}},
        {"start": {"surname": 2}, "near": {"sum": 5}},
    ],
}
SURNAMES = [
    f"{front}{back}" for front, back in product(("QUILL", "HART", "MOSS", "PENN"), ("", "ER", "LEY", "TON"))
]
FORENAMES = ["ADA", "BEA", "CID", "DOT", "EVE", "FAY", "GUS", "HAL"]
TOWNS = ["EASTON", "WESTON", "NORTON", "SUTTON", "MIDTON"]


def _person(number: int, rng: random.Random) -> dict[str, Any]:
    day = rng.randrange(3650, 15000)
    return {
        "record_id": f"p{number:05}",
        "surname": rng.choice(SURNAMES),
        "forename": rng.choice(FORENAMES),
        "born": day,
        "town": rng.choice(TOWNS),
        "sum": float(rng.randrange(10, 1000)),
    }


def _damaged(person: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """The same person, written down again by somebody in a hurry."""
    changed = dict(person)
    slip = rng.random()
    if slip < 0.2:
        changed["surname"], changed["forename"] = changed["forename"], changed["surname"]
    elif slip < 0.4:
        changed["born"] += rng.randrange(1, 20)
    elif slip < 0.6:
        changed["town"] = None
    elif slip < 0.8:
        changed["surname"] = changed["surname"][:-1] + "X"
    return changed


def _sides(people: int, strangers: int, seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    rng = random.Random(seed)
    left = [_person(number, rng) for number in range(people)]
    right = [_damaged(person, rng) for person in left[: people // 2]]
    return left, right + [_person(number, rng) for number in range(90_000, 90_000 + strangers)]


def _relations(engine: DuckDBEngine, plan: Plan, *sides: list[dict[str, Any]]) -> list[Relation]:
    tables = [plan.table(name) for name in ("a", "b")]
    return [
        engine.from_batches(table, [batch_of(table, rows)]) for table, rows in zip(tables, sides, strict=True)
    ]


def _matches(
    engine: DuckDBEngine, left: list[Any], right: list[Any], **more: Any
) -> dict[str, dict[str, Any]]:
    plan = Plan.model_validate(PLAN | more)
    found = match(*_relations(engine, plan, left, right), plan).matches.rows("order by right_id")
    assert [row["right_id"] for row in found] == sorted(row["record_id"] for row in right)
    return {row["right_id"]: row for row in found}


@pytest.mark.parametrize("one_to_one", [False, True])
def test_people_written_down_again_are_found_and_strangers_are_not(
    engine: DuckDBEngine, one_to_one: bool
) -> None:
    left, right = _sides(600, 120, seed=4)
    found = _matches(engine, left, right, one_to_one=one_to_one)
    linked = {name for name, row in found.items() if row["match_class"] in ("clear", "ambiguous")}
    again = {row["record_id"] for row in right[:300]}
    rightly = {name for name in linked & again if found[name]["left_id"] == name}
    assert len(rightly) >= 0.95 * len(again)
    assert len(rightly) >= 0.98 * len(linked)


def test_the_order_of_rows_does_not_matter(engine: DuckDBEngine) -> None:
    left, right = _sides(200, 50, seed=5)
    assert _matches(engine, left, right) == _matches(engine, left[::-1], right[::-1])


def test_nothing_on_either_side_matches_nothing(engine: DuckDBEngine) -> None:
    left, right = _sides(20, 5, seed=6)
    assert {row["match_class"] for row in _matches(engine, [], right).values()} == {"none"}
    assert _matches(engine, left, []) == {}


def test_records_of_which_nothing_is_known_match_nothing(engine: DuckDBEngine) -> None:
    left, _ = _sides(50, 0, seed=7)
    blank = [{"record_id": f"blank{number}"} for number in range(3)]
    assert {row["match_class"] for row in _matches(engine, left, blank).values()} == {"none"}


def test_a_key_that_everybody_shares_proposes_nobody(engine: DuckDBEngine) -> None:
    same = {"surname": "QUILL", "born": 5000, "town": "EASTON", "sum": 5.0, "forename": "ADA"}
    many = [{"record_id": f"m{number}", **same} for number in range(30)]
    assert {row["match_class"] for row in _matches(engine, many, many[:2], block_limit=20).values()} == {
        "none"
    }


# The SQL of the levels against the same thing said in Python ----------------------------------------

_ENGINE = DuckDBEngine()
_TEXTS = st.none() | st.text("ABE", min_size=1, max_size=5)
_PAIRS = st.lists(
    st.tuples(_TEXTS, _TEXTS, _TEXTS, _TEXTS, *[st.none() | st.integers(0, 900)] * 2), min_size=1, max_size=40
)


def _slips(left: str, right: str) -> int:
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, start=1):
        before, row[0] = row[0], i
        for j, b in enumerate(right, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


_SAID: dict[str, Any] = {
    "same": lambda a, b: a == b,
    "slips 1": lambda a, b: _slips(a, b) <= 1,
    "slips 2": lambda a, b: _slips(a, b) <= 2,
    "start 2": lambda a, b: a[:2] == b[:2],
    "days 31": lambda a, b: abs(a - b) <= 31,
    "later 10": lambda a, b: 0 <= b - a <= 10,
    "within 0.1": lambda a, b: abs(a - b) <= 0.1 * max(a, b),
}


@settings(deadline=None, max_examples=15)
@given(_PAIRS)
def test_every_level_says_in_sql_what_it_says_in_python(pairs: list[tuple[Any, ...]]) -> None:
    for way, said in _SAID.items():
        kind = (
            "date" if way.startswith(("days", "later")) else "number" if way.startswith("within") else "text"
        )
        plan = _plan_of(["x"], kind, way)
        values = [(p[4], p[5]) if kind != "text" else (p[0], p[1]) for p in pairs]
        expected = [None not in pair and said(*pair) for pair in values]
        assert _holds(plan, [(a, None, b, None) for a, b in values]) == expected, way


@settings(deadline=None, max_examples=15)
@given(_PAIRS)
def test_crossed_says_in_sql_what_it_says_in_python(pairs: list[tuple[Any, ...]]) -> None:
    expected = [None not in p[:4] and p[0] == p[3] and p[1] == p[2] for p in pairs]
    assert _holds(_plan_of(["x", "y"], "text", "crossed"), [p[:4] for p in pairs]) == expected


def _plan_of(columns: list[str], kind: str, level: str) -> Plan:
    comparison = {"columns": columns, "levels": [level]}
    return Plan.model_validate(
        {
            "columns": {"x": kind, "y": kind},
            "comparisons": [{"name": "one", **comparison}, {"name": "two", **comparison}],
            "candidates": [{"same": ["x"]}],
        }
    )


def _holds(plan: Plan, pairs: list[tuple[Any, ...]]) -> list[bool]:
    """Whether the plan's first level holds of each (left x, left y, right x, right y)."""
    kind = "varchar" if plan.columns["x"] == "text" else "double"
    day = "_day" if plan.columns["x"] == "date" else ""
    names = [f"{side}{name}{day}" for side in "lr" for name in "xy"]
    columns = {"n": list(range(len(pairs)))}
    columns |= {name: [pair[place] for pair in pairs] for place, name in enumerate(names)}
    condition = agrees(_ENGINE.dialect, plan.comparisons[0], plan.comparisons[0].read()[0])
    left, right = (f"select n, {side}x{day} as x{day}, {side}y{day} as y{day} from p" for side in "lr")
    _ENGINE.connection.register("given", pa.table(columns))
    typed = ", ".join(f"cast({name} as {kind}) as {name}" for name in names)
    _ENGINE.connection.execute(f"create or replace table p as select n, {typed} from given")
    rows = _ENGINE.rows(
        f"select coalesce({condition}, false) as ok from ({left}) as l join ({right}) as r on r.n = l.n "
        "order by l.n"
    )
    return [row["ok"] for row in rows]


# Probabilities -----------------------------------------------------------------------------------

_EDGES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.floats(0.01, 100)),
    min_size=1,
    max_size=9,
    unique_by=lambda edge: edge[:2],
)


def _pairs(edges: list[tuple[int, int, float]]) -> tuple[Vectors, Any]:
    left, right = (np.array([edge[side] for edge in edges]) for side in (0, 1))
    return Vectors(left, right, np.ones(len(edges), int), {}, {}), np.array([edge[2] for edge in edges])


@given(_EDGES)
def test_a_right_records_candidates_share_one_probability(edges: list[tuple[int, int, float]]) -> None:
    pairs, odds = _pairs(edges)
    assert np.bincount(pairs.right, weights=_many_to_one(pairs, odds)).max() < 1


def _exactly(edges: list[tuple[int, int, float]]) -> list[float]:
    """Probability of each pair, by listing every way to give each record one partner or none."""
    total, sums = 0.0, [0.0] * len(edges)
    for chosen in product((False, True), repeat=len(edges)):
        taken = [edge for edge, is_in in zip(edges, chosen, strict=True) if is_in]
        if any(len({edge[side] for edge in taken}) < len(taken) for side in (0, 1)):
            continue
        weight = float(np.prod([edge[2] for edge in taken]))
        total += weight
        sums = [held + weight * is_in for held, is_in in zip(sums, chosen, strict=True)]
    return [held / total for held in sums]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=6))
def test_one_to_one_is_exact_along_a_chain(odds: list[float]) -> None:
    chain = [((n + 1) // 2, n // 2, value) for n, value in enumerate(odds)]
    found = _one_to_one(*_pairs(chain), rounds=200)
    assert found == pytest.approx(_exactly(chain), abs=1e-6)


@settings(deadline=None, max_examples=25)
@given(_EDGES)
def test_one_to_one_promises_no_record_to_two(edges: list[tuple[int, int, float]]) -> None:
    pairs, odds = _pairs(edges)
    found = _one_to_one(pairs, odds, rounds=200)
    assert max(np.bincount(side, weights=found).max() for side in (pairs.left, pairs.right)) < 1.02


# Learning ----------------------------------------------------------------------------------------


def test_shares_that_made_the_pairs_are_learned_from_them() -> None:
    names = ("one", "two", "three")
    plan = Plan.model_validate(
        {
            "columns": dict.fromkeys((*names, "key"), "text"),
            "comparisons": [
                {"name": name, "columns": [name], "levels": ["same", "slips 1"]} for name in names
            ],
            "candidates": [{"same": ["key"]}],
        }
    )
    rng = np.random.default_rng(8)
    right, wrong = [0, 0.8, 0.15, 0.05], [0, 0.02, 0.08, 0.9]
    is_right = rng.random(60_000) < 0.2

    def vectors(truth: Any) -> Vectors:
        chosen = {
            name: np.where(truth, *(rng.choice(4, len(truth), p=p) for p in (right, wrong))) for name in names
        }
        number = np.arange(len(truth))
        return Vectors(number, number, np.ones(len(truth), int), chosen, {})

    shares = learn(vectors(is_right), vectors(np.zeros(200_000, bool)), plan)
    for name in names:
        assert shares.right[name][1:] == pytest.approx(right[1:], abs=0.02)
        assert shares.wrong[name][1:] == pytest.approx(wrong[1:], abs=0.02)
        assert shares.bits(name)[0] == 0


# Plans that cannot be followed -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "instead", "sentence"),
    [
        ('"same", "crossed"', '"sam"', "`sam` is no level"),
        ('"same", "crossed"', '"alike"', "`alike` is no level"),
        ('"same", "crossed"', '"slips 1 of town"', "it compares forename, surname"),
        ('levels = ["start 3"]', 'levels = ["days 3"]', "compares dates, and town is a text"),
        ('levels = ["start 3"]', 'levels = ["crossed"]', "needs two columns"),
        ('same = ["surname"]', 'same = ["shoe"]', "shoe is used but is not among the columns"),
        ('same = ["surname"]', "", "needs `same`, `start` or `near`"),
        ('same = ["surname"]', "near = { town = 3 }", "town is text"),
        ('same = ["surname"]', "start = { surname = 0 }", "must be above nought"),
        ('name = "home"', 'name = "names"', "two comparisons have the same name"),
        ('name = "home"', 'name = "home"\nfrequency = true', "unknown key"),
    ],
)
def test_a_plan_that_cannot_be_followed_is_a_sentence(
    tmp_path: Any, written: str, instead: str, sentence: str
) -> None:
    text = """
        [columns]
        forename = "text"
        surname = "text"
        town = "text"
        [[comparisons]]
        name = "names"
        columns = ["forename", "surname"]
        levels = ["same", "crossed"]
        [[comparisons]]
        name = "home"
        columns = ["town"]
        levels = ["start 3"]
        [[candidates]]
        same = ["surname"]
    """
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    assert load_plan(path).one_to_one is False
    path.write_text(text.replace(written, instead, 1), encoding="utf-8")
    with pytest.raises(UserError) as told:
        load_plan(path)
    assert sentence in str(told.value) and "plan.toml" in str(told.value)
