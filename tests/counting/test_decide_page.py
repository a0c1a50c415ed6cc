"""The page on deciding one report says what happens: its examples are run."""

from __future__ import annotations

import re
from pathlib import Path

from opencdi.counting.answer import Answer, answer
from opencdi.counting.report_reading import read

PAGE = Path(__file__).parents[2] / "docs" / "decide.md"


def examples() -> list[Answer]:
    blocks = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [answer(read(block, f"example {number}")) for number, block in enumerate(blocks, start=1)]


def test_every_example_of_the_page_comes_out_as_its_text_says() -> None:
    one, several, missing, household, late, recorded = examples()
    assert one.records == ["1 x 8N crime"]
    assert one.required[0].flags == ["domestic_abuse"]
    assert one.deadline == "2026-05-05T09:30:00+01:00"
    assert sorted(several.records) == ["1 x 105A crime", "1 x 8L crime", "1 x 8Q crime"]
    assert [each.records for each in missing.alternatives] == [["1 x 19C crime"], ["1 x N100/1 n100"]]
    assert household.records == ["1 x 28I crime"]
    assert late.required[0].code == "008/72"
    assert [(ruling.action, ruling.may) for ruling in recorded.recorded] == [("C5", True)]
