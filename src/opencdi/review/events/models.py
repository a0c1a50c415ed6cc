from __future__ import annotations

from typing import ClassVar

from django.db import models


class Event(models.Model):
    """One link of the chain, as bytes: ``body`` is the canonical JSON of a ``ledger.Entry``.

    The database itself refuses to change or delete a row, and refuses one that does not follow.
    """

    number = models.BigIntegerField(primary_key=True)
    body = models.TextField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"event {self.number}"


class DigestKey(models.Model):
    """The key of the digests of one record's texts. Deleting it makes them unlinkable to any text."""

    record = models.UUIDField(primary_key=True)
    secret = models.BinaryField()

    def __str__(self) -> str:
        return f"digest key of {self.record}"
