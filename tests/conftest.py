"""What all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
"""How long an example takes says what else the machine is doing."""

REPOSITORY = Path(__file__).parent.parent
SHARED = REPOSITORY.parent / "shared"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the repository; the test is skipped where there is none."""
    if not (SHARED / "data").is_dir():
        pytest.skip(
            "The real data is not beside this repository (../shared/data), so this test has no input."
        )
    return SHARED / "data"


@pytest.fixture(scope="session")
def official_documents() -> Path:
    """The folder of official documents beside the repository; skipped where there is none."""
    folder = SHARED / "reference" / "official"
    if not folder.is_dir():
        pytest.skip("The official documents are not beside this repository (../shared/reference/official).")
    return folder
