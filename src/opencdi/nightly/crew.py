"""Processes that stay and do one task after another, several at a time.

What every task needs (imports, the rules of counting, the book of patterns) is loaded once a process and not
once a task. Tasks and answers are lines of JSON. A process that dies takes its own task with it and no other;
the next task gets a new one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

Message = Mapping[str, Any]


@dataclass(frozen=True)
class Ended:
    """A process ended before it answered; ``code`` is its exit code, negative for a signal."""

    code: int


class Crew:
    """So many processes at most, each of which runs ``main``, named as ``package.module:function``."""

    def __init__(self, main: str, size: int) -> None:
        self._main = main
        self._size = size
        self._idle: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()

    def answers(self, tasks: Sequence[Message]) -> Iterator[tuple[Message, Message | Ended]]:
        """Each task with its answer, as they come; tasks are begun in their order."""
        pool = ThreadPoolExecutor(self._size)
        try:
            doing = {pool.submit(self._answer, task): task for task in tasks}
            for done in as_completed(doing):
                yield doing[done], done.result()
        finally:
            pool.shutdown(cancel_futures=True)
            self._dismiss()

    def _answer(self, task: Message) -> Message | Ended:
        try:
            process = self._idle.get_nowait()
        except Empty:
            process = self._started()
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(json.dumps(task) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        try:
            found: Message = json.loads(answer)
        except ValueError:  # nothing, or not the whole of it
            process.terminate()
            return Ended(process.wait())
        self._idle.put(process)
        return found

    def _started(self) -> subprocess.Popen[str]:
        module, _, function = self._main.partition(":")
        return subprocess.Popen(
            [sys.executable, "-c", f"from {module} import {function}; {function}()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if os.environ.get("OPENCDI_DEBUG") else subprocess.DEVNULL,
            text=True,
        )

    def _dismiss(self) -> None:
        while not self._idle.empty():
            process = self._idle.get()
            process.communicate()
