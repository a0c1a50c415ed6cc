"""What hangs on a few whole numbers, worked out once for each set of them that occurs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

T = TypeVar("T")


def each_once(work: Callable[..., T], *columns: NDArray[np.integer]) -> tuple[list[T], NDArray[np.int32]]:
    """The answers of ``work`` for the distinct rows of some columns, and which of them each row has."""
    rows = np.stack([column.astype(np.int64) for column in columns], axis=1)
    width = rows.shape[1]
    packed = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(rows.itemsize * width), len(rows), [None, pa.py_buffer(rows)]
    )
    coded = packed.dictionary_encode()
    distinct = np.frombuffer(coded.dictionary.buffers()[1], np.int64, len(coded.dictionary) * width)
    answers = [work(*row) for row in distinct.reshape(-1, width).tolist()]
    return answers, coded.indices.to_numpy()


def spread(answers: tuple[list[T], NDArray[np.int32]], kind: pa.DataType) -> pa.Array:
    """The answer of each row, as an Arrow array of the given type."""
    held, which = answers
    return pa.array(held, kind).take(pa.array(which))
