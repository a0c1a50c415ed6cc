"""The database refuses to change or delete what is only ever added."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from opencdi.review.events import append_only

ADDED_ONLY = ("Declaration", "Score")


def create(apps: Any, editor: Any) -> None:
    append_only.create(editor, append_only.guarded(apps.get_model("scrutiny", name) for name in ADDED_ONLY))


def drop(apps: Any, editor: Any) -> None:
    append_only.drop(editor, append_only.guarded(apps.get_model("scrutiny", name) for name in ADDED_ONLY))


class Migration(migrations.Migration):
    dependencies = [("scrutiny", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
