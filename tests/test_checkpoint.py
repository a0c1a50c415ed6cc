"""A checkpoint kept elsewhere shows any rewriting of the history before it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from opencdi import ledger
from opencdi.errors import UserError
from opencdi.ledger.checkpoint import check, checkpoint
from opencdi.ledger.merkle import root
from opencdi.ledger.note import SigningKey, sign, verified_text

# RFC 9162's tree over the leaves of Certificate Transparency's reference tests.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize(("size", "expected"), ROOTS.items())
def test_the_root_is_that_of_the_reference_tree(size: int, expected: str) -> None:
    assert root(LEAVES[:size]).hex() == expected


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert root([]) == hashlib.sha256(b"").digest()


def test_a_note_in_go_s_reference_form_verifies() -> None:
    verifier = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    note = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
        "\n"
        "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FF"
        "YC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    assert verified_text(note, verifier).startswith("If you think")


def test_a_changed_note_does_not_verify() -> None:
    key = SigningKey.generate("audit.example")
    note = sign("origin\n3\nroot\n", key)
    assert verified_text(note, key.verifier) == "origin\n3\nroot\n"
    with pytest.raises(UserError, match="no valid signature"):
        verified_text(note.replace("3", "4"), key.verifier)
    with pytest.raises(UserError, match="no valid signature"):
        verified_text(note, SigningKey.generate("audit.example").verifier)


def test_a_key_survives_its_file() -> None:
    key = SigningKey.generate("audit.example")
    assert SigningKey.decode(key.encoded).verifier == key.verifier


@pytest.mark.parametrize("name", ["", "two words", "a+b"])
def test_a_name_that_cannot_stand_in_a_note_is_refused(name: str) -> None:
    with pytest.raises(UserError, match="name"):
        SigningKey.generate(name)


def test_a_ledger_that_has_only_grown_fits_its_checkpoint(tmp_path: Path) -> None:
    path, key = tmp_path / "ledger.jsonl", SigningKey.generate("audit.example")
    ledger.append(path, "one", {})
    note = checkpoint(ledger.entries(path), key)
    ledger.append(path, "two", {})
    assert check(note, key.verifier, ledger.entries(path)) == []


def test_a_ledger_rewritten_with_all_its_hashes_does_not_fit_its_checkpoint(tmp_path: Path) -> None:
    path, key = tmp_path / "ledger.jsonl", SigningKey.generate("audit.example")
    ledger.append(path, "one", {"rows": 1})
    ledger.append(path, "two", {})
    note = checkpoint(ledger.entries(path), key)
    path.unlink()
    ledger.append(path, "one", {"rows": 2})
    ledger.append(path, "two", {})
    assert ledger.verify(path) == []
    assert check(note, key.verifier, ledger.entries(path)) == [
        "The first 2 entries of the ledger are not the ones the checkpoint was signed over."
    ]


def test_a_ledger_cut_short_does_not_fit_its_checkpoint(tmp_path: Path) -> None:
    path, key = tmp_path / "ledger.jsonl", SigningKey.generate("audit.example")
    ledger.append(path, "one", {})
    note = checkpoint(ledger.entries(path), key)
    assert "entries are gone" in check(note, key.verifier, [])[0]
