"""Weights trained a moment ago link the same on DuckDB and on Spark: they hold no SQL of either."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from opencdi.engine import DuckDBEngine, Engine
from opencdi.linkage import link, load_weights
from opencdi.linkage.training import gather, train
from opencdi.linkage.weights import to_json
from opencdi.settings import Linkage

sys.path.append(str(Path(__file__).parents[1] / "linkage"))

from linkage_world import FAMILIES, make_world

pytestmark = pytest.mark.slow
pytest.importorskip("splink", reason="Splink is not installed: `pip install opencdi[train]`")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Linkage:
    with DuckDBEngine() as engine:
        pairs = gather(*make_world(1500, seed=8).relations(engine), Linkage(), FAMILIES, 100_000)
    weights = train(pairs, load_weights("start"), {"made_by": "a test"})
    assert weights.comparisons != load_weights("default").comparisons
    path = tmp_path_factory.mktemp("weights") / "weights.json"
    path.write_text(to_json(weights))
    return Linkage(weights=str(path))


def test_trained_weights_make_the_same_links_on_both_engines(
    trained: Linkage, duckdb: Engine, spark: Engine
) -> None:
    world = make_world(600, seed=21)

    def links(engine: Engine) -> list[dict[str, Any]]:
        return link(*world.relations(engine), trained, FAMILIES).rows("order by crime_id")

    ours = links(duckdb)
    assert links(spark) == ours
    assert {"clear", "weak"} <= {row["link_class"] for row in ours}
