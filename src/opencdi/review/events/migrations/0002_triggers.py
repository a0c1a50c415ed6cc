"""The database refuses to change, delete or misplace an event."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from opencdi.review.events import triggers


def create(_apps: Any, editor: Any) -> None:
    triggers.create(editor)


def drop(_apps: Any, editor: Any) -> None:
    triggers.drop(editor)


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
