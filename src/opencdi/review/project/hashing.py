"""How hard a password is to guess from its hash."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id, one pass over 46 MiB in one lane.

    ASVS 5.0.0, appendix C, "Hash Functions for Password Storage", approves of argon2id (RFC 9106) with t = 1
    from m = 47104 (KiB), p = 1; of the settings it lists this one takes the most memory to guess against.

    Django's own setting costs four times as much and takes 100 MiB and eight threads for each sign-in; when a
    whole team signs in at nine, everybody else's pages wait for it. A second factor stands behind each
    password. Hashes made with other settings are made anew at the next sign-in.
    """

    time_cost = 1
    memory_cost = 47104
    parallelism = 1
