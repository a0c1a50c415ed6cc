"""Loading a drawn sample: only the one of this audit, checked, once."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.review.folders import SEED, bundle_in, drawn, settings
from tests.review.made_up import log, record, recorded_sample, sample

from opencdi.bundle import draw_sample
from opencdi.bundle.files import read_json, write_json
from opencdi.errors import UserError
from opencdi.review.audits.loading import load
from opencdi.review.audits.material import Facts
from opencdi.review.audits.models import Audit, Case, Material
from opencdi.review.events.chain import entries
from opencdi.review.judging.answers import Answers
from opencdi.review.quality.known_cases import KnownCase, KnownCases, read_known_cases
from opencdi.review.quality.models import KnownTruth, PlannedRereading

pytestmark = pytest.mark.django_db


def test_a_drawn_sample_is_loaded_with_its_logs_and_records(tmp_path: Path) -> None:
    bundle = bundle_in(tmp_path, settings())
    result = load(drawn(bundle, settings()))
    assert result.cases_added == Case.objects.count() == 12
    case = Case.objects.order_by("pk")[0]
    facts = Facts.model_validate_json(case.material.facts)
    assert facts.incident_id == case.incident_id and "PUNCHED" in case.material.log
    assert result.audit.commitment and result.audit.frame_sha256


def test_loading_again_changes_nothing(tmp_path: Path) -> None:
    bundle = bundle_in(tmp_path, settings())
    load(drawn(bundle, settings()))
    events = len(list(entries()))
    again = load(drawn(bundle, settings()))
    assert (again.cases_added, Audit.objects.count()) == (0, 1)
    assert len(list(entries())) == events


def test_an_extended_sample_adds_its_cases(tmp_path: Path) -> None:
    bundle = bundle_in(tmp_path, settings())
    load(drawn(bundle, settings()))
    draw_sample(bundle, SEED, "the same dice", readings=16)
    assert load(drawn(bundle, settings())).cases_added == 4
    assert Case.objects.count() == 16


def test_the_sample_of_another_force_is_refused(tmp_path: Path) -> None:
    bundle = bundle_in(tmp_path, settings("Othershire"))
    with pytest.raises(UserError, match=r"drawn for Othershire, and this audit is of Testshire"):
        drawn(bundle, settings())


def test_a_sample_with_incidents_this_audit_does_not_have_is_refused(tmp_path: Path) -> None:
    bundle = bundle_in(tmp_path, settings(), incidents=400)
    with pytest.raises(UserError, match="does not have: it is the sample of another audit"):
        drawn(bundle, settings())


def test_another_frame_under_the_same_name_is_refused(tmp_path: Path) -> None:
    load(drawn(bundle_in(tmp_path / "one", settings()), settings()))
    other = settings(readings=10)
    with pytest.raises(UserError, match="of another audit"):
        load(drawn(bundle_in(tmp_path / "other", other), other))


def test_a_second_draw_is_refused_once_the_first_is_being_judged(tmp_path: Path) -> None:
    bundle = bundle_in(tmp_path, settings())
    load(drawn(bundle, settings()))
    draw_sample(bundle, "1 1 1 1 1 1", "dice again", again="a witness was late")
    with pytest.raises(UserError, match="cannot be drawn again"):
        load(drawn(bundle, settings()))


def test_an_edited_sample_is_refused(tmp_path: Path) -> None:
    bundle = bundle_in(tmp_path, settings())
    lines = bundle.sample.read_text().splitlines(keepends=True)
    bundle.sample.write_text("".join(lines[:-1]))
    with pytest.raises(UserError, match="is not what the seed gives"):
        drawn(bundle, settings())


def test_a_changed_design_is_refused(tmp_path: Path) -> None:
    bundle = bundle_in(tmp_path, settings())
    write_json(bundle.design, {**read_json(bundle.design), "readings": 13})
    with pytest.raises(UserError, match="cannot be loaded"):
        drawn(bundle, settings())


def test_an_edited_frame_is_refused(tmp_path: Path) -> None:
    bundle = bundle_in(tmp_path, settings())
    bundle.frame.write_text(bundle.frame.read_text().replace("TS-0001", "TS-9999"))
    with pytest.raises(UserError, match="changed after it was frozen"):
        drawn(bundle, settings())


def test_the_log_is_sealed_in_the_database() -> None:
    load(recorded_sample(1))
    material = Material.objects.get()
    assert b"PUNCHED" not in bytes(material.log_sealed)
    assert "PUNCHED" in material.log


# Known cases and third readings --------------------------------------------------------------------


def known(count: int) -> list[KnownCase]:
    logs = [log(number, record(number)) for number in range(9001, 9001 + count)]
    return [KnownCase(facts=each.facts, log=each.text, truth=Answers(nothing_required=True)) for each in logs]


def test_known_cases_are_eight_in_a_hundred_and_look_like_any_other() -> None:
    load(recorded_sample(50), known(20))
    assert KnownTruth.objects.count() == 4
    fields = {field.name for field in Case._meta.get_fields() if field.concrete}
    assert fields == {"id", "key", "audit", "incident_id", "state", "changed_at"}


def test_a_known_case_whose_number_is_in_the_sample_is_left_out() -> None:
    drawn_sample = sample(*(log(number, record(number)) for number in range(9001, 9031)))
    load(drawn_sample, known(5))
    assert not KnownTruth.objects.exists()


def test_third_readings_are_drawn_with_the_stated_chance() -> None:
    loaded_audit = load(recorded_sample(400), reread_chance=Decimal("0.1")).audit
    count = PlannedRereading.objects.filter(case__audit=loaded_audit).count()
    assert 18 <= count <= 66


def test_a_file_of_known_cases_is_read_and_a_wrong_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    path.write_text(
        """
        [[case]]
        log = "PUNCHED IN THE FACE"
        [case.facts]
        incident_id = "TS-9001"
        reported_at = 2026-05-04T09:00:00Z
        channel = "101"
        caller_role = "victim"
        opening_group = "violence"
        opening_code = "AS1"
        [case.truth]
        nothing_required = true
        """
    )
    assert read_known_cases(path)[0].truth.nothing_required
    path.write_text(path.read_text().replace("caller_role", "callers_role"))
    with pytest.raises(UserError, match="caller_role"):
        read_known_cases(path)


def test_known_cases_written_as_json_come_back_the_same_and_a_broken_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "known.json"
    path.write_text(KnownCases(case=known(2)).model_dump_json())
    assert read_known_cases(path) == known(2)
    path.write_text("{")
    with pytest.raises(UserError, match="is not valid JSON"):
        read_known_cases(path)
