"""The offence list is taken from the official document again and must come out as it is kept."""

from __future__ import annotations

import csv
import importlib.util
import re
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
OFFICIAL = ROOT.parent / "shared" / "reference" / "official"
DOCUMENT = OFFICIAL / "notifiable-offence-and-notifiable-reported-incidents-april-2026.pdf"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    place = ROOT / "scripts" / "extract_offence_list.py"
    spec = importlib.util.spec_from_file_location("extract_offence_list", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.shared_data
def test_the_kept_list_is_what_the_document_gives(script: ModuleType) -> None:
    if not DOCUMENT.exists():
        pytest.skip("the official documents are not beside the repository")
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    rows = script.extract(DOCUMENT)
    assert script.problems(rows) == []
    assert script.as_csv(rows) == script.OUTPUT.read_text(encoding="utf-8")


@pytest.mark.shared_data
def test_codes_and_counts_agree_with_the_plain_text_copy_page_by_page(script: ModuleType) -> None:
    copy = DOCUMENT.with_suffix(".txt")
    if not copy.exists():
        pytest.skip("the official documents are not beside the repository")
    with script.OUTPUT.open(encoding="utf-8", newline="") as file:
        kept = list(csv.DictReader(file))
    for number, page in enumerate(copy.read_text(encoding="utf-8").split("\f")[:-1], start=1):
        copied = re.findall(r"^ *(\d{3}/\d{2})\b", page, re.MULTILINE)
        assert copied == [row["code"] for row in kept if row["page"] == str(number)], number


def test_a_grey_band_marks_the_row_in_front_of_it(script: ModuleType) -> None:
    words = [script.Word(1, 90, 100, "001/01"), script.Word(1, 90, 130, "001/02")]
    first, second = script.rows_of(words, [script.Band(1, 110, 132, "shaded")])
    assert (first["marking"], second["marking"]) == ("", "shaded")


def test_two_narrow_columns_printed_as_one_word_are_parted(script: ModuleType) -> None:
    row = {"maximum": "", "victim_or_state": "5s", "group": "robbery", "subgroup": "", "class": "34A Robbery"}
    tidied = script.tidied(row)
    assert (tidied["maximum"], tidied["victim_or_state"]) == ("5 years", "S")


def test_a_class_is_parted_from_its_title(script: ModuleType) -> None:
    row = {"maximum": "Life", "victim_or_state": "V", "group": "NFIB Fraud", "subgroup": ""}
    assert script.tidied(row | {"class": "NFIB 50 Computer Misuse Crime"})["class_code"] == "NFIB50"
    assert script.tidied(row | {"class": "4/8 Causing Death"})["class_code"] == "4.8"


def test_a_correction_that_fits_no_row_is_refused(script: ModuleType) -> None:
    correction = {"code": "001/01", "page": "1", "column": "class", "as_read": "x", "correct": "y"}
    with pytest.raises(ValueError, match="fits 0 rows"):
        script.corrected([], [correction])


def test_a_row_without_a_class_is_a_problem(script: ModuleType) -> None:
    row = dict.fromkeys(script.FIELDS, "x") | {"code": "001/01", "class_code": "", "triable": "E"}
    assert any("no class code" in sentence for sentence in script.problems([row]))
