"""m probabilities by Splink's expectation maximisation, on levels instead of columns.

Splink compares columns of two records; here a comparison looks at several people and fields of each. So
each candidate pair is given to Splink as one record on the left, which carries the pair's levels, and one
on the right, joined by the pair's number: Splink then trains on our levels exactly.

Splink: Linacre, Lindsay, Manassis, Slade and Hepworth (2022), *Splink: Free software for probabilistic
record linkage at scale*, International Journal of Population Data Science 7(3).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from opencdi.errors import UserError
from opencdi.linkage.chance import Vectors
from opencdi.linkage.levels import LEVELS

Shares = NDArray[np.float64]
_FEWEST_PAIRS = 200


def splink_version() -> str:
    """The version of Splink that trains here. Raises ``UserError`` where there is none."""
    try:
        return version("splink")
    except PackageNotFoundError:
        raise UserError("Training needs Splink. Install it with `pip install opencdi[train]`.") from None


def train_m(pairs: Vectors, u: Mapping[str, Shares], start: Mapping[str, Shares]) -> dict[str, Shares]:
    """m of each level of the comparisons in ``u``, from the candidate pairs of one blocking rule.

    ``u`` are the shares of wrong pairs of that block and stay as they are; ``start`` is where m begins.
    Raises ``UserError`` where Splink is not installed or pairs are too few.
    """
    splink_version()
    from splink import DuckDBAPI, Linker

    if len(pairs) < _FEWEST_PAIRS:
        raise UserError(
            f"There are only {len(pairs)} candidate pairs to learn from; training needs {_FEWEST_PAIRS}. "
            "Use the default weights."
        )
    logging.getLogger("splink").setLevel(logging.ERROR)
    numbers = pa.array(np.arange(len(pairs)))
    left = pa.table({"unique_id": numbers, "pair": numbers} | {name: pairs.levels[name] for name in u})
    api = DuckDBAPI()
    linker = Linker(
        [api.register(left, table_name="pair_left"), api.register(left, table_name="pair_right")],
        _settings(u, start),
        log_level=None,
        validate_settings=False,
    )
    linker.training.estimate_parameters_using_expectation_maximisation(
        "l.pair = r.pair", fix_u_probabilities=True
    )
    trained = linker.misc.save_model_to_json()["comparisons"]
    return {
        name: np.where(pairs.counts(name) > 0, _shares(comparison), 0.0)
        for comparison in trained
        if (name := comparison["output_column_name"]) in u
    }


def _settings(u: Mapping[str, Shares], start: Mapping[str, Shares]) -> dict[str, Any]:
    return {
        "link_type": "link_only",
        "probability_two_random_records_match": 0.2,
        "blocking_rules_to_generate_predictions": ["l.pair = r.pair"],
        "comparisons": [_comparison(name, u[name], start[name]) for name in u],
        "em_convergence": 0.0005,
        "max_iterations": 60,
    }


def _comparison(name: str, u: Shares, start: Shares) -> dict[str, Any]:
    levels = [
        {
            "sql_condition": f"{name}_l = {number}",
            "label_for_charts": level,
            "m_probability": float(start[number]),
            "u_probability": float(u[number]),
        }
        for number, level in enumerate(LEVELS[name])
    ]
    levels[-1]["sql_condition"] = "ELSE"
    return {"output_column_name": name, "comparison_levels": levels}


def _shares(comparison: Mapping[str, Any]) -> Shares:
    found = [level.get("m_probability") for level in comparison["comparison_levels"]]
    return np.array([share if isinstance(share, float) else 0.0 for share in found])
