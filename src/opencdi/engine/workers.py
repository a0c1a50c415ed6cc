"""Work on Arrow batches in several processes, in order and in bounded memory.

Each worker is a fresh Python that runs ``main``, takes batches on its standard input and gives
results on its standard output as Arrow streams. Nothing is pickled, and the program that asks need not
be written for multiprocessing. One batch at a time is with each worker.
"""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import chain, islice
from typing import IO

import pyarrow as pa

from opencdi.engine.lean import arrow_without_pandas

Work = Callable[[pa.RecordBatch], pa.RecordBatch]

WORTH_A_WORKER = 6
"""Batches below which starting workers costs more than it saves."""


def in_order(
    maker: str, argument: str, batches: Iterable[pa.RecordBatch], count: int
) -> Iterator[pa.RecordBatch]:
    """The work of each batch, in the order of the batches.

    ``maker`` names a function as ``package.module:function``, which makes the work from ``argument``.
    With one worker, or few batches, the work is done here.
    """
    coming = iter(batches)
    first = list(islice(coming, WORTH_A_WORKER))
    everything = chain(first, coming)
    if count < 2 or len(first) < WORTH_A_WORKER:
        yield from map(work_of(maker, argument), everything)
        return
    workers = [_Worker(maker, argument) for _ in range(count)]
    try:
        yield from _dealt(workers, everything)
    finally:
        for worker in workers:
            worker.stop()


def work_of(maker: str, argument: str) -> Work:
    """The work a maker's name stands for."""
    module, _, function = maker.partition(":")
    work: Work = getattr(import_module(module), function)(argument)
    return work


def _dealt(workers: list[_Worker], batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Batches dealt round the workers; results taken in the same order."""
    turn = 0
    waiting = 0
    for batch in batches:
        worker = workers[turn % len(workers)]
        if waiting == len(workers):
            yield worker.take()
            waiting -= 1
        worker.give(batch)
        waiting += 1
        turn += 1
    for place in range(turn - waiting, turn):
        yield workers[place % len(workers)].take()


class _Worker:
    def __init__(self, maker: str, argument: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", f"from {__name__} import main; main()", maker, argument],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def give(self, batch: pa.RecordBatch) -> None:
        _write(batch, self._pipe(self._process.stdin))

    def take(self) -> pa.RecordBatch:
        """The next result. Raises ``RuntimeError`` where the worker died."""
        batch = _read(self._pipe(self._process.stdout))
        if batch is None:
            raise RuntimeError(f"a reading process ended early, with code {self._process.wait()}")
        return batch

    def stop(self) -> None:
        self._pipe(self._process.stdin).close()
        self._pipe(self._process.stdout).close()
        self._process.wait()

    def _pipe(self, pipe: IO[bytes] | None) -> IO[bytes]:
        assert pipe is not None
        return pipe


def _write(batch: pa.RecordBatch, pipe: IO[bytes]) -> None:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    message = sink.getvalue()
    pipe.write(len(message).to_bytes(8, "big"))
    pipe.write(message)
    pipe.flush()


def _read(pipe: IO[bytes]) -> pa.RecordBatch | None:
    size = pipe.read(8)
    if len(size) < 8:
        return None
    with pa.ipc.open_stream(pipe.read(int.from_bytes(size, "big"))) as reader:
        return reader.read_next_batch()


def main() -> None:
    """Serve until the standard input ends."""
    arrow_without_pandas()
    work = work_of(sys.argv[1], sys.argv[2])
    gc.freeze()  # what the work rests on stays to the end: looking through it again and again is slow
    while (batch := _read(sys.stdin.buffer)) is not None:
        _write(work(batch), sys.stdout.buffer)
    gc.unfreeze()  # libraries that look for leaks at the end would take what is kept for one
