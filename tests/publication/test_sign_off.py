"""Nothing but a draft goes out until two different people have signed what goes out."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from tests.publication import made_up

from opencdi.errors import UserError
from opencdi.ledger.note import SigningKey
from opencdi.publication.control.control import Controlled, control
from opencdi.publication.settings import SignerSettings
from opencdi.publication.signoff.folder import (
    SignOff,
    refuse_unsigned,
    sign_record,
    signed_by,
    write_sign_off,
)
from opencdi.publication.signoff.record import content_sha256, record
from opencdi.publication.signoff.suppressions import suppressions

STATISTICIAN, INSPECTOR = "Chief statistician", "Chief inspector"


@pytest.fixture(scope="module")
def controlled() -> Controlled:
    return control(made_up.release([made_up.audit(seed=7, crimes=600)]))


@pytest.fixture(scope="module")
def keys() -> dict[str, SigningKey]:
    return {office: SigningKey.generate(f"key-{n}") for n, office in enumerate((STATISTICIAN, INSPECTOR))}


@pytest.fixture(scope="module")
def signers(keys) -> list[SignerSettings]:
    return [SignerSettings(office=office, key=key.verifier) for office, key in keys.items()]


@pytest.fixture
def folder(tmp_path: Path) -> SignOff:
    return SignOff.beside(tmp_path / "site")


def test_two_signatures_release(controlled, keys, signers, folder):
    text = write_sign_off(controlled, (), folder)
    for office, key in keys.items():
        sign_record(folder, office, key)
    offices = signed_by(folder, text, signers)
    assert offices == (STATISTICIAN, INSPECTOR)
    refuse_unsigned(offices, signers, folder)
    assert not replace(controlled.release, signed_by=offices).is_draft


def test_one_signature_does_not_and_the_error_says_who_is_missing(controlled, keys, signers, folder):
    text = write_sign_off(controlled, (), folder)
    sign_record(folder, STATISTICIAN, keys[STATISTICIAN])
    with pytest.raises(UserError, match="Still to sign: Chief inspector"):
        refuse_unsigned(signed_by(folder, text, signers), signers, folder)


def test_one_person_cannot_sign_for_two_offices(controlled, keys, folder):
    write_sign_off(controlled, (), folder)
    sign_record(folder, STATISTICIAN, keys[STATISTICIAN])
    with pytest.raises(UserError, match="each with a key of their own"):
        sign_record(folder, INSPECTOR, keys[STATISTICIAN])


def test_one_key_under_two_offices_is_one_person(keys, folder):
    same = [
        SignerSettings(office=office, key=keys[STATISTICIAN].verifier) for office in (STATISTICIAN, INSPECTOR)
    ]
    with pytest.raises(UserError, match="fewer than two people"):
        refuse_unsigned((STATISTICIAN, INSPECTOR), same, folder)


def test_a_strangers_signature_counts_for_nothing(controlled, signers, folder):
    text = write_sign_off(controlled, (), folder)
    sign_record(folder, "Stranger", SigningKey.generate("stranger"))
    assert signed_by(folder, text, signers) == ()


def test_a_figure_changed_after_signing_needs_new_signatures(controlled, keys, signers, folder):
    write_sign_off(controlled, (), folder)
    for office, key in keys.items():
        sign_record(folder, office, key)
    audit = controlled.release.audits[0]
    figures = (replace(audit.figures[0], estimate=0.5), *audit.figures[1:])
    changed = replace(controlled.release, audits=(replace(audit, figures=figures),))
    text = write_sign_off(replace(controlled, release=changed), (), folder)
    assert signed_by(folder, text, signers) == () and not list(folder.signatures.glob("*"))


def test_making_the_same_draft_again_keeps_the_signatures(controlled, keys, signers, folder):
    write_sign_off(controlled, (), folder)
    sign_record(folder, STATISTICIAN, keys[STATISTICIAN])
    text = write_sign_off(controlled, (), folder)
    assert signed_by(folder, text, signers) == (STATISTICIAN,)


def test_a_list_that_was_shortened_is_not_signed(controlled, keys, folder):
    write_sign_off(controlled, (), folder)
    folder.withheld.write_text("\n".join(folder.withheld.read_text().splitlines()[:-1]))
    with pytest.raises(UserError, match="is not the list that the record names"):
        sign_record(folder, STATISTICIAN, keys[STATISTICIAN])


def test_there_must_be_something_to_sign(keys, folder):
    with pytest.raises(UserError, match=r"There is no .*record.txt"):
        sign_record(folder, STATISTICIAN, keys[STATISTICIAN])


def test_every_withheld_figure_is_on_the_list_with_its_reason(controlled):
    listed = {
        (row["audit_id"], row["measure"], row["dimension"], row["group_name"]): row
        for row in csv.DictReader(suppressions(controlled).splitlines())
    }
    hidden = [
        (audit.id, *figure.key) for audit, figure in controlled.release.each_figure() if figure.is_suppressed
    ]
    assert hidden and set(hidden) <= listed.keys()
    assert all(row["reason"] for row in listed.values())
    assert all(row["protects"] for row in listed.values() if row["kind"] == "complementary")


def test_the_record_names_the_earlier_releases_and_depends_on_nothing_but_content(controlled):
    text = record(controlled, "list", [controlled.release])
    assert f"1 (sha256 {content_sha256(controlled.release)[:16]})" in text
    assert content_sha256(replace(controlled.release, signed_by=("a", "b"))) == content_sha256(
        controlled.release
    )
