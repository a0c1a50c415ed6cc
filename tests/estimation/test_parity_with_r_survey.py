"""Totals, ratios, domains, clusters, strata, calibration and Korn-Graubard limits equal R's survey package.

The values come from ``survey_values.R`` beside this file, run with R 4.2.2 and survey 4.1.1 on the API data
of the reference folder; each is an estimate with its standard error (or a lower and an upper limit).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from opencdi.estimation.arrays import Floats, Ints
from opencdi.estimation.effective import korn_graubard_limits
from opencdi.estimation.ratio import Ratio, ratio, total
from opencdi.estimation.regression import regression_ratio

pytestmark = pytest.mark.shared_data

R_SURVEY = {
    "srs_total_enroll": (3621074.34, 169519.654344059),
    "srs_ratio": (0.825353654573134, 0.0100688263233281),
    "strat_total_enroll": (3687177.53243828, 114641.71610078),
    "strat_mean_api00": (662.287363159321, 9.40894080278458),
    "strat_mean_met": (0.655649011943978, 0.033725495798289),
    "strat_ratio": (0.836956886940522, 0.00775710316663788),
    "strat_domain_mean": (593.746858214589, 18.6191675056143),
    "strat_domain_ratio": (0.816624536882972, 0.014755642855147),
    "clus1_total_enroll": (3404940.13452911, 932235.027041214),
    "clus1_mean_api00": (644.169398907104, 23.542240693781),
    "clus1_mean_met": (0.726775956284153, 0.0303276469631801),
    "clus1_ratio": (0.849708741724488, 0.00838629716939109),
    "clus1_domain_ratio": (0.830068250758342, 0.0147260732432733),
    "clus2wr_mean_met": (0.688560885608856, 0.0553331565569825),
    "clus2wr_ratio_met_in_high": (0.428240740740741, 0.10053988234267),
    "lonely_mean_met": (0.655671241579332, 0.0336216382799138),
    "certainty_mean_met": (0.696190560844596, 0.0369789375828015),
    "strat_ci_beta": (0.585075486304899, 0.721493505854004),
    "strat_ci_logit": (0.58646713432031, 0.718806401667217),
    "clus1_ci_beta": (0.656077361553672, 0.789956991476916),
    "greg_total_enroll": (3677873.90491077, 110966.173884741),
    "greg_mean_api00": (664.643995934647, 1.90304086035056),
    "greg_ratio": (0.836994935753739, 0.00775527272335634),
    "greg_mean_met": (0.655899224885626, 0.0338312915868969),
    "greg_domain_met": (0.422090198357313, 0.0487609525835752),
    "nofpc_mean_met": (0.655649011943978, 0.0342125379819554),
}

Rows = Callable[[str], list[dict[str, str]]]


@dataclass
class Clusters:
    """Cluster totals of a data set, ordered by stratum, as the estimators take them."""

    rows: list[dict[str, str]]
    cluster: Ints
    stratum: Ints
    fraction: Floats

    def column(self, name: str) -> Floats:
        return np.array([float(row[name]) for row in self.rows])

    def where(self, name: str, value: str) -> Floats:
        return np.array([float(row[name] == value) for row in self.rows])

    def sums(self, values: Floats) -> Floats:
        """Weighted element values added up within clusters; their weight is then one."""
        return np.bincount(self.cluster, weights=self.column("pw") * values)

    def ratio(self, numerator: Floats, denominator: Floats) -> Ratio:
        weight = np.ones(self.stratum.size)
        return ratio(self.sums(numerator), self.sums(denominator), weight, self.fraction, self.stratum)

    def total(self, values: Floats) -> tuple[Floats, Floats]:
        return total(self.sums(values), np.ones(self.stratum.size), self.fraction, self.stratum)


def stratified(shared_rows: Rows, strata: str = "EHM") -> Clusters:
    rows = sorted(shared_rows("survey-benchmarks/apistrat.csv"), key=lambda row: row["stype"])
    stratum = np.array([strata.index(row["stype"]) for row in rows])
    fraction = np.bincount(stratum)[stratum] / np.array([float(row["fpc"]) for row in rows])
    return Clusters(rows, np.arange(len(rows)), stratum, fraction)


def clustered(shared_rows: Rows, name: str, population: float) -> Clusters:
    rows = shared_rows(f"survey-benchmarks/{name}.csv")
    _, cluster = np.unique([row["dnum"] for row in rows], return_inverse=True)
    count = int(cluster.max()) + 1
    return Clusters(rows, cluster, np.zeros(count, dtype=np.int64), np.full(count, count / population))


def assert_equals(name: str, estimate: Floats, variance: Floats) -> None:
    expected, standard_error = R_SURVEY[name]
    assert float(estimate) == pytest.approx(expected, rel=1e-8)
    assert float(np.sqrt(variance)) == pytest.approx(standard_error, rel=1e-8)


def assert_ratio(name: str, found: Ratio) -> None:
    assert_equals(name, found.estimate, found.variance)


def test_simple_random_sample(shared_rows: Rows) -> None:
    rows = shared_rows("survey-benchmarks/apisrs.csv")
    data = Clusters(rows, np.arange(200), np.zeros(200, dtype=np.int64), np.full(200, 200 / 6194))
    weight = np.full(200, 6194 / 200)
    assert_equals("srs_total_enroll", *total(data.column("enroll"), weight, data.fraction, data.stratum))
    found = ratio(data.column("api.stu"), data.column("enroll"), weight, data.fraction, data.stratum)
    assert_ratio("srs_ratio", found)


def test_stratified_totals_ratios_and_domains(shared_rows: Rows) -> None:
    data = stratified(shared_rows)
    every, met = np.ones(200), data.where("comp.imp", "Yes")
    assert_equals("strat_total_enroll", *data.total(data.column("enroll")))
    assert_ratio("strat_mean_api00", data.ratio(data.column("api00"), every))
    assert_ratio("strat_mean_met", data.ratio(met, every))
    assert_ratio("strat_ratio", data.ratio(data.column("api.stu"), data.column("enroll")))
    inside = data.where("sch.wide", "No")
    assert_ratio("strat_domain_mean", data.ratio(inside * data.column("api00"), inside))
    inside = data.where("awards", "No")
    assert_ratio(
        "strat_domain_ratio",
        data.ratio(inside * data.column("api.stu"), inside * data.column("enroll")),
    )


def test_whole_clusters_with_finite_population(shared_rows: Rows) -> None:
    data = clustered(shared_rows, "apiclus1", 757)
    every = np.ones(len(data.rows))
    assert_equals("clus1_total_enroll", *data.total(data.column("enroll")))
    assert_ratio("clus1_mean_api00", data.ratio(data.column("api00"), every))
    assert_ratio("clus1_mean_met", data.ratio(data.where("comp.imp", "Yes"), every))
    assert_ratio("clus1_ratio", data.ratio(data.column("api.stu"), data.column("enroll")))
    high = data.where("stype", "H")
    assert_ratio(
        "clus1_domain_ratio", data.ratio(high * data.column("api.stu"), high * data.column("enroll"))
    )


def test_clusters_drawn_with_replacement(shared_rows: Rows) -> None:
    data = clustered(shared_rows, "apiclus2", np.inf)
    met, other = data.where("comp.imp", "Yes"), 1 - data.where("stype", "E")
    assert_ratio("clus2wr_mean_met", data.ratio(met, np.ones(len(data.rows))))
    assert_ratio("clus2wr_ratio_met_in_high", data.ratio(met * other, other))


def test_without_finite_population_correction(shared_rows: Rows) -> None:
    data = stratified(shared_rows)
    data.fraction = np.zeros(200)
    assert_ratio("nofpc_mean_met", data.ratio(data.where("comp.imp", "Yes"), np.ones(200)))


def test_a_stratum_of_one_is_taken_about_the_whole(shared_rows: Rows) -> None:
    file = shared_rows("survey-benchmarks/apistrat.csv")
    file[0] |= {"stype": "S", "fpc": "44", "pw": "44"}
    assert_ratio_of_met("lonely_mean_met", lambda _: file, "EHMS")


def test_a_certain_stratum_adds_no_variance(shared_rows: Rows) -> None:
    file = shared_rows("survey-benchmarks/apistrat.csv")
    for row in file:
        if row["stype"] == "H":
            row |= {"fpc": "50", "pw": "1"}
    assert_ratio_of_met("certainty_mean_met", lambda _: file, "EHM")


def assert_ratio_of_met(name: str, rows: Rows, strata: str) -> None:
    data = stratified(rows, strata)
    assert_ratio(name, data.ratio(data.where("comp.imp", "Yes"), np.ones(200)))


def test_regression_on_a_known_total(shared_rows: Rows) -> None:
    data = stratified(shared_rows)
    population = shared_rows("survey-benchmarks/apipop.csv.gz")
    totals = np.array([6194.0, sum(float(row["api99"]) for row in population)])
    auxiliary = np.stack([np.ones(200), data.column("api99")], axis=-1)

    def assisted(numerator: Floats, denominator: Floats) -> Ratio:
        return regression_ratio(
            numerator, denominator, data.column("pw"), data.fraction, data.stratum, auxiliary, totals
        )

    every, met = np.ones(200), data.where("comp.imp", "Yes")
    assert_ratio("greg_mean_api00", assisted(data.column("api00"), every))
    assert_ratio("greg_ratio", assisted(data.column("api.stu"), data.column("enroll")))
    assert_ratio("greg_mean_met", assisted(met, every))
    other = 1 - data.where("stype", "E")
    assert_ratio("greg_domain_met", assisted(met * other, other))


def test_korn_graubard_limits(shared_rows: Rows) -> None:
    for name, data, freedom in (
        ("strat_ci_beta", stratified(shared_rows), 197.0),
        ("clus1_ci_beta", clustered(shared_rows, "apiclus1", 757), 14.0),
    ):
        found = data.ratio(data.where("comp.imp", "Yes"), np.ones(len(data.rows)))
        lower, upper = korn_graubard_limits(
            found.estimate, found.variance, np.asarray(float(len(data.rows))), np.asarray(freedom)
        )
        assert (float(lower), float(upper)) == pytest.approx(R_SURVEY[name], rel=1e-8)
