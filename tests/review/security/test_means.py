"""What the room is made with: cryptography, chance, addresses, parts (ASVS 11.x, 14.2.1, 15.1.2)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import get_resolver
from tests.conftest import REPOSITORY
from tests.review.visitors import PASSWORD, browser_of, somebody

import opencdi.review
from opencdi.review.access import routes
from opencdi.review.policy import Role

ROOM = Path(opencdi.review.__file__).parent
CODE = {
    str(path.relative_to(ROOM)): path.read_text(encoding="utf-8")
    for path in ROOM.rglob("*.py")
    if "migrations" not in path.parts
}


def _used(pattern: str) -> dict[str, set[str]]:
    """What matches, with the files it stands in."""
    found: dict[str, set[str]] = {}
    for path, text in CODE.items():
        for match in re.finditer(pattern, text):
            found.setdefault(match[0], set()).add(path)
    return found


def test_11_1_1_there_is_no_cryptography_but_what_the_page_names() -> None:
    page = (REPOSITORY / "docs" / "deploy.md").read_text(encoding="utf-8")
    assert set(_used(r"hashlib\.\w+")) == {"hashlib.sha256"}
    assert set(_used(r"from cryptography[\w.]* import [\w, ]+")) == {
        "from cryptography.exceptions import InvalidTag",
        "from cryptography.hazmat.primitives.ciphers.aead import AESGCM",
    }
    assert _used(r"AESGCM\(") == {"AESGCM(": {"sealing.py"}}
    assert all(word in page for word in ("AES-256-GCM", "Argon2id", "SHA-256"))


def test_11_3_2_the_cipher_is_authenticated_with_a_key_of_256_bits_and_a_nonce_of_its_own() -> None:
    from opencdi.review.sealing import NONCE, seal_bytes

    sealed = {seal_bytes(b"the same", "a/b/c") for _ in range(200)}
    assert len(sealed) == 200
    length = {len(each) for each in sealed}
    name = next(iter(sealed))[0]
    assert length == {1 + name + NONCE + len(b"the same") + 16}


def test_11_4_1_what_is_hashed_is_hashed_with_sha_256() -> None:
    assert set(_used(r"hmac\.digest\(.*")) == {
        'hmac.digest(bytes(key.secret), text.encode(), "sha256").hex()'
    }
    assert not _used(r"\bmd5\b|\bsha1\b|\bcrc32\b")


@pytest.mark.django_db
def test_11_4_2_a_password_lies_as_an_argon2id_hash() -> None:
    kept = somebody(Role.AUDITOR, password=PASSWORD).password
    assert kept.startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")


def test_11_5_1_chance_comes_from_the_operating_system() -> None:
    assert not _used(r"^import random|from random|\brandom\.(random|choice|randint|shuffle)|numpy\.random")
    assert _used(r"\bsecrets\.\w+")


def test_1_3_7_no_template_is_made_from_what_somebody_typed() -> None:
    assert not _used(r"from_string\(|\bTemplate\(|render_template_string")


def test_14_2_1_an_address_holds_opaque_keys_small_numbers_and_words_of_ours() -> None:
    kinds = {
        (found[1] or "str", found[2])
        for pattern, _view in routes(get_resolver().url_patterns)
        for found in re.finditer(r"<(?:(\w+):)?(\w+)>", pattern)
    }
    assert {kind for kind, _ in kinds} <= {"uuid", "int", "slug", "str"}
    # Links of one use, the name of the provider: no number of an incident, no person, no word of a report.
    assert {name for kind, name in kinds if kind in ("str", "slug")} <= {
        "token", "key", "uidb36", "provider", "provider_id", "move", "authenticator",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["review.txt", "core.txt"])
def test_15_1_2_every_part_is_listed_with_version_and_hash(name: str) -> None:
    lines = (REPOSITORY / "requirements" / name).read_text(encoding="utf-8")
    parts = re.findall(r"^[\w.\[\]-]+\s*==\s*[^\s;\\]+", lines, re.MULTILINE)
    blocks = re.split(r"^(?=[A-Za-z])", lines, flags=re.MULTILINE)
    listed = [block for block in blocks if re.match(r"[\w.\[\]-]+\s*==", block)]
    assert len(parts) == len(listed) > 20
    assert all("--hash=sha256:" in block for block in listed)
    assert "http" not in "".join(block.split("#")[0] for block in listed)


@pytest.mark.django_db
def test_7_4_5_an_administrator_ends_every_session_of_somebody() -> None:
    from opencdi.review.accounts.signals import end_sessions_of

    person = somebody(Role.AUDITOR)
    browsers = [browser_of(person), browser_of(person)]
    other = browser_of(somebody(Role.AUDITOR))
    assert end_sessions_of(person) == 2
    assert [each.get("/").status_code for each in browsers] == [302, 302]
    assert other.get("/").status_code == 200
