"""A new sealing key: everything is moved to it at any moment, and the old one is laid aside (ASVS 11.2.2)."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.utils import decrypt
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.review.made_up import auditors, correct, judge, loaded, readings, recorded_sample
from tests.review.visitors import SECRET, somebody

from opencdi.review import resealing
from opencdi.review.accounts.kept import place_of
from opencdi.review.accounts.models import KeptAnswer
from opencdi.review.audits.models import Audit
from opencdi.review.events.chain import entries, verify
from opencdi.review.files.models import StoredFile
from opencdi.review.files.storing import as_attachment, store
from opencdi.review.people.models import Person
from opencdi.review.policy import Role
from opencdi.review.resealing import columns, reseal
from opencdi.review.sealing import (
    SealBrokenError,
    name_of_key,
    new_key,
    seal,
    seal_bytes,
    unseal,
    unseal_bytes,
)

pytestmark = pytest.mark.django_db

# On a busy machine making a few bytes may take a second.
AS_LONG_AS_IT_TAKES = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
OLD, NEW = new_key("old"), new_key("new")


@pytest.fixture
def room(settings: Any) -> Audit:
    """An audit with judgements, a file, a kept answer and second factors, all under the old key."""
    settings.SEALING_KEYS = [OLD]
    auditors("anna", "ben")
    audit = loaded(recorded_sample(3))
    for reading in readings(audit):
        judge(reading.person, reading.key, correct(int(reading.case.incident_id[-4:])))
    holder = somebody(Role.INSPECTOR)
    RecoveryCodes.activate(holder)
    store(SimpleUploadedFile("evidence.txt", b"A daily check runs."), holder)
    KeptAnswer.objects.create(
        person=holder, path="/x/", sealed=seal("reason=half", place_of(holder, "/x/")), kept_at=timezone.now()
    )
    return audit


def kept() -> dict[str, set[str]]:
    """By column, the names of the keys of what lies there."""
    found: dict[str, set[str]] = {}
    for column in columns():
        for value in column.model._default_manager.values_list(column.column, flat=True):
            parts = [value] if not isinstance(value, dict) else _secrets(value)
            names = {name_of_key(bytes(part)) for part in parts if part}
            found.setdefault(column.name, set()).update(names)
    return {name: names for name, names in found.items() if names}


def _secrets(data: dict[str, Any]) -> list[bytes]:
    return [base64.b64decode(data[name]) for name in ("secret", "seed") if name in data]


def everything_opens(audit: Audit) -> bool:
    case = audit.cases.order_by("pk")[0]
    stored = StoredFile.objects.get()
    unsent = KeptAnswer.objects.get()
    totp, codes = (Authenticator.objects.get(type=kind) for kind in ("totp", "recovery_codes"))
    assert audit.secret and case.material.facts
    assert "PUNCHED" in case.material.log
    assert as_attachment(stored).content == b"A daily check runs."
    assert unseal(bytes(unsent.sealed), place_of(unsent.person, unsent.path)) == "reason=half"
    assert decrypt(totp.data["secret"]) == SECRET
    assert len(decrypt(codes.data["seed"])) > 10
    return all(reading.judgement.content for reading in readings(audit))


def test_after_a_run_the_old_key_can_be_taken_away(room: Audit, settings: Any) -> None:
    assert len(kept()) >= 7
    settings.SEALING_KEYS = [NEW, OLD]
    come_to = reseal()
    assert come_to.broken == []
    assert set().union(*kept().values()) == {"new"}
    settings.SEALING_KEYS = [NEW]
    assert everything_opens(Audit.objects.get(pk=room.pk))


def test_a_second_run_moves_nothing_and_tells_of_nothing(room: Audit, settings: Any) -> None:
    settings.SEALING_KEYS = [NEW, OLD]
    assert reseal().moved > 0
    told = sum(entry.kind == "keys-changed" for entry in entries())
    assert reseal().moved == 0
    assert sum(entry.kind == "keys-changed" for entry in entries()) == told


def test_each_batch_is_an_event_with_its_count(room: Audit, settings: Any) -> None:
    settings.SEALING_KEYS = [NEW, OLD]
    come_to = reseal()
    told = [entry.content for entry in entries() if entry.kind == "keys-changed"]
    assert sum(int(str(content["count"])) for content in told) == come_to.moved
    assert {content["key"] for content in told} == {"new"}
    assert verify() == []


def test_a_run_that_was_stopped_is_taken_up_where_it_was(
    room: Audit, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SEALING_KEYS = [NEW, OLD]
    monkeypatch.setattr(resealing, "BATCH", 2)
    batches = iter(range(4))
    with pytest.raises(StopIteration):
        reseal(lambda rows: next(batches) and None)
    half = set().union(*kept().values())
    assert half == {"old", "new"}
    assert everything_opens(room)
    assert reseal().broken == []
    assert set().union(*kept().values()) == {"new"}


def test_what_does_not_open_is_named_by_its_row_and_left_and_the_rest_is_moved(
    room: Audit, settings: Any
) -> None:
    material = room.cases.order_by("pk")[0].material
    other = room.cases.order_by("pk")[1].material
    type(material).objects.filter(pk=material.pk).update(log_sealed=other.log_sealed)
    settings.SEALING_KEYS = [NEW, OLD]
    come_to = reseal()
    assert come_to.broken == [f"audits_material.log_sealed, row {material.pk}"]
    assert kept()["audits_material.log_sealed"] == {"old", "new"}


def test_what_somebody_writes_meanwhile_is_not_overwritten(
    room: Audit, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SEALING_KEYS = [NEW, OLD]
    holder = Person.objects.get(pk=KeptAnswer.objects.get().person_id)
    later = seal("reason=whole", place_of(holder, "/x/"))
    moving = resealing.SealedColumn.moved

    def written_meanwhile(self: Any, value: Any, row: Any) -> Any:
        if isinstance(row, KeptAnswer):
            KeptAnswer.objects.update(sealed=later)
        return moving(self, value, row)

    monkeypatch.setattr(resealing.SealedColumn, "moved", written_meanwhile)
    reseal()
    assert bytes(KeptAnswer.objects.get().sealed) == later


def test_every_column_that_holds_something_sealed_is_moved() -> None:
    from django.apps import apps

    known = {(column.model, column.column) for column in columns()}
    sealed = {
        (model, each.column)
        for model in apps.get_models()
        for each in model._meta.local_concrete_fields
        if each.column.endswith("sealed")
    }
    assert sealed <= known


# The seal itself ----------------------------------------------------------------------------------


@AS_LONG_AS_IT_TAKES
@given(content=st.binary(max_size=200), at=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_11_3_3_one_changed_byte_anywhere_keeps_it_shut(content: bytes, at: int, flip: int) -> None:
    sealed = bytearray(seal_bytes(content, "a/b/c"))
    sealed[at % len(sealed)] ^= flip
    with pytest.raises(SealBrokenError):
        unseal_bytes(bytes(sealed), "a/b/c")


@AS_LONG_AS_IT_TAKES
@given(content=st.binary(max_size=60), keep=st.integers(0, 10_000))
def test_11_3_3_what_was_cut_short_keeps_shut(content: bytes, keep: int) -> None:
    sealed = seal_bytes(content, "a/b/c")
    with pytest.raises(SealBrokenError):
        unseal_bytes(sealed[: keep % len(sealed)], "a/b/c")


def test_11_3_3_what_was_moved_to_another_place_keeps_shut() -> None:
    sealed = seal("A reason.", "a/b/c")
    assert unseal(sealed, "a/b/c") == "A reason."
    with pytest.raises(SealBrokenError):
        unseal(sealed, "a/b/d")


def test_11_2_2_without_its_key_it_keeps_shut_and_its_key_is_named(settings: Any) -> None:
    settings.SEALING_KEYS = [OLD]
    sealed = seal("A reason.", "a/b/c")
    assert name_of_key(sealed) == "old"
    settings.SEALING_KEYS = [NEW]
    with pytest.raises(SealBrokenError, match="a key that is not configured"):
        unseal(sealed, "a/b/c")
