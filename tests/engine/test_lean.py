"""An audit does not load pandas."""

from __future__ import annotations

import subprocess
import sys

LISTS = """
import sys
import pyarrow as pa
from opencdi.engine.lean import arrow_without_pandas

arrow_without_pandas()
assert pa.array([1, 2]).to_pylist() == [1, 2]
assert "pandas" not in sys.modules
import pandas
assert pandas.DataFrame({"a": [1]}).shape == (1, 1)
"""


def test_arrow_takes_lists_without_loading_pandas_which_others_may_still_load() -> None:
    finished = subprocess.run([sys.executable, "-c", LISTS], capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
